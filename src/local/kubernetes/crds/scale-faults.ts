/** What keeps a custom resource from being scaled: numbers that are none, or are out of bounds. */
import type { FieldError } from '../http/status-error.js';
import { formatJson, valueAt } from '../json/json.js';
import type { ScalePaths } from '../resources/resource.js';

const MOST_REPLICAS = 2 ** 31 - 1;

export function scaleFaults(object: object, scale: ScalePaths | undefined): FieldError[] {
  if (scale === undefined) return [];
  return [scale.specReplicasPath, scale.statusReplicasPath].flatMap((path) =>
    replicasFaults(valueAt(object, path.split('.').slice(1)), path),
  );
}

function replicasFaults(value: unknown, field: string): FieldError[] {
  const refuse = (shown: unknown, detail: string): FieldError[] => [
    { type: 'Invalid', field, value: shown, detail },
  ];
  if (value === undefined) return [];
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    const shown = typeof value === 'string' ? value : formatJson(value);
    return refuse(
      0,
      `${field} accessor error: ${shown} is of the type ${goType(value)}, expected int64`,
    );
  }
  if (value < 0) return refuse(value, 'should be a non-negative integer');
  if (value <= MOST_REPLICAS) return [];
  return refuse(value, `should be less than or equal to ${MOST_REPLICAS}`);
}

function goType(value: unknown): string {
  if (Array.isArray(value)) return '[]interface {}';
  if (typeof value === 'number') return 'float64';
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'string' ? 'string' : 'map[string]interface {}';
}
