import { formatJson } from '../json/json.js';

/** Text as schemas and CEL count it: in code points. */
export function charactersOf(text: string): string[] {
  return Array.from(text);
}

/** A value of a message: text as it is, the rest as JSON. */
export function shownText(value: unknown): string {
  return typeof value === 'string' ? value : formatJson(value);
}
