/** `payments-dr doctor`: what is missing, and the command that mends it. */
import type { Command } from 'commander';
import { addClusterOptions, WHICH_CLUSTER } from '../cluster/options.js';
import { FORMS, outputOption } from '../output/forms.js';
import type { DoctorOptions } from '../tasks/doctor.js';

const EXAMPLES = `
Looks at this machine and at the cluster, and prints what it found: ok, a warning, or missing; and for what is missing the command
that mends it. Nothing is changed.
${WHICH_CLUSTER}

Exit 0: nothing that claims need is missing; 1: something is.

Examples:
  payments-dr doctor
  payments-dr doctor --context prod -n team-payments        may I create claims there?
  payments-dr doctor -o json | jq '.checks[] | select(.state != "ok")'`;

export function addDoctorCommand(program: Command): void {
  addClusterOptions(
    program
      .command('doctor')
      .summary('Find what is missing, and the command that mends it')
      .description(
        'Find what is missing on this machine or cluster, and the command that mends it.',
      ),
  )
    .addOption(outputOption(FORMS))
    .addHelpText('after', EXAMPLES)
    .action(async (options: DoctorOptions) => {
      const { doctor } = await import('../tasks/doctor.js');
      process.exitCode = await doctor(options);
    });
}
