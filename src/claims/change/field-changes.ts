/** How two values differ, field by field. */
import { isDeepStrictEqual } from 'node:util';

export interface FieldChange {
  /** `spec.handler.memorySizeMiB`, `spec.rule[0].status`, `metadata.labels[a.b/c]`. */
  readonly field: string;
  /** Absent where the field is new. */
  readonly before?: unknown;
  /** Absent where the field goes. */
  readonly after?: unknown;
}

/** Maps are compared key by key, lists of one length item by item, anything else as a whole. */
export function fieldChanges(before: unknown, after: unknown, field = ''): FieldChange[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (isMap(before) && isMap(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap((key) => fieldChanges(before[key], after[key], pathTo(field, key)));
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return before.flatMap((item: unknown, index) =>
      fieldChanges(item, after[index], `${field}[${index}]`),
    );
  }
  return [
    {
      field,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    },
  ];
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function pathTo(field: string, key: string): string {
  if (/[.[\]]/.test(key)) return `${field}[${key}]`;
  return field === '' ? key : `${field}.${key}`;
}
