/** Sizes that are not known but bounded: how they add up and multiply. Nothing times a size without a bound is nothing. */
import { PER_CHARACTER } from './call-cost.js';
import type { Expression } from './expression.js';
import { lengthOf } from './value.js';

/** Characters, items or members. */
export interface Size {
  readonly least: number;
  readonly most: number;
}

export const UNKNOWN: Size = { least: 0, most: Infinity };
export const exactly = (size: number): Size => ({ least: size, most: size });
export const times = (a: number, b: number) => (a === 0 || b === 0 ? 0 : a * b);
export const scanned = (size: number, factor = PER_CHARACTER) => Math.ceil(times(size, factor));
export const plus = (a: Size, b: Size): Size => ({
  least: a.least + b.least,
  most: a.most + b.most,
});
export const product = (a: Size, b: Size): Size => ({
  least: times(a.least, b.least),
  most: times(a.most, b.most),
});
export const union = (a: Size, b: Size): Size => ({
  least: Math.min(a.least, b.least),
  most: Math.max(a.most, b.most),
});

/** Of what stands in the expression itself. */
export function sizeOfWritten(expression: Expression): Size | undefined {
  switch (expression.kind) {
    case 'literal': {
      const { value } = expression;
      if (typeof value === 'string') return exactly(lengthOf(value));
      return exactly(value instanceof Uint8Array ? value.length : 1);
    }
    case 'list':
      return exactly(expression.items.length);
    case 'map':
      return exactly(expression.entries.length);
    default:
      return undefined;
  }
}

/** What can come of replacing some of a text. */
export function replacedSize(text: Size, from: Size, to: Size): Size {
  let most: number;
  if (from.least === 0) most = times(text.most + 1, to.most) + text.most;
  else if (to.most <= from.least) most = text.most;
  else most = times(Math.ceil(text.most / from.least), to.most);
  let least: number;
  if (from.most === 0) least = times(text.least + 1, to.least) + text.least;
  else if (from.most <= to.least) least = text.least;
  else least = times(Math.ceil(text.least / from.most), to.least);
  return { least, most };
}
