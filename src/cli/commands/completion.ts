/** `payments-dr completion SHELL`, and what its scripts call. */
import { Argument, type Command } from 'commander';

const EXAMPLES = `
Completes commands, options and their values, names of claims, files. Names of claims are asked of the cluster that the command line names,
within a second; where it does not answer, nothing is offered.

Examples:
  source <(payments-dr completion bash)                                     for this shell
  payments-dr completion bash > /etc/bash_completion.d/payments-dr          for every one
  payments-dr completion zsh > "\${fpath[1]}/_payments-dr"
  payments-dr completion fish > ~/.config/fish/completions/payments-dr.fish`;

export function addCompletionCommand(program: Command): void {
  program
    .command('completion')
    .description('Print the script that completes command lines')
    .addArgument(new Argument('<shell>', 'the shell').choices(['bash', 'zsh', 'fish']))
    .addHelpText('after', EXAMPLES)
    .action(async (shell: 'bash' | 'zsh' | 'fish') => {
      const { SCRIPTS } = await import('../completion/scripts.js');
      process.stdout.write(SCRIPTS[shell]);
    });
  program
    .command('__complete', { hidden: true })
    .argument('[words...]')
    .action(async (words: string[]) => {
      const { candidates } = await import('../completion/candidates.js');
      const found = await candidates(program, words);
      process.stdout.write(found.map(({ value, about }) => `${value}\t${about}\n`).join(''));
    });
}
