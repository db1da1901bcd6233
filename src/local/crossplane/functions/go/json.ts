/** Go's `json.Marshal`: keys sorted, no spaces, and `<`, `>`, `&` written as escapes. */
import { type GoValue, isList, sortedKeys } from './value.js';

const ESCAPES: Readonly<Record<string, string>> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
};

/** Throws on what JSON cannot say (NaN, infinities). */
export function marshal(value: GoValue): string {
  switch (typeof value) {
    case 'string':
      return quote(value);
    case 'bigint':
    case 'boolean':
      return String(value);
    case 'number':
      if (!Number.isFinite(value)) throw new Error(`json: unsupported value: ${String(value)}`);
      return Object.is(value, -0) ? '-0' : String(value);
    default:
      if (value === null) return 'null';
      if (isList(value)) return `[${value.map(marshal).join(',')}]`;
      return `{${sortedKeys(value)
        .map((key) => `${quote(key)}:${marshal(value[key] ?? null)}`)
        .join(',')}}`;
  }
}

const quote = (text: string): string =>
  JSON.stringify(text).replace(/[<>&\u2028\u2029]/g, (char) => ESCAPES[char] ?? char);
