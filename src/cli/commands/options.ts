/** Options that several commands share. */
import { Option, type Command } from 'commander';

/** `-f`, as often as one likes. */
export function filesOption(): Option {
  return new Option(
    '-f, --filename <file>',
    'a file, a directory with all YAML and JSON below it, or - for standard input; repeatable',
  )
    .argParser((file: string, before: string[] | undefined) => [...(before ?? []), file])
    .makeOptionMandatory();
}

export function takesFiles({ options }: Command): boolean {
  return options.some(({ long }) => long === '--filename');
}

/** Says what to type where files were named without `-f`, which is how one tries it first. */
export function teachFilesOption(command: Command, path: string): void {
  command.configureOutput({
    outputError: (text, write) => {
      write(text);
      if (!text.includes("'-f, --filename <file>' not specified")) return;
      const { args } = command;
      const isPlain = args.length > 0 && !args.some((arg) => arg.startsWith('-'));
      const files = isPlain ? args : ['claim.yaml'];
      write(`  try: ${path} ${files.map((file) => `-f ${quoted(file)}`).join(' ')}\n`);
    },
  });
}

/** As a shell takes it. */
function quoted(text: string): string {
  return /^[\w./@%+=:,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
