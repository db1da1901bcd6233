/**
 * Evaluation of a checked expression, with its cost counted as the real server counts it.
 *
 * A name and what is selected from it is one access: it costs a unit, and a unit for each step. Lists and maps of
 * literals alone are made before, and cost nothing.
 */
import { callCost, type Meter } from './call-cost.js';
import type { Checked } from './checker.js';
import { present, type Call, type Expression, type Loop, type Selection } from './expression.js';
import type { Overload } from './overload.js';
import {
  EvaluationError,
  fits,
  keyOf,
  membersOf,
  nameOfType,
  OptionalValue,
  TypeValue,
} from './value.js';

const LIST_COST = 10;
const MAP_COST = 30;
const ACCESSES = new Set(['_[_]', '_[?_]', '_?._', '_?_:_']);

/** Where names are looked up: the innermost scope first. */
export interface Scope {
  /** Undefined for a name that is not there. */
  readonly lookUp: (name: string) => unknown;
}

const NOT_YET = Symbol('not yet');

export class Evaluation {
  constructor(
    private readonly checked: Checked,
    private readonly meter: Meter,
    /** What `constantValue` gave for each part. */
    private readonly constants: ReadonlyMap<Expression, unknown>,
  ) {}

  /** Throws EvaluationError, and CostLimitError once the meter has enough. */
  evaluate(expression: Expression, scope: Scope): unknown {
    const constant = this.constants.get(expression);
    if (constant !== undefined) return constant;
    if (isAccess(expression)) return this.#access(expression, scope);
    switch (expression.kind) {
      case 'list':
        return this.#list(expression, scope);
      case 'map':
        return this.#map(expression, scope);
      case 'loop':
        return this.#loop(expression, scope);
      case 'call':
        return this.#call(expression, scope);
      default:
        throw new Error(`not evaluated: ${expression.kind}`);
    }
  }

  #access(expression: Expression, scope: Scope): unknown {
    try {
      return this.#resolve(expression, scope);
    } finally {
      // It costs as much when it leads nowhere.
      if (!isConditional(expression) && !(expression.kind === 'select' && expression.isTest))
        this.meter.spend(1);
    }
  }

  /** What an access leads to, without the unit that it costs as a whole. */
  #resolve(expression: Expression, scope: Scope): unknown {
    switch (expression.kind) {
      case 'name':
        return this.#named(expression.name, scope);
      case 'select':
        return this.#select(expression, scope);
      case 'call':
        return this.#resolveCall(expression, scope);
      default:
        return this.evaluate(expression, scope);
    }
  }

  #operand(expression: Expression, scope: Scope): unknown {
    if (isAccess(expression)) return this.#resolve(expression, scope);
    return this.evaluate(expression, scope);
  }

  #named(name: string, scope: Scope): unknown {
    const value = scope.lookUp(name);
    if (value instanceof EvaluationError) throw value;
    if (value !== undefined) return value;
    throw new EvaluationError(`no such attribute(s): ${name}`);
  }

  #select(selection: Selection, scope: Scope): unknown {
    const operand = this.#operand(selection.operand, scope);
    this.meter.spend(1);
    const isFound = operand instanceof OptionalValue;
    const found = memberOf(isFound ? operand.value : operand, selection.field);
    if (selection.isTest) return found !== undefined;
    if (isFound) return new OptionalValue(found);
    if (found === undefined) throw new EvaluationError(`no such key: ${selection.field}`);
    return found;
  }

  #resolveCall(call: Call, scope: Scope): unknown {
    const [first, second, third] = call.args as [Expression, Expression, Expression];
    if (call.name === '_?_:_') {
      const condition = this.evaluate(first, scope);
      if (typeof condition !== 'boolean') throw new EvaluationError('no such overload');
      return this.#operand(condition ? second : third, scope);
    }
    const operand = this.#operand(first, scope);
    const index = this.#operand(second, scope);
    const isOptional = call.name !== '_[_]' || operand instanceof OptionalValue;
    const on = operand instanceof OptionalValue ? operand.value : operand;
    if (!isOptional) this.meter.spend(1);
    const found = on === undefined ? undefined : elementOf(on, index, isOptional);
    if (isOptional && found === undefined) return new OptionalValue();
    if (isOptional) this.meter.spend(1);
    return isOptional ? new OptionalValue(found) : found;
  }

  #call(call: Call, scope: Scope): unknown {
    switch (call.name) {
      case '_&&_':
        return this.#logical(call, scope, false);
      case '_||_':
        return this.#logical(call, scope, true);
      case '@not_strictly_false':
        return this.#notStrictlyFalse(call, scope);
      case 'or':
      case 'orValue':
        return this.#optionalOr(call, scope);
      default:
        return this.#function(call, scope);
    }
  }

  /** One side that decides is enough, even where the other fails. */
  #logical({ args }: Call, scope: Scope, decisive: boolean): boolean {
    let failure: EvaluationError | undefined;
    for (const arg of args) {
      const value = this.#attempt(arg, scope);
      if (value === decisive) return decisive;
      if (value instanceof EvaluationError) failure ??= value;
      else if (typeof value !== 'boolean') failure ??= new EvaluationError('no such overload');
    }
    if (failure !== undefined) throw failure;
    return !decisive;
  }

  #attempt(expression: Expression, scope: Scope): unknown {
    try {
      return this.evaluate(expression, scope);
    } catch (error) {
      if (error instanceof EvaluationError) return error;
      throw error;
    }
  }

  #notStrictlyFalse({ args }: Call, scope: Scope): boolean {
    const value = this.#attempt(present(args[0]), scope);
    this.meter.spend(1);
    return value !== false;
  }

  #optionalOr(call: Call, scope: Scope): unknown {
    const target = this.evaluate(present(call.target), scope);
    if (!(target instanceof OptionalValue)) throw new EvaluationError('no such overload');
    if (target.isPresent) return call.name === 'or' ? target : target.value;
    return this.evaluate(present(call.args[0]), scope);
  }

  /** A call costs as much when it fails, and two arguments are evaluated even where the first fails. */
  #function(call: Call, scope: Scope): unknown {
    const overloads = this.checked.overloads.get(call) ?? [];
    const [only] = overloads;
    const operands =
      only?.isMethod === true && call.target !== undefined
        ? [call.target, ...call.args]
        : call.args;
    const args = operands.map((operand) =>
      operands.length > 2 ? this.evaluate(operand, scope) : this.#attempt(operand, scope),
    );
    const failure = args.find((arg) => arg instanceof EvaluationError);
    const result = failure ?? this.#attemptCall(overloads, args);
    if (!isAmongConstants(call, this.constants)) {
      const id = overloads.length === 1 ? (only?.id ?? '') : '';
      this.meter.spend(callCost(only?.name ?? call.name, id, args, result));
    }
    if (result instanceof EvaluationError) throw result;
    return result;
  }

  #attemptCall(overloads: readonly Overload[], args: readonly unknown[]): unknown {
    try {
      return run(overloads, args);
    } catch (error) {
      if (error instanceof EvaluationError) return error;
      throw error;
    }
  }

  #list({ items, optional }: Expression & { kind: 'list' }, scope: Scope): unknown[] {
    const values = items.flatMap((item, index) => {
      const value = this.evaluate(item, scope);
      if (!optional.has(index)) return [value];
      if (!(value instanceof OptionalValue))
        throw new EvaluationError(
          'cannot initialize optional list element from non-optional value',
        );
      return value.isPresent ? [value.value] : [];
    });
    this.meter.spend(LIST_COST);
    return values;
  }

  #map({ entries }: Expression & { kind: 'map' }, scope: Scope): Map<unknown, unknown> {
    const map = new Map<unknown, unknown>();
    for (const { key, value, isOptional } of entries) {
      const name = keyOf(this.evaluate(key, scope));
      const member = this.evaluate(value, scope);
      if (isOptional && member instanceof OptionalValue) {
        if (member.isPresent) map.set(name, member.value);
      } else map.set(name, member);
    }
    this.meter.spend(MAP_COST);
    return map;
  }

  #loop(loop: Loop, scope: Scope): unknown {
    const range = this.evaluate(loop.range, scope);
    let result: unknown = NOT_YET;
    const withResult = (): Scope => ({
      lookUp: (name) => {
        if (name !== loop.accumulator) return scope.lookUp(name);
        // What a loop begins with is evaluated when it is first asked for.
        if (result === NOT_YET) result = this.#attempt(loop.start, scope);
        return result;
      },
    });
    const outer = withResult();
    for (const [key, value] of itemsOf(range, loop.second !== undefined)) {
      const inner: Scope = {
        lookUp: (name) => {
          if (name === loop.variable) return key;
          return name === loop.second ? value : outer.lookUp(name);
        },
      };
      if (this.#attempt(loop.condition, inner) === false) break;
      result = this.#attempt(loop.step, inner);
    }
    return this.evaluate(loop.result, outer);
  }
}

/** What can be steps of one access. */
function isAccess(expression: Expression): boolean {
  const { kind } = expression;
  return kind === 'name' || kind === 'select' || (kind === 'call' && ACCESSES.has(expression.name));
}

/** Whether it begins with a choice, which costs nothing beside what is chosen. */
function isConditional(expression: Expression): boolean {
  if (expression.kind === 'select') return isConditional(expression.operand);
  if (expression.kind !== 'call' || !ACCESSES.has(expression.name)) return false;
  return expression.name === '_?_:_' || isConditional(present(expression.args[0]));
}

/** `x in ['a', 'b']`: looked up in a set that was made before, which costs nothing. */
function isAmongConstants(
  { name, args: [, list] }: Call,
  constants: ReadonlyMap<Expression, unknown>,
): boolean {
  return name === '@in' && list?.kind === 'list' && constants.get(list) !== undefined;
}

function memberOf(operand: unknown, field: string): unknown {
  const members = membersOf(operand);
  if (members !== undefined) return members.get(field);
  if (operand === undefined) return undefined;
  throw new EvaluationError(`no such key: ${field}`);
}

function elementOf(operand: unknown, index: unknown, isOptional: boolean): unknown {
  if (Array.isArray(operand)) {
    const position = keyOf(index);
    if (typeof position !== 'bigint')
      throw new EvaluationError(`unsupported index type '${nameOfType(index)}' in list`);
    const found = (operand as readonly unknown[])[Number(position)];
    if (found === undefined && !isOptional)
      throw new EvaluationError(`index out of bounds: ${position}`);
    return found;
  }
  const members = membersOf(operand);
  if (members === undefined) throw new EvaluationError('no such overload');
  const found = members.get(keyOf(index));
  if (found === undefined && !isOptional)
    throw new EvaluationError(`no such key: ${String(keyOf(index))}`);
  return found;
}

function* itemsOf(range: unknown, isPairs: boolean): Generator<readonly [unknown, unknown]> {
  if (Array.isArray(range)) {
    for (const [index, item] of (range as readonly unknown[]).entries())
      yield isPairs ? [BigInt(index), item] : [item, undefined];
    return;
  }
  const members = membersOf(range);
  if (members === undefined)
    throw new EvaluationError(`got '${nameOfType(range)}', expected iterable type`);
  yield* members;
}

function run(overloads: readonly Overload[], args: readonly unknown[]): unknown {
  const fitting = overloads.find(
    ({ takes }) =>
      args.length === takes.length && args.every((arg, index) => fits(arg, takes[index] as never)),
  );
  if (fitting === undefined) throw new EvaluationError('no such overload');
  try {
    return fitting.run(...(args as never[]));
  } catch (error) {
    if (error instanceof EvaluationError || !(error instanceof Error)) throw error;
    throw new EvaluationError(error.message);
  }
}

const CONVERSIONS = new Set([
  'bool',
  'bytes',
  'double',
  'duration',
  'dyn',
  'int',
  'string',
  'timestamp',
  'type',
  'uint',
]);

/** The value of an expression of literals alone, undefined for any other. Throws an EvaluationError. */
export function constantValue(expression: Expression, checked: Checked): unknown {
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'name':
    case 'select':
      return typeNamed(expression, checked);
    case 'list': {
      if (expression.optional.size > 0) return undefined;
      const items = expression.items.map((item) => constantValue(item, checked));
      return items.includes(undefined) ? undefined : items;
    }
    case 'map': {
      const entries = expression.entries.map(({ key, value, isOptional }) => [
        keyOf(constantValue(key, checked)),
        isOptional ? undefined : constantValue(value, checked),
      ]);
      if (entries.flat().includes(undefined)) return undefined;
      return new Map(entries as [unknown, unknown][]);
    }
    case 'call': {
      const { name, args } = expression;
      const [only] = args;
      if (!CONVERSIONS.has(name) || args.length !== 1 || only?.kind !== 'literal') return undefined;
      return run(checked.overloads.get(expression) ?? [], [only.value]);
    }
    default:
      return undefined;
  }
}

function typeNamed(expression: Expression, checked: Checked): TypeValue | undefined {
  const name = expression.kind === 'name' ? expression.name : checked.names.get(expression);
  const type = checked.typeNames.get(name ?? '');
  if (type === undefined || checked.types.get(expression)?.kind !== 'type') return undefined;
  return new TypeValue(type);
}
