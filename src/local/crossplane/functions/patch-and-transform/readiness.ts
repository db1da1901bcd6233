/** Whether a composed resource is ready: all its checks hold, or, without checks, its condition Ready is True. */
import { NotFound, parseFieldPath, readField } from '../field-path.js';
import { type Json, type JsonMap, isMap } from '../go/value.js';
import type { ReadinessCheck } from './input.js';

/** Throws where a field has another type than its check compares it with. */
export function isReady(observed: JsonMap, checks: readonly ReadinessCheck[]): boolean {
  if (checks.length === 0) return conditionStatus(observed, 'Ready') === 'True';
  return checks.every((check, i) => {
    try {
      return holds(observed, check);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`cannot run readiness check at index ${String(i)}: ${why}`, { cause });
    }
  });
}

function holds(observed: JsonMap, check: ReadinessCheck): boolean {
  switch (check.type) {
    case 'None':
      return true;
    case 'NonEmpty':
      return read(observed, check) !== undefined;
    case 'MatchString':
      return compare(observed, check, 'string', check.matchString);
    case 'MatchInteger':
      return compare(observed, check, 'bigint', check.matchInteger);
    case 'MatchTrue':
      return compare(observed, check, 'boolean', true);
    case 'MatchFalse':
      return compare(observed, check, 'boolean', false);
    case 'MatchCondition':
      // The real function goes down on this; so does the check, which nothing but a Composition without a condition gets to.
      if (check.matchCondition === undefined) throw new Error('matchCondition is not set');
      return conditionStatus(observed, check.matchCondition.type) === check.matchCondition.status;
    default:
      return false;
  }
}

/**
 * MatchInteger never holds: the observed number arrives as a float64 and the real function wants an int64, so it warns
 * instead (seen with the real one).
 */
function compare(
  observed: JsonMap,
  check: ReadinessCheck,
  type: 'string' | 'bigint' | 'boolean',
  wanted: unknown,
): boolean {
  const value: unknown = read(observed, check);
  if (value === undefined) return false;
  if (typeof value !== type) {
    const name = { string: 'string', bigint: '(int64) number', boolean: 'bool' }[type];
    throw new Error(`${String(check.fieldPath)}: not a ${name}`);
  }
  return value === wanted;
}

function read(observed: JsonMap, check: ReadinessCheck): Json | undefined {
  try {
    return readField(observed, parseFieldPath(check.fieldPath ?? ''));
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}

/** `Unknown` for a condition that is not there; empty where there are no readable conditions at all. */
export function conditionStatus(resource: JsonMap, type: string): string {
  const status = resource.status ?? null;
  if (!isMap(status)) return '';
  const conditions = status.conditions ?? [];
  if (!Array.isArray(conditions)) return '';
  for (const condition of conditions) {
    if (!isMap(condition)) return '';
    if (condition.type === type)
      return typeof condition.status === 'string' ? condition.status : '';
  }
  return 'Unknown';
}
