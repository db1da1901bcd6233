/** Options that several commands share. */
import { Option } from 'commander';

/** `-f`, as often as one likes. */
export function filesOption(): Option {
  return new Option(
    '-f, --filename <file>',
    'a file, a directory with all YAML and JSON below it, or - for standard input; repeatable',
  )
    .argParser((file: string, before: string[] | undefined) => [...(before ?? []), file])
    .makeOptionMandatory();
}
