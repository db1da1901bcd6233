/**
 * IAM policy documents compared by what they mean.
 *
 * AWS stores a document as it was written, or reordered, or with a list of one as a plain string: none of that is a difference.
 */
import { isDeepStrictEqual } from 'node:util';

/** Whether two JSON documents say the same; text that is no JSON is only ever equal to itself. */
export function sameDocument(one: string, other: string): boolean {
  const [parsedOne, parsedOther] = [parse(one), parse(other)];
  if (parsedOne === undefined || parsedOther === undefined) return one === other;
  return isDeepStrictEqual(normalise(parsedOne), normalise(parsedOther));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Lists of plain values are sets; a list of one is its only value; booleans and numbers may come back as strings. */
function normalise(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(normalise);
    if (items.length === 1) return items[0];
    return items
      .map((item) => ({ key: JSON.stringify(item), item }))
      .sort(byKey)
      .map(({ item }) => item);
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, inner]) => [key, normalise(inner)] as const);
    return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
  }
  return typeof value === 'boolean' || typeof value === 'number' ? String(value) : value;
}

function byKey(one: { key: string }, other: { key: string }): number {
  return one.key < other.key ? -1 : one.key > other.key ? 1 : 0;
}
