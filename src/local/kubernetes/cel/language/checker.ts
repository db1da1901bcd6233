/**
 * The type checker: every part of an expression gets its type, and every call the overloads that it may mean.
 *
 * Does as cel-go does, to the words of its complaints: a rule that the real server refuses is refused here.
 */
import {
  qualifiedName,
  type Call,
  type Expression,
  type Fault,
  type Loop,
  present,
} from './expression.js';
import type { Library, Overload } from './overload.js';
import {
  BOOL,
  BYTES,
  describeType,
  DOUBLE,
  DYN,
  ERROR,
  first,
  INT,
  isDynamic,
  isExactly,
  isOptional,
  listOf,
  mapOf,
  mostGeneral,
  NULL,
  optionalOf,
  parameter,
  second,
  STRING,
  Substitutions,
  TYPE,
  UINT,
  unwrapped,
  type Type,
} from './type.js';

export type Variables = ReadonlyMap<string, Type>;

export interface Checked {
  readonly root: Expression;
  readonly types: ReadonlyMap<Expression, Type>;
  readonly overloads: ReadonlyMap<Expression, readonly Overload[]>;
  /** Selections that are one name, as the type `net.IP`. */
  readonly names: ReadonlyMap<Expression, string>;
  /** The types that expressions may name, with the names that they have as values. */
  readonly typeNames: ReadonlyMap<string, string>;
  readonly faults: readonly Fault[];
}

const TYPE_NAMES: ReadonlyMap<string, string> = new Map(
  [
    'bool',
    'int',
    'uint',
    'double',
    'string',
    'bytes',
    'list',
    'map',
    'null_type',
    'type',
    'optional_type',
    'google.protobuf.Timestamp',
    'google.protobuf.Duration',
    'net.IP',
    'net.CIDR',
  ].map((name) => [name, name]),
);

export function check(root: Expression, library: Library, variables: Variables): Checked {
  return new Checker(library, variables).checkAll(root);
}

class Checker {
  readonly #types = new Map<Expression, Type>();
  readonly #overloads = new Map<Expression, readonly Overload[]>();
  readonly #names = new Map<Expression, string>();
  readonly #faults: Fault[] = [];
  #substitutions = new Substitutions();
  #scope: Variables;
  #fresh = 0;

  constructor(
    private readonly library: Library,
    variables: Variables,
  ) {
    this.#scope = variables;
  }

  checkAll(root: Expression): Checked {
    this.#check(root);
    for (const [expression, type] of this.#types)
      this.#types.set(expression, this.#substitutions.apply(type, true));
    return {
      root,
      types: this.#types,
      overloads: this.#overloads,
      names: this.#names,
      typeNames: TYPE_NAMES,
      faults: this.#faults,
    };
  }

  #fault({ at }: Expression, why: string): void {
    this.#faults.push({ at, why });
  }

  #mismatch(at: Expression, wanted: Type, found: Type): void {
    this.#fault(at, `expected type '${this.#shown(wanted)}' but found '${this.#shown(found)}'`);
  }

  #shown(type: Type): string {
    return describeType(this.#substitutions.apply(type, true));
  }

  #check(expression: Expression): Type {
    const type = this.#typeOf(expression);
    this.#types.set(expression, type);
    return type;
  }

  #typeOf(expression: Expression): Type {
    switch (expression.kind) {
      case 'literal':
        return typeOfLiteral(expression.value);
      case 'name':
        return this.#nameType(expression, expression.name);
      case 'select': {
        const name = qualifiedName(expression);
        const named = name === undefined ? undefined : this.#lookUp(name);
        if (name !== undefined && named !== undefined) {
          this.#names.set(expression, name);
          return named;
        }
        const type = this.#fieldType(expression, expression.operand, expression.field, false);
        return expression.isTest ? BOOL : this.#substitutions.apply(type);
      }
      case 'call':
        return this.#callType(expression);
      case 'list':
        return this.#listType(expression);
      case 'map':
        return this.#mapType(expression);
      case 'loop':
        return this.#loopType(expression);
    }
  }

  #nameType(expression: Expression, name: string): Type {
    const type = this.#lookUp(name);
    if (type !== undefined) return type;
    this.#fault(expression, `undeclared reference to '${name}' (in container '')`);
    return ERROR;
  }

  #lookUp(name: string): Type | undefined {
    return this.#scope.get(name) ?? (TYPE_NAMES.has(name) ? TYPE : undefined);
  }

  #fieldType(at: Expression, operand: Expression, field: string, isOptionalField: boolean): Type {
    const outer = this.#substitutions.apply(this.#check(operand));
    const target = unwrapped(outer);
    let type = ERROR;
    switch (target.kind) {
      case 'map':
        type = second(target);
        break;
      case 'struct': {
        const known = target.fields?.get(field);
        if (known === undefined) this.#fault(at, `undefined field '${field}'`);
        type = known ?? ERROR;
        break;
      }
      case 'parameter':
        this.#isAssignable(DYN, target);
        type = DYN;
        break;
      default:
        if (!isDynamic(target))
          this.#fault(at, `type '${describeType(target)}' does not support field selection`);
        type = DYN;
    }
    return isOptional(outer) || isOptionalField ? optionalOf(type) : type;
  }

  #callType(call: Call): Type {
    const { name, target, args } = call;
    if (name === '_?._') {
      const [operand, field] = args as [Expression, Expression];
      const named = field.kind === 'literal' && typeof field.value === 'string' ? field.value : '';
      this.#types.set(field, STRING);
      this.#overloads.set(call, this.library.get(name) ?? []);
      return this.#substitutions.apply(this.#fieldType(call, operand, named, true));
    }
    const types = args.map((arg) => this.#check(arg));
    if (target === undefined) return this.#resolve(call, name, types, false);
    const prefix = qualifiedName(target);
    const qualified = `${prefix ?? ''}.${name}`;
    if (prefix !== undefined && this.library.get(qualified) !== undefined)
      return this.#resolve(call, qualified, types, false);
    const targetType = this.#check(target);
    return this.#resolve(call, name, [targetType, ...types], true);
  }

  #resolve(call: Call, name: string, types: readonly Type[], isMethod: boolean): Type {
    const overloads = this.library.get(name);
    if (overloads === undefined) {
      this.#fault(call, `undeclared reference to '${name}' (in container '')`);
      return ERROR;
    }
    if (name === '_&&_' || name === '_||_') return this.#logicalType(call, overloads, types);
    const fitting: Overload[] = [];
    let result: Type | undefined;
    for (const overload of overloads) {
      if (overload.isMethod !== isMethod) continue;
      const { takes, gives } = this.#instantiate(overload);
      if (!this.#areAssignable(types, takes)) continue;
      fitting.push(overload);
      const given = this.#substitutions.apply(gives);
      if (result === undefined) result = given;
      else if (result.kind !== 'dyn' && !isExactly(given, result)) result = DYN;
    }
    if (result === undefined) {
      const shown = types.map((type) => this.#shown(type));
      const applied = isMethod
        ? `${shown[0] ?? ''}.(${shown.slice(1).join(', ')})`
        : `(${shown.join(', ')})`;
      this.#fault(call, `found no matching overload for '${name}' applied to '${applied}'`);
      return ERROR;
    }
    this.#overloads.set(call, fitting);
    return result;
  }

  #logicalType(call: Call, overloads: readonly Overload[], types: readonly Type[]): Type {
    const wrong = types.findIndex((type) => !this.#isAssignable(type, BOOL));
    this.#overloads.set(call, overloads);
    if (wrong === -1) return BOOL;
    types.forEach((type, index) => {
      if (!this.#isAssignable(type, BOOL)) this.#mismatch(present(call.args[index]), BOOL, type);
    });
    return ERROR;
  }

  /** With type parameters of its own, so that two calls do not share them. */
  #instantiate({ takes, gives }: Overload): Pick<Overload, 'takes' | 'gives'> {
    const own = new Substitutions();
    const seen = new Set<string>();
    const bind = (type: Type): void => {
      type.parameters.forEach(bind);
      if (type.kind !== 'parameter' || seen.has(type.name)) return;
      seen.add(type.name);
      own.bind(type.name, this.#newParameter());
    };
    [...takes, gives].forEach(bind);
    if (seen.size === 0) return { takes, gives };
    return { takes: takes.map((type) => own.apply(type)), gives: own.apply(gives) };
  }

  #newParameter(): Type {
    this.#fresh += 1;
    return parameter(`_var${this.#fresh}`);
  }

  #listType({ items, optional }: Expression & { kind: 'list' }): Type {
    let joined: Type | undefined;
    items.forEach((item, index) => {
      const type = this.#itemType(item, optional.has(index));
      joined = this.#join(joined, type);
    });
    return listOf(joined ?? this.#newParameter());
  }

  #mapType({ entries }: Expression & { kind: 'map' }): Type {
    let key: Type | undefined;
    let value: Type | undefined;
    for (const entry of entries) {
      key = this.#join(key, this.#check(entry.key));
      value = this.#join(value, this.#itemType(entry.value, entry.isOptional));
    }
    return mapOf(key ?? this.#newParameter(), value ?? this.#newParameter());
  }

  #itemType(item: Expression, isOptionalItem: boolean): Type {
    const type = this.#check(item);
    if (!isOptionalItem) return type;
    if (!isOptional(type) && !isDynamic(type)) this.#mismatch(item, optionalOf(type), type);
    return unwrapped(type);
  }

  #join(before: Type | undefined, type: Type): Type {
    if (before === undefined) return type;
    return this.#isAssignable(before, type) ? mostGeneral(before, type) : DYN;
  }

  #loopType(loop: Loop): Type {
    const range = this.#substitutions.apply(this.#check(loop.range));
    const accumulator = this.#check(loop.start);
    const outside = this.#scope;
    const withResult = new Map(outside).set(loop.accumulator, accumulator);
    const [variable, other] = this.#variableTypes(loop, range);
    const within = new Map(withResult).set(loop.variable, variable);
    if (loop.second !== undefined) within.set(loop.second, other);
    this.#scope = within;
    this.#assert(loop.condition, BOOL);
    this.#assert(loop.step, accumulator);
    this.#scope = withResult;
    const result = this.#check(loop.result);
    this.#scope = outside;
    return this.#substitutions.apply(result);
  }

  #variableTypes(loop: Loop, range: Type): readonly [Type, Type] {
    switch (range.kind) {
      case 'list':
        return loop.second === undefined ? [first(range), DYN] : [INT, first(range)];
      case 'map':
        return [first(range), second(range)];
      case 'dyn':
      case 'error':
      case 'parameter':
        this.#isAssignable(DYN, range);
        return [DYN, DYN];
      default:
        this.#fault(
          loop.range,
          `expression of type '${describeType(range)}' cannot be range of a comprehension (must be list, map, or dynamic)`,
        );
        return [ERROR, ERROR];
    }
  }

  #assert(expression: Expression, wanted: Type): void {
    const type = this.#check(expression);
    if (!this.#isAssignable(wanted, type)) this.#mismatch(expression, wanted, type);
  }

  #isAssignable(actual: Type, wanted: Type): boolean {
    return this.#areAssignable([actual], [wanted]);
  }

  #areAssignable(actual: readonly Type[], wanted: readonly Type[]): boolean {
    const found = this.#substitutions.assign(actual, wanted);
    if (found !== undefined) this.#substitutions = found;
    return found !== undefined;
  }
}

function typeOfLiteral(value: unknown): Type {
  switch (typeof value) {
    case 'boolean':
      return BOOL;
    case 'bigint':
      return INT;
    case 'number':
      return DOUBLE;
    case 'string':
      return STRING;
    default:
      if (value === null) return NULL;
      return value instanceof Uint8Array ? BYTES : UINT;
  }
}
