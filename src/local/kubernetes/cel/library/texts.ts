/** Functions of texts beyond CEL's own, version 2 of the library; and regular expressions. Positions count characters. */
import { RE2JS } from 're2js';
import { charactersOf } from '../../schema/text.js';
import type { Library } from '../language/overload.js';
import { EvaluationError, nameOfType } from '../language/value.js';
import { formatText } from './format-text.js';
import { patternFault } from './standard.js';

export function addTexts(library: Library): void {
  library
    .add('string.charAt(int): string', (text: string, at: bigint) => {
      const characters = charactersOf(text);
      if (at < 0n || at > characters.length) throw outOfRange(at);
      return characters[Number(at)] ?? '';
    })
    .add('string.indexOf(string): int', (text: string, part: string) => indexOf(text, part, 0n))
    .add('string.indexOf(string, int): int', indexOf)
    .add('string.lastIndexOf(string): int', (text: string, part: string) => {
      const { length } = charactersOf(text);
      return part === ''
        ? BigInt(length)
        : length === 0
          ? -1n
          : lastIndexOf(text, part, BigInt(length - 1));
    })
    .add('string.lastIndexOf(string, int): int', lastIndexOf)
    .add('string.lowerAscii(): string', (text: string) =>
      text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase()),
    )
    .add('string.upperAscii(): string', (text: string) =>
      text.replaceAll(/[a-z]/g, (letter) => letter.toUpperCase()),
    )
    .add('string.replace(string, string): string', (text: string, from: string, to: string) =>
      replace(text, from, to, -1n),
    )
    .add('string.replace(string, string, int): string', replace)
    .add('string.split(string): list<string>', (text: string, by: string) => split(text, by, -1n))
    .add('string.split(string, int): list<string>', split)
    .add('string.substring(int): string', (text: string, start: bigint) => {
      const characters = charactersOf(text);
      if (start < 0n || start > characters.length) throw outOfRange(start);
      return characters.slice(Number(start)).join('');
    })
    .add('string.substring(int, int): string', substring)
    .add('string.trim(): string', (text: string) => text.replaceAll(TRIMMED, ''))
    .add('string.format(list<dyn>): string', formatText, 'string_format')
    .add('strings.quote(string): string', quote, 'strings_quote')
    .add('list<string>.join(): string', (list: string[]) => join(list, ''))
    .add('list<string>.join(string): string', join);
  addPatterns(library);
}

/** What Go's unicode.IsSpace calls space. */
const TRIMMED =
  /^[\t-\r \x85\xA0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]+|[\t-\r \x85\xA0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]+$/g;

function outOfRange(at: bigint): EvaluationError {
  return new EvaluationError(`index out of range: ${at}`);
}

function indexOf(text: string, part: string, from: bigint): bigint {
  if (part === '') return from;
  const characters = charactersOf(text);
  if (from < 0n) throw outOfRange(from);
  const before = characters.slice(0, Number(from)).join('').length;
  if (from >= characters.length) return -1n;
  const found = text.indexOf(part, before);
  return found === -1 ? -1n : BigInt(charactersOf(text.slice(0, found)).length);
}

function lastIndexOf(text: string, part: string, from: bigint): bigint {
  if (part === '') return from;
  if (from < 0n) throw outOfRange(from);
  const characters = charactersOf(text);
  if (from >= characters.length) return -1n;
  const before = characters.slice(0, Number(from)).join('').length;
  const found = text.lastIndexOf(part, before);
  return found === -1 ? -1n : BigInt(charactersOf(text.slice(0, found)).length);
}

function replace(text: string, from: string, to: string, most: bigint): string {
  if (from === '') return replaceNothing(text, to, most);
  const parts = text.split(from);
  const times = most < 0n ? parts.length - 1 : Math.min(Number(most), parts.length - 1);
  return [parts.slice(0, times + 1).join(to), ...parts.slice(times + 1)].join(from);
}

/** Between all characters, and before the first and after the last. */
function replaceNothing(text: string, to: string, most: bigint): string {
  const characters = charactersOf(text);
  const times = most < 0n ? characters.length + 1 : Math.min(Number(most), characters.length + 1);
  const replaced = characters.map((character, index) => (index < times ? to : '') + character);
  return replaced.join('') + (times > characters.length ? to : '');
}

function split(text: string, by: string, most: bigint): string[] {
  if (most === 0n) return [];
  const parts = by === '' ? [...charactersOf(text)] : text.split(by);
  if (most < 0n || parts.length <= most) return parts;
  const kept = Number(most) - 1;
  return [...parts.slice(0, kept), parts.slice(kept).join(by)];
}

function substring(text: string, start: bigint, end: bigint): string {
  const characters = charactersOf(text);
  if (start > end)
    throw new EvaluationError(`invalid substring range. start: ${start}, end: ${end}`);
  if (start < 0n || start > characters.length) throw outOfRange(start);
  if (end < 0n || end > characters.length) throw outOfRange(end);
  return characters.slice(Number(start), Number(end)).join('');
}

const QUOTED: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
};

function quote(text: string): string {
  return `"${text.replaceAll(/[\x07-\r\\"]/g, (character) => QUOTED[character] ?? character)}"`;
}

function join(list: readonly unknown[], by: string): string {
  const wrong = list.find((item) => typeof item !== 'string');
  if (wrong !== undefined) throw new EvaluationError(`join: invalid input: ${nameOfType(wrong)}`);
  return list.join(by);
}

function addPatterns(library: Library): void {
  library
    .add('string.find(string): string', (text: string, pattern: string) => {
      const matcher = compiled(pattern).matcher(text);
      return matcher.find() ? (matcher.group() ?? '') : '';
    })
    .add('string.findAll(string): list<string>', (text: string, pattern: string) =>
      findAll(text, pattern, -1n),
    )
    .add('string.findAll(string, int): list<string>', findAll);
}

function compiled(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch {
    throw new EvaluationError(`Illegal regex: ${patternFault(pattern)}`);
  }
}

function findAll(text: string, pattern: string, most: bigint): string[] {
  const matcher = compiled(pattern).matcher(text);
  const found: string[] = [];
  while ((most < 0n || found.length < most) && matcher.find()) found.push(matcher.group() ?? '');
  return found;
}
