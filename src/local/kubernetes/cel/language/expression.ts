/** Expressions: what the parser reads, with the macros (`has`, `all`, `map` and their like) written out as loops. */

export type Literal = boolean | bigint | number | string | null | Uint8Array | Unsigned;

/** A CEL uint. */
export class Unsigned {
  constructor(readonly value: bigint) {}
}

export type Expression =
  | { readonly kind: 'literal'; readonly at: number; readonly value: Literal }
  | { readonly kind: 'name'; readonly at: number; readonly name: string }
  | Selection
  | Call
  | ListLiteral
  | MapLiteral
  | Loop;

export interface Selection {
  readonly kind: 'select';
  readonly at: number;
  readonly operand: Expression;
  readonly field: string;
  /** `has(operand.field)`: whether it is there. */
  readonly isTest: boolean;
}

export interface Call {
  readonly kind: 'call';
  readonly at: number;
  /** Operators are calls too: `_+_`, `_[_]`, `_?_:_`. */
  readonly name: string;
  readonly target: Expression | undefined;
  readonly args: readonly Expression[];
}

export interface ListLiteral {
  readonly kind: 'list';
  readonly at: number;
  readonly items: readonly Expression[];
  /** Of those written `?item`, the positions. */
  readonly optional: ReadonlySet<number>;
}

export interface MapLiteral {
  readonly kind: 'map';
  readonly at: number;
  readonly entries: readonly {
    readonly key: Expression;
    readonly value: Expression;
    readonly isOptional: boolean;
  }[];
}

/** While `condition` holds, `step` becomes the accumulator for each item of the range; then it comes to `result`. */
export interface Loop {
  readonly kind: 'loop';
  readonly at: number;
  readonly range: Expression;
  readonly variable: string;
  /** With two variables the first is the index or key, the second the item or value. */
  readonly second: string | undefined;
  readonly accumulator: string;
  readonly start: Expression;
  readonly condition: Expression;
  readonly step: Expression;
  readonly result: Expression;
}

/** What is wrong, and at which character of the text. */
export interface Fault {
  readonly at: number;
  readonly why: string;
}

export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
  constructor(readonly faults: readonly Fault[]) {
    super(faults[0]?.why);
  }
}

/** `a.b.c` where it is one name as it stands; undefined for all else. */
export function qualifiedName(expression: Expression): string | undefined {
  if (expression.kind === 'name') return expression.name;
  if (expression.kind !== 'select' || expression.isTest) return undefined;
  const before = qualifiedName(expression.operand);
  return before === undefined ? undefined : `${before}.${expression.field}`;
}

/** The faults as the real server prints them. */
export function describeFaults(text: string, faults: readonly Fault[]): string {
  const inOrder = faults.toSorted((a, b) => a.at - b.at);
  return inOrder.map((fault) => describeFault(text, fault)).join('\n');
}

function describeFault(text: string, { at, why }: Fault): string {
  const before = text.slice(0, at).split('\n');
  const row = before.length;
  const column = Array.from(before.at(-1) ?? '').length;
  const line = text.split('\n')[row - 1] ?? '';
  return `ERROR: <input>:${row}:${column + 1}: ${why}\n | ${line}\n | ${'.'.repeat(column)}^`;
}

/** What the grammar or the checker has promised to be there. */
export function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a part of an expression is missing');
  return value;
}
