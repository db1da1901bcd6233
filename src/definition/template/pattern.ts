/**
 * A pattern: text with fields of the composite in it, `payments-table-{spec.environmentSuffix}`.
 *
 * Becomes a Combine patch. Only strings are put in: numbers would reach the format as floating point.
 */
import type { CompositeField } from './composite.js';

/** The placeholders of a pattern, where the compiler knows its text. */
type Placeholder<P extends string> = P extends `${string}{${infer Field}}${infer Rest}`
  ? Field | Placeholder<Rest>
  : never;

/** `P` itself if every placeholder is a field of the composite; a type that nothing satisfies otherwise. */
export type Pattern<P extends string> = [Placeholder<P>] extends [CompositeField]
  ? P
  : { readonly 'not a field of the composite': Exclude<Placeholder<P>, CompositeField> };

export interface ParsedPattern {
  /** In the syntax of Go's fmt. */
  readonly format: string;
  readonly fields: readonly string[];
}

/** Braces of JSON are no placeholders: a placeholder begins with spec, status or metadata. */
const PLACEHOLDER = /\{((?:spec|status|metadata)\.[^{}"]+)\}/g;

export function parsePattern(pattern: string): ParsedPattern {
  const fields = [...pattern.matchAll(PLACEHOLDER)].map(([, field]) => field ?? '');
  return { format: pattern.replaceAll('%', '%%').replaceAll(PLACEHOLDER, '%s'), fields };
}
