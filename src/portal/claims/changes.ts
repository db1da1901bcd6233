/** What differs between two values, field by field. */
import type { FieldChange } from '../contract.js';

export function changesBetween(before: unknown, after: unknown, path = 'spec'): FieldChange[] {
  if (isTree(before) && isTree(after)) {
    const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return fields.flatMap((field) =>
      changesBetween(before[field], after[field], `${path}.${field}`),
    );
  }
  if (isTree(before) && after === undefined) {
    return Object.keys(before).flatMap((field) =>
      changesBetween(before[field], undefined, `${path}.${field}`),
    );
  }
  if (before === undefined && isTree(after)) {
    return Object.keys(after).flatMap((field) =>
      changesBetween(undefined, after[field], `${path}.${field}`),
    );
  }
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  return [
    {
      field: path,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    },
  ];
}

function isTree(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
