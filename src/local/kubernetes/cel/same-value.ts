/** Equality of CEL values: what JSON has, and maps, times and bytes besides. */
export function isSameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return isNumber(a) && isNumber(b) && Number(a) === Number(b);
  }
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime();
  const [left, right] = [membersOf(a), membersOf(b)];
  if (left.size !== right.size || Array.isArray(a) !== Array.isArray(b)) return false;
  return [...left].every(([key, member]) => right.has(key) && isSameValue(member, right.get(key)));
}

function isNumber(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

function membersOf(value: object): ReadonlyMap<unknown, unknown> {
  return value instanceof Map ? value : new Map<unknown, unknown>(Object.entries(value));
}
