/** Rules that several fields of the claim share, with messages that say what to do. */
import type { CelRule } from '../schema.js';

export const immutable = (field: string, remedy: string): readonly CelRule[] => [
  { rule: 'self == oldSelf', message: `${field} cannot be changed: ${remedy}` },
];

export const NEW_CLAIM = 'make a new claim with another environmentSuffix and move to it';

/** The form of a text, as a rule and not as `pattern`: a rule's message says what to write, a pattern's shows the expression. */
export const shaped = (pattern: string, message: string): CelRule => ({
  rule: `self.matches(${JSON.stringify(pattern)})`,
  message,
});
