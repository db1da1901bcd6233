/** What is said of an expression that does not compile or does not evaluate, in the words of the real server. */
import type { TypeCheckResult } from '@marcbachmann/cel-js';

type CheckError = NonNullable<TypeCheckResult['error']>;

const OPERATORS = new Set(['+', '-', '*', '/', '%', '==', '!=', '<', '<=', '>', '>=', 'in']);

/** For what the type checker found, or the parser threw. */
export function compilationFault(text: string, error: unknown): string {
  const position = positionOf(text, error as Partial<CheckError>);
  return faultAt(text, position, compilationWords(error));
}

export function faultAt(text: string, position: number, why: string): string {
  return `compilation failed: ERROR: <input>:1:${position + 1}: ${why}\n | ${text}\n | ${'.'.repeat(position)}^`;
}

/** The real server points at the dot before a field, and at the operator between its operands. */
function positionOf(text: string, { node, range, summary = '' }: Partial<CheckError>): number {
  const start = node?.pos ?? range?.start ?? 0;
  if (summary.startsWith('No such key: '))
    return text.startsWith('.', start - 1) ? start - 1 : start;
  const left = (node?.args as { range?: { end: number } }[] | undefined)?.[0]?.range?.end;
  if (left === undefined || !OPERATORS.has(node?.op ?? '')) return start;
  return left + (/\S/.exec(text.slice(left))?.index ?? 0);
}

function compilationWords(error: unknown): string {
  const words = wordsOf(error);
  const unknownField = /^No such key: (.*)$/.exec(words);
  if (unknownField !== null) return `undefined field '${unknownField[1] ?? ''}'`;
  const undeclared = /^Unknown variable: (.*)$/.exec(words);
  if (undeclared !== null)
    return `undeclared reference to '${undeclared[1] ?? ''}' (in container '')`;
  const [, left = '', operator = '', right = ''] =
    /^no such overload: (.+) (\S+) (.+)$/.exec(words) ?? [];
  if (OPERATORS.has(operator)) {
    const name = operator === 'in' ? '@in' : `_${operator}_`;
    return `found no matching overload for '${name}' applied to '(${typeName(left)}, ${typeName(right)})'`;
  }
  return words;
}

/** For what an evaluation threw. */
export function evaluationWords(error: unknown): string {
  return wordsOf(error).replace(/^No such key: /, 'no such key: ');
}

function wordsOf(error: unknown): string {
  const { summary, message } = error as { summary?: string; message: string };
  return summary ?? message.split('\n')[0] ?? message;
}

/** A type as the real server writes it: `list(string)`. */
export function typeName(type: string): string {
  return type.replaceAll('<', '(').replaceAll('>', ')');
}
