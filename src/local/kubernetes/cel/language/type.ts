/** Types of expressions, and which of them may stand where which is wanted. */

export type Kind =
  | 'dyn'
  | 'error'
  | 'null'
  | 'bool'
  | 'int'
  | 'uint'
  | 'double'
  | 'string'
  | 'bytes'
  | 'timestamp'
  | 'duration'
  | 'type'
  | 'list'
  | 'map'
  | 'opaque'
  | 'struct'
  | 'parameter';

export interface Type {
  readonly kind: Kind;
  /** Of opaque types, structs and type parameters. */
  readonly name: string;
  readonly parameters: readonly Type[];
  /** Of structs. */
  readonly fields?: ReadonlyMap<string, Type>;
}

const simple = (kind: Kind, name: string = kind): Type => ({ kind, name, parameters: [] });
export const DYN = simple('dyn');
export const ERROR = simple('error', '!error!');
export const NULL = simple('null');
export const BOOL = simple('bool');
export const INT = simple('int');
export const UINT = simple('uint');
export const DOUBLE = simple('double');
export const STRING = simple('string');
export const BYTES = simple('bytes');
export const TIMESTAMP = simple('timestamp', 'google.protobuf.Timestamp');
export const DURATION = simple('duration', 'google.protobuf.Duration');
export const TYPE = simple('type');

export const listOf = (item: Type): Type => ({ kind: 'list', name: 'list', parameters: [item] });
export const mapOf = (key: Type, value: Type): Type => ({
  kind: 'map',
  name: 'map',
  parameters: [key, value],
});
export const opaque = (name: string, ...parameters: Type[]): Type => ({
  kind: 'opaque',
  name,
  parameters,
});
export const optionalOf = (type: Type): Type => opaque('optional_type', type);
export const typeOf = (type: Type): Type => ({ kind: 'type', name: 'type', parameters: [type] });
export const parameter = (name: string): Type => simple('parameter', name);

export function isOptional(type: Type): boolean {
  return type.kind === 'opaque' && type.name === 'optional_type';
}

/** The type within an optional one; any other as it is. */
export function unwrapped(type: Type): Type {
  return isOptional(type) ? first(type) : type;
}

export function first({ parameters: [type = DYN] }: Type): Type {
  return type;
}

export function second({ parameters: [, type = DYN] }: Type): Type {
  return type;
}

export function isDynamic({ kind }: Type): boolean {
  return kind === 'dyn' || kind === 'error';
}

/** As messages write it: `list(string)`. */
export function describeType({ name, parameters }: Type): string {
  return parameters.length === 0 ? name : `${name}(${parameters.map(describeType).join(', ')})`;
}

export function isExactly(a: Type, b: Type): boolean {
  return (
    a === b ||
    (a.kind === b.kind &&
      a.name === b.name &&
      a.parameters.length === b.parameters.length &&
      a.parameters.every((one, index) => isExactly(one, b.parameters[index] ?? ERROR)))
  );
}

/** What the type parameters met so far stand for. */
export class Substitutions {
  readonly #known: Map<string, Type>;

  constructor(known: ReadonlyMap<string, Type> = new Map()) {
    this.#known = new Map(known);
  }

  copy(): Substitutions {
    return new Substitutions(this.#known);
  }

  /** With `isFinal`, parameters that nothing is known about become `dyn`. */
  apply(type: Type, isFinal = false): Type {
    if (type.kind === 'parameter') {
      const known = this.#known.get(type.name);
      if (known !== undefined) return this.apply(known, isFinal);
      return isFinal ? DYN : type;
    }
    if (type.parameters.length === 0) return type;
    return { ...type, parameters: type.parameters.map((one) => this.apply(one, isFinal)) };
  }

  bind(name: string, type: Type): void {
    this.#known.set(name, type);
  }

  /** The substitutions under which each of the one may stand for each of the other; undefined where there are none. */
  assign(actual: readonly Type[], wanted: readonly Type[]): Substitutions | undefined {
    const copy = this.copy();
    return copy.#areAssignable(actual, wanted) ? copy : undefined;
  }

  #areAssignable(actual: readonly Type[], wanted: readonly Type[]): boolean {
    return (
      actual.length === wanted.length &&
      actual.every((one, index) => this.#isAssignable(one, wanted[index] ?? ERROR))
    );
  }

  #isAssignable(a: Type, b: Type): boolean {
    if (b.kind === 'parameter') {
      const [isValid, isKnown] = this.#substitute(a, b);
      if (isValid) return true;
      if (isKnown) return false;
    }
    if (a.kind === 'parameter') return this.#substitute(b, a)[0];
    if (isDynamic(a) || isDynamic(b)) return true;
    if (a.kind === 'null') return isNullable(b);
    if (b.kind === 'null') return isNullable(a);
    if (a.kind !== b.kind) return false;
    switch (a.kind) {
      case 'type':
        return true;
      case 'opaque':
      case 'list':
      case 'map':
        return a.name === b.name && this.#areAssignable(a.parameters, b.parameters);
      case 'struct':
        return a.name === b.name;
      default:
        return true;
    }
  }

  /** Whether the parameter may stand for the type, and whether it already stood for something. */
  #substitute(type: Type, { name }: Type): readonly [isValid: boolean, isKnown: boolean] {
    if (type.kind === 'parameter' && type.name === name) return [true, true];
    const known = this.#known.get(name);
    if (known !== undefined) {
      if (isExactly(type, known)) return [true, true];
      if (!this.#isAssignable(type, known)) return [false, true];
      const general = mostGeneral(type, known);
      if (!this.#occursIn(name, general)) this.#known.set(name, general);
      return [true, true];
    }
    if (this.#occursIn(name, type)) return [false, false];
    this.#known.set(name, type);
    return [true, false];
  }

  #occursIn(name: string, type: Type): boolean {
    if (type.kind !== 'parameter') return type.parameters.some((one) => this.#occursIn(name, one));
    if (type.name === name) return true;
    const known = this.#known.get(type.name);
    return known !== undefined && this.#occursIn(name, known);
  }
}

function isNullable({ kind }: Type): boolean {
  return ['null', 'opaque', 'struct', 'duration', 'timestamp'].includes(kind);
}

/** Of two types that go together the one that says less. */
export function mostGeneral(a: Type, b: Type): Type {
  return saysNoMore(a, b) ? a : b;
}

function saysNoMore(a: Type, b: Type): boolean {
  if (a.kind === 'dyn' || a.kind === 'parameter') return true;
  if (b.kind === 'dyn' || b.kind === 'parameter' || a.kind !== b.kind) return false;
  switch (a.kind) {
    case 'opaque':
    case 'list':
    case 'map':
      return (
        a.name === b.name &&
        a.parameters.length === b.parameters.length &&
        a.parameters.every((one, index) => saysNoMore(one, b.parameters[index] ?? ERROR))
      );
    case 'type':
      return true;
    default:
      return isExactly(a, b);
  }
}
