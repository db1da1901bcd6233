/** ReturnConsumedCapacity of the operations on several items: what they took, by table. */
import type { Capacity } from '../items/items.js';
import { validationError } from '../tables.js';

const WISHES = ['INDEXES', 'TOTAL', 'NONE'];

/** Whether a caller wants to be told. Throws ValidationException. */
export function readCapacityWish(wish: string | undefined): boolean {
  if (wish !== undefined && !WISHES.includes(wish)) {
    throw validationError(
      `1 validation error detected: Value '${wish}' at 'returnConsumedCapacity' failed to satisfy constraint: Member must satisfy enum value set: [${WISHES.join(', ')}]`,
    );
  }
  return wish !== undefined && wish !== 'NONE';
}

/** `kind` names what transactions took by its own member too. */
export function sumByTable(capacity: readonly Capacity[], kind?: 'Read' | 'Write'): object[] {
  const sums = new Map<string, number>();
  for (const { TableName, CapacityUnits } of capacity) {
    sums.set(TableName, (sums.get(TableName) ?? 0) + CapacityUnits);
  }
  return [...sums].map(([TableName, CapacityUnits]) => ({
    ...{ TableName, CapacityUnits },
    ...(kind !== undefined && { [`${kind}CapacityUnits`]: CapacityUnits }),
  }));
}
