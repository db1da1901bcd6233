/** Prints a result to stdout, in the form that was asked for. */
import { stringify } from 'yaml';
import type { OutputForm } from './forms.js';

/** JSON and YAML have their keys sorted, so that the same result gives the same bytes. */
export function printResult(
  form: OutputForm,
  value: unknown,
  table: (isWide: boolean) => string,
): void {
  if (form === 'json') printText(toJson(value));
  else if (form === 'yaml') printText(toYaml(value));
  else printText(table(form === 'wide'));
}

export function printText(text: string): void {
  if (text !== '') process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}

/** Says something beside the result: to stderr, so that stdout stays what a program can read. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

export function toJson(value: unknown): string {
  return JSON.stringify(sorted(value), null, 2);
}

/** YAML 1.1, as Kubernetes reads it: a text `N` or `on` stands in quotes. */
export function toYaml(value: unknown): string {
  return stringify(sorted(value), { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false });
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, sorted(member)]),
  );
}
