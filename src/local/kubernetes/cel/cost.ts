/**
 * The cost of a rule: the most that it can take to evaluate, in the units of CEL's cost model.
 *
 * Reckoned from the expression and from what its schema lets values grow to, without running anything; a
 * CustomResourceDefinition with a rule beyond the budget is refused, so no object can make a rule run for long.
 */
import type { ParseResult } from '@marcbachmann/cel-js';
import { memberSchema, type Schema } from '../schema/schema.js';
import { maxSizeOf } from './sizes.js';

/** Units for each character that is looked at. */
const PER_CHARACTER = 0.1;
const PER_PATTERN_CHARACTER = 0.25;
/** A schema says nothing of the keys of a map, and the real server then takes them for empty texts. */
const SIZE_OF_KEY = 0;
const CREATE_LIST = 10;
const CREATE_MAP = 30;

interface Node {
  readonly op: string;
  readonly args: unknown;
  readonly checkedType?: { readonly name: string };
}

/** What an expression comes to. */
interface Estimate {
  readonly cost: number;
  /** The most characters, items or members of the outcome. */
  readonly size: number;
  /** The schema of the outcome, where it comes from the object. */
  readonly schema: Schema | undefined;
}

type Scope = ReadonlyMap<string, Estimate>;

/** The condition and the step of each loop, beside what it does itself; and what it begins and ends with. */
const LOOPS: Readonly<Record<string, { readonly perItem: number; readonly once: number }>> = {
  all: { perItem: 3, once: 1 },
  exists: { perItem: 4, once: 1 },
  exists_one: { perItem: 2, once: 2 },
  existsOne: { perItem: 2, once: 2 },
  filter: { perItem: 3 + CREATE_LIST, once: 1 + CREATE_LIST },
  map: { perItem: 2 + CREATE_LIST, once: 1 + CREATE_LIST },
};

/** `self` is what the rule is about. */
export function estimateCost({ ast }: ParseResult, self: Schema): number {
  const value = { cost: 1, size: maxSizeOf(self), schema: self };
  const scope = new Map([
    ['self', value],
    ['oldSelf', value],
  ]);
  return estimate(ast, scope).cost;
}

function estimate(node: Node, scope: Scope): Estimate {
  switch (node.op) {
    case 'value':
      return plain(0, typeof node.args === 'string' ? node.args.length : 1);
    case 'id':
      return scope.get(node.args as string) ?? plain(1, sizeOfType(node));
    case '.':
    case '.?':
      return member(node, scope);
    case '[]':
    case '[?]':
      return item(node, scope);
    case 'list':
      return literal(node.args as Node[], CREATE_LIST, scope);
    case 'map':
      return literal((node.args as Node[][]).flat(), CREATE_MAP, scope);
    case 'call': {
      const [name, args] = node.args as [string, Node[]];
      return call(name, args, node, scope);
    }
    case 'rcall': {
      const [name, receiver, args] = node.args as [string, Node, Node[]];
      const loop = Object.hasOwn(LOOPS, name) && args.length > 1 ? LOOPS[name] : undefined;
      if (loop !== undefined) return comprehension(name, loop, receiver, args, scope);
      return call(name, [receiver, ...args], node, scope);
    }
    default:
      return operation(node, scope);
  }
}

function plain(cost: number, size = 1): Estimate {
  return { cost, size, schema: undefined };
}

/** Of a text or list that the schema says nothing about, nothing is known. */
function sizeOfType({ checkedType }: Node): number {
  return /^(string|bytes|list|map|dyn)/.test(checkedType?.name ?? '') ? Infinity : 1;
}

function ofSchema(cost: number, schema: Schema | undefined, node: Node): Estimate {
  return { cost, size: schema === undefined ? sizeOfType(node) : maxSizeOf(schema), schema };
}

function member(node: Node, scope: Scope): Estimate {
  const [operand, key] = node.args as [Node, string];
  const { cost, schema } = estimate(operand, scope);
  return ofSchema(cost + 1, memberSchema(schema, key), node);
}

function item(node: Node, scope: Scope): Estimate {
  const [operand, index] = (node.args as [Node, Node]).map((one) => estimate(one, scope));
  const below = elementOf(operand?.schema);
  return ofSchema((operand?.cost ?? 0) + (index?.cost ?? 0) + 1, below, node);
}

function elementOf(schema: Schema | undefined): Schema | undefined {
  if (schema?.items !== undefined) return schema.items;
  return typeof schema?.additionalProperties === 'object' ? schema.additionalProperties : undefined;
}

function literal(parts: readonly Node[], base: number, scope: Scope): Estimate {
  return plain(
    parts.reduce((sum, one) => sum + estimate(one, scope).cost, base),
    parts.length,
  );
}

function comprehension(
  name: string,
  { perItem, once }: { readonly perItem: number; readonly once: number },
  range: Node,
  args: readonly Node[],
  scope: Scope,
): Estimate {
  const over = estimate(range, scope);
  const variable = (args[0]?.args ?? '') as string;
  const keys = over.schema?.type === 'object';
  const schema = keys ? undefined : elementOf(over.schema);
  const size = schema === undefined ? (keys ? SIZE_OF_KEY : Infinity) : maxSizeOf(schema);
  const within = new Map(scope).set(variable, { cost: 1, size, schema });
  const step = args.slice(1).reduce((sum, one) => sum + estimate(one, within).cost, perItem);
  const isList = name === 'map' || name === 'filter';
  return {
    cost: over.cost + times(over.size, step) + once,
    size: isList ? over.size : 1,
    schema: name === 'filter' ? over.schema : undefined,
  };
}

function operation(node: Node, scope: Scope): Estimate {
  const args = (Array.isArray(node.args) ? node.args : [node.args]) as Node[];
  const parts = args.map((one) => estimate(one, scope));
  const cost = parts.reduce((sum, one) => sum + one.cost, 0);
  const [left = plain(0), right = plain(0), otherwise = plain(0)] = parts;
  switch (node.op) {
    case '&&':
    case '||':
      return plain(cost);
    case '?:': {
      const taken = Math.max(right.cost, otherwise.cost);
      return plain(left.cost + taken, Math.max(right.size, otherwise.size));
    }
    case 'in':
      return plain(cost + Math.max(1, right.size));
    case '+':
      if (!/^(string|bytes)/.test(node.checkedType?.name ?? ''))
        return plain(cost + 1, left.size + right.size);
      return plain(cost + scanned(left.size + right.size), left.size + right.size);
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return plain(cost + scanned(Math.min(left.size, right.size)));
    default:
      return plain(cost + 1, sizeOfType(node));
  }
}

function call(name: string, args: readonly Node[], node: Node, scope: Scope): Estimate {
  const parts = args.map((one) => estimate(one, scope));
  const before = parts.reduce((sum, one) => sum + one.cost, 0);
  const [target = plain(0), first = plain(0)] = parts;
  const text = scanned(target.size);
  switch (name) {
    case 'has':
      return plain(before);
    case 're2find':
    case 'find':
    case 'findAll': {
      const search = times(
        Math.ceil((target.size + 1) * PER_CHARACTER),
        Math.ceil(first.size * PER_PATTERN_CHARACTER),
      );
      return plain(before + search, name === 're2find' ? 1 : target.size);
    }
    case 'contains':
      return plain(before + times(text, scanned(first.size)));
    case 'startsWith':
    case 'endsWith':
      return plain(before + scanned(first.size));
    case 'isSorted':
    case 'sum':
    case 'min':
    case 'max':
    case 'indexOf':
    case 'lastIndexOf':
      return plain(before + Math.max(1, target.size));
    case 'lowerAscii':
    case 'upperAscii':
    case 'substring':
    case 'trim':
    case 'split':
    case 'url':
    case 'isURL':
    case 'quantity':
    case 'isQuantity':
    case 'bytes':
      return plain(before + text, target.size);
    case 'replace':
    case 'join':
      return plain(before + text, times(target.size, Math.max(1, first.size)));
    default:
      return plain(before + 1, sizeOfType(node));
  }
}

function scanned(size: number): number {
  return Math.ceil(size * PER_CHARACTER);
}

function times(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : a * b;
}
