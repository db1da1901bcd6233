/** A part of an expression as estimates see it: where it is in the schema, and how large it can be. */
import type { Expression } from './expression.js';
import type { Size } from './size.js';
import type { Type } from './type.js';

export interface Part {
  readonly expression: Expression | undefined;
  readonly path: readonly string[] | undefined;
  readonly type: Type;
  readonly size: Size | undefined;
}

export interface CallEstimate {
  readonly cost: number;
  readonly size?: Size;
}

/** What every call costs. */
export const CALL = 1;

/** What the schema says of the value at a path, as `self`, `tags`, `@items`; undefined where it says nothing. */
export type MaxSizeAt = (path: readonly string[]) => number | undefined;

export function sizeFromSchema(
  path: readonly string[] | undefined,
  maxSizeAt: MaxSizeAt,
): Size | undefined {
  if (path === undefined || path.length === 0) return undefined;
  const most = maxSizeAt(path);
  return most === undefined ? undefined : { least: 0, most };
}
