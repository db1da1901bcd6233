/** The four stand-ins, in the order in which they start: what comes later needs what comes before. */
import { PdrError } from '../../support/errors.js';

export const PARTS = ['aws', 'kubernetes', 'crossplane', 'provider-aws'] as const;
export type Part = (typeof PARTS)[number];

/** `kubernetes,crossplane` → those parts. Throws PDR1006. */
export function parseParts(text: string): ReadonlySet<Part> {
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !(PARTS as readonly string[]).includes(name));
  if (unknown.length > 0) {
    throw new PdrError('PDR1006', {
      subject: `--only ${text}`,
      detail: `there is no part ${unknown.map((name) => JSON.stringify(name)).join(', ')}; the parts are ${PARTS.join(', ')}`,
    });
  }
  return new Set(names as Part[]);
}
