/** Whether two states of an object differ in a way that matters: the questions asked before anything is written. */
import { createHash } from 'node:crypto';

/** The same for two values that hold the same, whatever the order of their keys. */
export function digest(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    isRecord(part)
      ? Object.fromEntries(
          Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
        )
      : part,
  );
}

/** Whether `observed` holds everything that `wanted` says; of maps it may hold more, of lists neither more nor less. */
export function holds(observed: unknown, wanted: unknown): boolean {
  if (isRecord(wanted)) {
    return (
      isRecord(observed) &&
      Object.entries(wanted).every(([key, value]) => holds(observed[key], value))
    );
  }
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(observed) &&
      observed.length === wanted.length &&
      wanted.every((value, index) => holds(observed[index], value))
    );
  }
  return Object.is(observed, wanted);
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
