/**
 * Filter patterns: which messages are meant.
 *
 * Terms (`ERROR timeout`: both; `?ERROR ?WARN`: either; `-health`: not), quoted phrases, `%regular expressions%`, and JSON
 * (`{ $.level = "error" }`, `json-pattern.ts`). Patterns of space-delimited fields (`[ip, user, …]`) are refused.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
import { invalidParameter } from '../operation.js';
import { parseJsonPattern } from './json-pattern.js';
import { containingMatchOf, type Matcher } from './matcher.js';

const TERM = /\s*([?-]?)(?:"((?:[^"\\]|\\.)*)"|%((?:[^%\\]|\\.)*)%|([^\s"%]+))/y;

/** Throws InvalidParameterException. */
export function parseFilterPattern(pattern: string): Matcher {
  const text = pattern.trim();
  if (text.startsWith('{')) return parseJsonPattern(text);
  if (text.startsWith('[')) {
    throw invalidParameter('The local AWS has no filter patterns of space-delimited fields.');
  }
  const wanted: Matcher[] = [];
  const optional: Matcher[] = [];
  const unwanted: Matcher[] = [];
  TERM.lastIndex = 0;
  while (TERM.lastIndex < text.length) {
    const [found, sign, phrase, expression, word] = TERM.exec(text) ?? [];
    if (found === undefined) throw invalidParameter('Invalid filter pattern');
    const contains = containing(phrase?.replace(/\\(.)/g, '$1') ?? word, expression);
    (sign === '?' ? optional : sign === '-' ? unwanted : wanted).push(contains);
  }
  // Beside terms that must be there, CloudWatch Logs passes over those that may.
  const isWanted: Matcher = (message) =>
    wanted.length > 0 || optional.length === 0
      ? wanted.every((contains) => contains(message))
      : optional.some((contains) => contains(message));
  return (message) => isWanted(message) && !unwanted.some((contains) => contains(message));
}

function containing(text: string | undefined, expression: string | undefined): Matcher {
  if (text !== undefined) return (message) => message.includes(text);
  return containingMatchOf(expression ?? '');
}
