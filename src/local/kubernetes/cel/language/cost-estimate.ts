/**
 * The estimated cost of an expression: the most that it can take to evaluate, in the units of CEL's cost model.
 *
 * Reckoned from the expression and from what a schema lets values grow to, without running anything. Does as cel-go and
 * Kubernetes do, oddities included: a rule that the real server finds too expensive is refused here, and no other.
 */
import { PER_PATTERN_CHARACTER } from './call-cost.js';
import type { Checked } from './checker.js';
import type { Call, Expression, Loop, Selection } from './expression.js';
import { KubernetesFunctionCost } from './kubernetes-function-cost.js';
import type { Overload } from './overload.js';
import { CALL, sizeFromSchema, type CallEstimate, type MaxSizeAt, type Part } from './part.js';
import { exactly, plus, scanned, sizeOfWritten, times, union, UNKNOWN, type Size } from './size.js';
import { DYN, first, isOptional, type Type } from './type.js';

const CREATE_LIST = 10;
const CREATE_MAP = 30;
/** The sizes of keys and values of lists and maps that the expression itself makes. */
interface EntrySizes {
  readonly container: 'list' | 'map';
  readonly key: Size;
  readonly value: Size;
}

interface Local {
  readonly path: readonly string[] | undefined;
  readonly size: Size | undefined;
  readonly entries: EntrySizes | undefined;
}

export function estimateCost(checked: Checked, maxSizeAt: MaxSizeAt): number {
  return new CostEstimate(checked, maxSizeAt).of(checked.root);
}

class CostEstimate {
  readonly #paths = new Map<Expression, readonly string[]>();
  readonly #sizes = new Map<Expression, Size>();
  readonly #entries = new Map<Expression, EntrySizes>();
  readonly #locals = new Map<string, Local[]>();
  readonly #ofKubernetes: KubernetesFunctionCost;

  constructor(
    private readonly checked: Checked,
    private readonly maxSizeAt: MaxSizeAt,
  ) {
    this.#ofKubernetes = new KubernetesFunctionCost(maxSizeAt);
  }

  of(expression: Expression): number {
    switch (expression.kind) {
      case 'literal':
        return 0;
      case 'name':
        this.#paths.set(expression, this.#local(expression.name)?.path ?? [expression.name]);
        return 1;
      case 'select':
        return this.#select(expression);
      case 'call':
        return this.#call(expression);
      case 'list':
        return this.#list(expression);
      case 'map':
        return this.#map(expression);
      case 'loop':
        return isBinding(expression) ? this.#binding(expression) : this.#loop(expression);
    }
  }

  #typeOf(expression: Expression): Type {
    return this.checked.types.get(expression) ?? DYN;
  }

  #local(name: string): Local | undefined {
    return this.#locals.get(name)?.at(-1);
  }

  #within<T>(name: string, local: Local, work: () => T): T {
    const stack = this.#locals.get(name) ?? [];
    this.#locals.set(name, [...stack, local]);
    const done = work();
    this.#locals.set(name, stack);
    return done;
  }

  #select(selection: Selection): number {
    const { operand, field, isTest } = selection;
    const name = this.checked.names.get(selection);
    if (name !== undefined) {
      this.#paths.set(selection, [name]);
      return 1;
    }
    const cost = this.of(operand);
    if (isTest) return cost;
    this.#paths.set(selection, [...(this.#pathOf(operand) ?? []), field]);
    return cost + (['map', 'struct', 'parameter'].includes(this.#typeOf(operand).kind) ? 1 : 0);
  }

  #pathOf(expression: Expression): readonly string[] | undefined {
    if (expression.kind === 'name') {
      const local = this.#local(expression.name);
      if (local !== undefined) return local.path;
    }
    return this.#paths.get(expression);
  }

  #sizeOf(expression: Expression): Size | undefined {
    const known = this.#sizes.get(expression) ?? sizeOfWritten(expression);
    if (known !== undefined) return known;
    const fromSchema = sizeFromSchema(this.#pathOf(expression), this.maxSizeAt);
    if (fromSchema !== undefined) {
      this.#sizes.set(expression, fromSchema);
      return fromSchema;
    }
    if (isScalar(this.#typeOf(expression))) return exactly(1);
    return expression.kind === 'name' ? this.#local(expression.name)?.size : undefined;
  }

  #entriesOf(expression: Expression): EntrySizes | undefined {
    const known = this.#entries.get(expression);
    if (known !== undefined) return known;
    return expression.kind === 'name' ? this.#local(expression.name)?.entries : undefined;
  }

  #part(expression: Expression): Part {
    const path = this.#pathOf(expression);
    const isOwn = path?.[0] === '@result' || path?.[0] === '__result__';
    return {
      expression,
      path: isOwn ? undefined : path,
      type: this.#typeOf(expression),
      size: this.#sizeOf(expression),
    };
  }

  #call(call: Call): number {
    const { name, args, target } = call;
    const [only] = args;
    if (name === 'dyn' && target === undefined && only !== undefined) {
      const cost = this.of(only);
      this.#copySizes(call, only);
      return cost + CALL;
    }
    const costs = args.map((arg) => this.of(arg));
    const parts = args.map((arg) => this.#part(arg));
    const overloads = this.checked.overloads.get(call) ?? [];
    if (overloads.length === 0) return 0;
    let before = 0;
    let on: Part | undefined;
    if (target !== undefined && overloads[0]?.isMethod === true) {
      before = this.of(target);
      on = this.#part(target);
    }
    let most = 0;
    let size: Size | undefined;
    for (const overload of overloads) {
      const estimate = this.#function(call, overload, on, parts, costs);
      most = Math.max(most, estimate.cost);
      if (estimate.size !== undefined)
        size = size === undefined ? estimate.size : union(size, estimate.size);
      const step = { index_list: '@items', index_map: '@values' }[overload.id];
      if (step !== undefined && only !== undefined) {
        size = this.#entriesOf(only)?.value;
        this.#paths.set(call, [...(this.#pathOf(only) ?? []), step]);
      }
      size ??= this.#sizeOf(call);
    }
    if (size !== undefined) this.#sizes.set(call, size);
    return before + most;
  }

  #copySizes(to: Expression, from: Expression): void {
    const size = this.#sizeOf(from);
    if (size !== undefined) this.#sizes.set(to, size);
    const entries = this.#entriesOf(from);
    if (entries !== undefined) this.#entries.set(to, entries);
  }

  #function(
    call: Call,
    overload: Overload,
    target: Part | undefined,
    args: readonly Part[],
    costs: readonly number[],
  ): CallEstimate {
    const before = costs.reduce((sum, cost) => sum + cost, 0);
    const own = this.#ofKubernetes.estimate(overload, target, args);
    if (own !== undefined) return { ...own, cost: own.cost + before };
    return this.#standardFunction(call, overload, target, args, costs, before);
  }

  #standardFunction(
    call: Call,
    { id }: Overload,
    target: Part | undefined,
    args: readonly Part[],
    costs: readonly number[],
    before: number,
  ): CallEstimate {
    const [one, two, three] = args;
    const size = (part: Part | undefined) => part?.size ?? UNKNOWN;
    switch (id) {
      case 'string_format':
        return { cost: scanned(size(target).most) + before };
      case 'string_to_bytes': {
        const { least, most } = size(one);
        return { cost: scanned(most) + before, size: { least, most: most * 4 } };
      }
      case 'bytes_to_string': {
        const { least, most } = size(one);
        return { cost: scanned(most) + before, size: { least: Math.floor(least / 4), most } };
      }
      case 'strings_quote': {
        const { least, most } = size(one);
        return { cost: scanned(most) + before, size: { least: least + 2, most: most * 2 + 2 } };
      }
      case 'starts_with_string':
      case 'ends_with_string':
        return { cost: scanned(size(one).most) + before };
      case 'in_list':
        return { cost: size(two).most + before };
      case 'matches_string': {
        const pattern = scanned(size(one).most, PER_PATTERN_CHARACTER);
        return { cost: times(scanned(size(target).most + 1), pattern) + before };
      }
      case 'contains_string':
        return { cost: times(scanned(size(target).most), scanned(size(one).most)) + before };
      case 'logical_or':
      case 'logical_and':
        return { cost: before };
      case 'conditional': {
        const [condition = 0, then = 0, otherwise = 0] = costs;
        this.#unite(call, two, three);
        return {
          cost: condition + Math.max(then, otherwise),
          size: union(size(two), size(three)),
        };
      }
      case 'add_string':
      case 'add_bytes':
      case 'add_list': {
        const sum = plus(size(one), size(two));
        this.#unite(call, one, two);
        return { cost: (id === 'add_list' ? 1 : scanned(sum.most)) + before, size: sum };
      }
      case 'compare_string':
      case 'compare_bytes':
      case 'equals':
      case 'not_equals':
        return { cost: scanned(Math.min(size(one).most, size(two).most)) + before };
      default:
        return { cost: CALL + before };
    }
  }

  #unite(call: Call, one: Part | undefined, two: Part | undefined): void {
    const a = one?.expression === undefined ? undefined : this.#entriesOf(one.expression);
    const b = two?.expression === undefined ? undefined : this.#entriesOf(two.expression);
    if (a === undefined || b === undefined) return;
    this.#entries.set(call, {
      container: a.container,
      key: union(a.key, b.key),
      value: union(a.value, b.value),
    });
  }

  #list(list: Expression & { kind: 'list' }): number {
    const cost = list.items.reduce((sum, item) => sum + this.of(item), CREATE_LIST);
    const value = this.#widest(list.items);
    this.#entries.set(list, { container: 'list', key: exactly(1), value });
    return cost;
  }

  #map(map: Expression & { kind: 'map' }): number {
    const { entries } = map;
    const cost = entries.reduce(
      (sum, { key, value }) => sum + this.of(key) + this.of(value),
      CREATE_MAP,
    );
    const key = this.#widest(entries.map((entry) => entry.key));
    const value = this.#widest(entries.map((entry) => entry.value));
    this.#entries.set(map, { container: 'map', key, value });
    return cost;
  }

  #widest(expressions: readonly Expression[]): Size {
    if (expressions.length === 0) return exactly(0);
    const none: Size = { least: Infinity, most: 0 };
    return expressions.reduce((size, one) => union(size, this.#sizeOf(one) ?? UNKNOWN), none);
  }

  #loop(loop: Loop): number {
    const { range, start } = loop;
    const outside = this.of(range) + this.of(start);
    const accumulator: Local = {
      path: this.#pathOf(start),
      size: this.#sizeOf(start),
      entries: this.#entriesOf(start),
    };
    const [inside, result] = this.#within(loop.accumulator, accumulator, () => {
      const each = this.#withVariables(loop, () => this.of(loop.condition) + this.of(loop.step));
      return [each, this.of(loop.result)];
    });
    const count = this.#sizeOf(range) ?? UNKNOWN;
    this.#setLoopSize(loop, count);
    return outside + result + times(count.most, inside);
  }

  #setLoopSize(loop: Loop, count: Size): void {
    const { start, step } = loop;
    if (start.kind === 'literal') {
      const size = this.#sizeOf(start);
      if (size !== undefined) this.#sizes.set(loop, size);
    } else if (start.kind === 'list' || start.kind === 'map') {
      this.#sizes.set(loop, count);
      const entries = this.#entriesOf(step);
      if (entries !== undefined) this.#entries.set(loop, entries);
    }
  }

  #withVariables<T>(loop: Loop, work: () => T): T {
    const { range, variable, second } = loop;
    const entries = this.#entriesOf(range);
    const path = this.#pathOf(range) ?? [];
    const isList = (entries?.container ?? this.#typeOf(range).kind) === 'list';
    const item = {
      path: [...path, isList ? '@items' : '@values'],
      size: entries?.value,
      entries: undefined,
    };
    const key = {
      path: [...path, isList ? '@indices' : '@keys'],
      size: entries?.key,
      entries: undefined,
    };
    if (second === undefined) return this.#within(variable, isList ? item : key, work);
    return this.#within(variable, key, () => this.#within(second, item, work));
  }

  #binding(loop: Loop): number {
    const cost = this.of(loop.range) + this.of(loop.start);
    const local: Local = {
      path: this.#pathOf(loop.start),
      size: this.#sizeOf(loop.start),
      entries: this.#entriesOf(loop.start),
    };
    const result = this.#within(loop.accumulator, local, () => {
      const inside = this.of(loop.result);
      this.#copySizes(loop, loop.result);
      return inside;
    });
    return cost + result;
  }
}

function isBinding({ range, condition, accumulator }: Loop): boolean {
  return (
    range.kind === 'list' &&
    range.items.length === 0 &&
    condition.kind === 'literal' &&
    condition.value === false &&
    accumulator !== '__result__'
  );
}

function isScalar(type: Type): boolean {
  if (isOptional(type)) return isScalar(first(type));
  return ['bool', 'double', 'duration', 'int', 'timestamp', 'uint'].includes(type.kind);
}
