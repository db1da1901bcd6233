/**
 * Transforms: what happens to a value between the field it is read from and the field it is written to.
 *
 * Each takes and gives Go values (see `go/value.ts`) and throws where the real function would fail.
 */
import { type GoValue, type Json, goType } from '../go/value.js';
import { truncateToInt64 } from '../go/parse.js';
import { convert } from './convert.js';
import type { MatchPattern, MatchTransform, MathTransform, Transform } from './input.js';
import { compileRegexp } from './regexp.js';
import { transformString } from './string.js';
import { validateConvert, validateMath } from './validate.js';

export function applyTransforms(transforms: readonly Transform[], input: GoValue): GoValue {
  let value = input;
  for (const [i, transform] of transforms.entries()) {
    try {
      value = apply(transform, value);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`transform at index ${String(i)} returned error: ${why}`, { cause });
    }
  }
  return value;
}

function apply(transform: Transform, value: GoValue): GoValue {
  const { type } = transform;
  const run = RESOLVERS[type];
  if (run === undefined) throw new Error(`transform type ${type} is not supported`);
  if (transform[type as keyof Transform] === undefined)
    throw new Error(`given transform type ${type} requires configuration`);
  try {
    return run(transform, value);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${type} transform could not resolve: ${why}`, { cause });
  }
}

type Resolve = (transform: Transform, value: GoValue) => GoValue;

/** By type: each finds its settings in the field of its name. */
const RESOLVERS: Readonly<Record<string, Resolve>> = {
  math: ({ math = { type: '' } }, value) => {
    validateMath(math);
    return calculate(math, value);
  },
  map: ({ map = {} }, value) => lookUp(map, value),
  match: ({ match = { patterns: [], fallbackTo: '' } }, value) => matchPatterns(match, value),
  string: ({ string = { type: '' } }, value) => transformString(string, value),
  convert: ({ convert: to = { toType: '' } }, value) => {
    validateConvert(to);
    return convert(to, value);
  },
};

/** Whole numbers stay whole, and wrap around at 64 bits; clamps compare the whole part and keep the number's type. */
function calculate(math: MathTransform, value: GoValue): GoValue {
  if (typeof value !== 'number' && typeof value !== 'bigint') {
    throw new Error(`input is required to be a number for math transformer, got ${goType(value)}`);
  }
  const { multiply, clampMin, clampMax } = math;
  const whole = typeof value === 'bigint' ? value : truncateToInt64(value);
  if (math.type === 'Multiply' && multiply !== undefined) {
    return typeof value === 'bigint'
      ? BigInt.asIntN(64, value * multiply)
      : value * Number(multiply);
  }
  if (math.type === 'ClampMin' && clampMin !== undefined)
    return whole < clampMin ? clampMin : value;
  if (math.type === 'ClampMax' && clampMax !== undefined)
    return whole > clampMax ? clampMax : value;
  throw new Error(`type ${math.type} is not supported for math transform type`);
}

function lookUp(pairs: Readonly<Record<string, Json>>, value: GoValue): GoValue {
  if (typeof value !== 'string') {
    throw new Error(`type ${goType(value)} is not supported for map transform`);
  }
  if (!Object.hasOwn(pairs, value)) throw new Error(`key ${value} is not found in map`);
  const found = pairs[value] ?? null;
  if (found === null)
    throw new Error(`value for key ${value} is not valid JSON: unexpected end of JSON input`);
  return found;
}

function matchPatterns(match: MatchTransform, value: GoValue): GoValue {
  for (const [i, pattern] of match.patterns.entries()) {
    try {
      if (matches(pattern, value)) return pattern.result ?? null;
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`cannot match pattern at index ${String(i)}: ${why}`, { cause });
    }
  }
  if (match.fallbackTo !== 'Input') return match.fallbackValue ?? null;
  if (match.fallbackValue !== undefined) {
    throw new Error('cannot set both a fallback value and the fallback to input flag');
  }
  return value;
}

function matches({ type, literal, regexp }: MatchPattern, value: GoValue): boolean {
  switch (type) {
    case 'literal':
      if (literal === undefined) throw new Error('literal is required by type literal');
      return textOf(value) === literal;
    case 'regexp':
      if (regexp === undefined) throw new Error('regexp is required by type regexp');
      return compileRegexp(regexp, 'cannot compile regexp').matcher(textOf(value, 'null')).find();
    default:
      throw new Error(`unsupported pattern type '${type}'`);
  }
}

function textOf(value: GoValue, nameOfNull = '<nil>'): string {
  if (typeof value === 'string') return value;
  const type = value === null ? nameOfNull : goType(value);
  throw new Error(`unsupported input type '${type}'`);
}
