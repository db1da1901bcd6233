/**
 * Transforms: what happens to a value between the field it is read from and the field it is written to.
 *
 * Each takes and gives Go values (see `go/value.ts`) and throws where the real function would fail.
 */
import { RE2JS } from 're2js';
import { type GoValue, type Json, goType } from '../go/value.js';
import { truncateToInt64 } from '../go/parse.js';
import { convert } from './convert.js';
import type { MatchPattern, MatchTransform, MathTransform, Transform } from './input.js';
import { transformString } from './string.js';
import { validateTransform } from './validate.js';

export function applyTransforms(transforms: readonly Transform[], input: GoValue): GoValue {
  let value = input;
  for (const [i, transform] of transforms.entries()) {
    try {
      value = apply(transform, value);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new Error(
        `transform at index ${String(i)} returned error: ${transform.type} transform could not resolve: ${why}`,
        { cause },
      );
    }
  }
  return value;
}

function apply(transform: Transform, value: GoValue): GoValue {
  const { math, map, match, string, convert: conversion } = transform;
  if (transform.type === 'math' && math !== undefined) {
    validateTransform(transform, 'transform');
    return calculate(math, value);
  }
  if (transform.type === 'map' && map !== undefined) return lookUp(map, value);
  if (transform.type === 'match' && match !== undefined) return matchPatterns(match, value);
  if (transform.type === 'string' && string !== undefined) return transformString(string, value);
  if (transform.type === 'convert' && conversion !== undefined) {
    validateTransform(transform, 'transform');
    return convert(conversion, value);
  }
  throw new Error(`given transform type ${transform.type} requires configuration`);
}

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
  if (found === null) throw new Error(`value for key ${value} is not valid JSON`);
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

function matches(pattern: MatchPattern, value: GoValue): boolean {
  if (pattern.type !== 'literal' && pattern.type !== 'regexp') {
    throw new Error(`unsupported pattern type '${pattern.type}'`);
  }
  if (typeof value !== 'string') throw new Error(`unsupported input type '${goType(value)}'`);
  return pattern.type === 'literal'
    ? value === pattern.literal
    : RE2JS.compile(pattern.regexp ?? '')
        .matcher(value)
        .find();
}
