/** Functions that expressions may call: each name has overloads, told apart by the types of their arguments. */
import {
  BOOL,
  BYTES,
  DOUBLE,
  DURATION,
  DYN,
  INT,
  listOf,
  mapOf,
  NULL,
  opaque,
  optionalOf,
  parameter,
  STRING,
  TIMESTAMP,
  TYPE,
  typeOf,
  UINT,
  type Type,
} from './type.js';

export interface Overload {
  readonly name: string;
  readonly isMethod: boolean;
  /** Of a method the first is that of its target. */
  readonly takes: readonly Type[];
  readonly gives: Type;
  /** What it is called where costs are reckoned. */
  readonly id: string;
  /** Throws an Error for what cannot be done. */
  readonly run: (...args: never[]) => unknown;
}

type Parameter = Overload['run'];

const NAMED: Readonly<Record<string, Type>> = {
  dyn: DYN,
  null: NULL,
  bool: BOOL,
  int: INT,
  uint: UINT,
  double: DOUBLE,
  string: STRING,
  bytes: BYTES,
  timestamp: TIMESTAMP,
  duration: DURATION,
  type: TYPE,
  IP: opaque('net.IP'),
  CIDR: opaque('net.CIDR'),
  URL: opaque('kubernetes.URL'),
  Quantity: opaque('kubernetes.Quantity'),
  Semver: opaque('kubernetes.Semver'),
  Format: opaque('kubernetes.NamedFormat'),
};

export class Library {
  readonly #overloads = new Map<string, Overload[]>();

  /** `list<A>.first(): optional<A>` or `size(string): int`; single capitals are type parameters. */
  add(signature: string, run: Parameter, id = signature): this {
    const found = /^(.*)\(([^()]*)\)\s*:\s*(.+)$/.exec(signature);
    if (found === null) throw new Error(`not a signature: ${signature}`);
    const [, head = '', args = '', gives = ''] = found;
    const [target, name] = splitTarget(head);
    const takes = [...(target === undefined ? [] : [target]), ...splitTypes(args)].map(readType);
    const isMethod = target !== undefined;
    const overload = { name, isMethod, takes, gives: readType(gives), id, run };
    const known = this.#overloads.get(name);
    if (known === undefined) this.#overloads.set(name, [overload]);
    else known.push(overload);
    return this;
  }

  /** Undefined where no function has the name. */
  get(name: string): readonly Overload[] | undefined {
    return this.#overloads.get(name);
  }
}

/** A name with a dot is a method's only where a type stands before the dot. */
function splitTarget(head: string): readonly [target: string | undefined, name: string] {
  const dot = head.lastIndexOf('.');
  const before = head.slice(0, dot);
  const isType =
    dot > 0 && (/[<>]/.test(before) || Object.hasOwn(NAMED, before) || /^[A-Z]$/.test(before));
  return isType ? [before, head.slice(dot + 1)] : [undefined, head];
}

function splitTypes(list: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const character of list) {
    if (character === '<') depth += 1;
    if (character === '>') depth -= 1;
    if (character === ',' && depth === 0) {
      parts.push(part.trim());
      part = '';
    } else part += character;
  }
  return part.trim() === '' ? parts : [...parts, part.trim()];
}

export function readType(text: string): Type {
  const [, outer = '', inner = ''] = /^(\w+)<(.*)>$/.exec(text.trim()) ?? [];
  const [one = DYN, two = DYN] = splitTypes(inner).map(readType);
  switch (outer) {
    case 'list':
      return listOf(one);
    case 'map':
      return mapOf(one, two);
    case 'optional':
      return optionalOf(one);
    case 'type':
      return typeOf(one);
    default: {
      const name = text.trim();
      if (/^[A-Z]$/.test(name)) return parameter(name);
      const known = NAMED[name];
      if (known === undefined) throw new Error(`not a type: ${text}`);
      return known;
    }
  }
}
