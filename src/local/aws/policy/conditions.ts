/**
 * The condition operators of the policy language, one table: how a value of the request compares with one of the policy.
 *
 * A positive operator holds when any value of the policy fits; a negated one when none does. A key that the request lacks
 * fails a positive operator and satisfies a negated one, `…IfExists` and `ForAllValues:`.
 */
import { BlockList, isIP, isIPv4 } from 'node:net';

import { compilePattern, expand, matches, type Lookup, type Pattern } from './pattern.js';

/** The condition keys of a request; names in lower case. */
export type Context = ReadonlyMap<string, readonly string[]>;

type Compare = (actual: string, wanted: Pattern, lookup: Lookup) => boolean;

interface Operator {
  readonly compare: Compare;
  readonly isNegated: boolean;
}

export interface Condition {
  readonly operator: string;
  /** In lower case. */
  readonly key: string;
  /** The key as the policy writes it. */
  readonly name: string;
  readonly values: readonly Pattern[];
}

const equals: Compare = (actual, wanted, lookup) => actual === expand(wanted, lookup);
const equalsIgnoringCase: Compare = (actual, wanted, lookup) =>
  actual.toLowerCase() === expand(wanted, lookup)?.toLowerCase();
const like: Compare = (actual, wanted, lookup) => matches(wanted, actual, lookup);

function ordered(
  read: (text: string) => number,
  holds: (actual: number, wanted: number) => boolean,
): Compare {
  return (actual, wanted, lookup) => holds(read(actual), read(expand(wanted, lookup) ?? ''));
}

/** ARNs compare part by part: a star does not reach over a colon, but for the last part. */
const arnLike: Compare = (actual, wanted, lookup) => {
  const actualParts = arnParts(actual);
  const wantedParts = arnParts(wanted.source);
  return (
    actualParts.length === wantedParts.length &&
    wantedParts.every((part, i) =>
      matches(compilePattern(part, true), actualParts[i] ?? '', lookup),
    )
  );
};

const inNetwork: Compare = (actual, wanted) => {
  const [address = '', bits] = wanted.source.split('/', 2);
  if (isIP(actual) === 0 || isIP(address) === 0) return false;
  const family = isIPv4(address) ? 'ipv4' : 'ipv6';
  const network = new BlockList();
  network.addSubnet(address, Number(bits ?? (family === 'ipv4' ? 32 : 128)), family);
  return network.check(actual, isIPv4(actual) ? 'ipv4' : 'ipv6');
};

const OPERATORS: Readonly<Record<string, Operator>> = {
  ...pair('StringEquals', 'StringNotEquals', equals),
  ...pair('StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', equalsIgnoringCase),
  ...pair('StringLike', 'StringNotLike', like),
  ...pair('ArnEquals', 'ArnNotEquals', arnLike),
  ...pair('ArnLike', 'ArnNotLike', arnLike),
  ...pair('IpAddress', 'NotIpAddress', inNetwork),
  ...pair(
    'NumericEquals',
    'NumericNotEquals',
    ordered(Number, (a, b) => a === b),
  ),
  ...pair(
    'DateEquals',
    'DateNotEquals',
    ordered(readTime, (a, b) => a === b),
  ),
  ...comparisons('Numeric', Number),
  ...comparisons('Date', readTime),
  Bool: { compare: equalsIgnoringCase, isNegated: false },
  BinaryEquals: { compare: equals, isNegated: false },
};

const NULL = 'Null';
const QUANTIFIERS = ['ForAllValues', 'ForAnyValue'] as const;

interface OperatorName {
  readonly base: string;
  readonly quantifier: (typeof QUANTIFIERS)[number] | undefined;
  readonly ifExists: boolean;
}

/** Whether the policy language has the operator, with its prefix and suffix. */
export function isOperator(name: string): boolean {
  return readOperator(name) !== undefined;
}

function readOperator(name: string): OperatorName | undefined {
  const match = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/.exec(name);
  if (match === null) return undefined;
  const [, quantifier, base = '', suffix] = match;
  if (base === NULL) {
    return quantifier === undefined && suffix === undefined
      ? { base, quantifier: undefined, ifExists: false }
      : undefined;
  }
  if (!Object.hasOwn(OPERATORS, base)) return undefined;
  return {
    base,
    quantifier: QUANTIFIERS.find((known) => known === quantifier),
    ifExists: suffix !== undefined,
  };
}

/** Whether the condition holds for a request. An operator that is unknown holds for none. */
export function holds({ operator: name, key, values }: Condition, context: Context): boolean {
  const read = readOperator(name);
  if (read === undefined) return false;
  const actual = context.get(key) ?? [];
  if (read.base === NULL)
    return values.some(({ source }) => (source.toLowerCase() === 'true') === (actual.length === 0));
  const operator = OPERATORS[read.base];
  if (operator === undefined) return false;
  if (actual.length === 0) {
    return (
      read.ifExists ||
      read.quantifier === 'ForAllValues' ||
      (operator.isNegated && read.quantifier === undefined)
    );
  }
  const lookup = lookupIn(context);
  const fitsOne = (value: string) =>
    values.some((wanted) => operator.compare(value, wanted, lookup)) !== operator.isNegated;
  if (read.quantifier === 'ForAllValues') return actual.every(fitsOne);
  if (read.quantifier === 'ForAnyValue') return actual.some(fitsOne);
  return operator.isNegated ? actual.every(fitsOne) : actual.some(fitsOne);
}

export function lookupIn(context: Context): Lookup {
  return (key) => {
    const values = context.get(key.toLowerCase());
    return values?.length === 1 ? values[0] : undefined;
  };
}

function pair(positive: string, negated: string, compare: Compare): Record<string, Operator> {
  return {
    [positive]: { compare, isNegated: false },
    [negated]: { compare, isNegated: true },
  };
}

function comparisons(type: string, read: (text: string) => number): Record<string, Operator> {
  return {
    [`${type}LessThan`]: { compare: ordered(read, (a, b) => a < b), isNegated: false },
    [`${type}LessThanEquals`]: { compare: ordered(read, (a, b) => a <= b), isNegated: false },
    [`${type}GreaterThan`]: { compare: ordered(read, (a, b) => a > b), isNegated: false },
    [`${type}GreaterThanEquals`]: { compare: ordered(read, (a, b) => a >= b), isNegated: false },
  };
}

/** ISO 8601, or seconds since the epoch. */
function readTime(text: string): number {
  return /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text);
}

function arnParts(arn: string): string[] {
  const parts = arn.split(':');
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')];
}
