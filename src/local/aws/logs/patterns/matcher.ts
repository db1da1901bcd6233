/** Whether a message is meant. */
import { RE2JS } from 're2js';

import { invalidParameter } from '../operation.js';

export type Matcher = (message: string) => boolean;

/**
 * Regular expressions without backtracking: a pattern from outside must not hold the process.
 * Throws InvalidParameterException.
 */
export function containingMatchOf(expression: string): Matcher {
  try {
    const compiled = RE2JS.compile(expression);
    return (message) => compiled.matcher(message).find();
  } catch {
    throw invalidParameter(`Invalid filter pattern: %${expression}% is no regular expression`);
  }
}
