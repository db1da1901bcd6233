/**
 * `policy.toFieldPath`: how a patched value meets the value that is there.
 *
 * The rules are those of the Go library `mergo`, which the real function uses: unless forced, what is there wins, except
 * where it is empty; and zero, false and the empty string count as empty.
 */
import { isDeepStrictEqual } from 'node:util';
import { goType, type Json, type JsonMap, isMap, setField } from '../go/value.js';

export interface MergeOptions {
  /** The patched value wins over the one that is there. */
  readonly isForced: boolean;
  /** Arrays are joined instead of replaced; at the patched field itself without the items that are there already. */
  readonly appendsArrays: boolean;
}

/** Undefined for Replace, which merges nothing. */
export function mergeOptions(policy: string | undefined): MergeOptions | undefined {
  switch (policy ?? 'Replace') {
    case 'Replace':
      return undefined;
    case 'MergeObject':
    case 'MergeObjects':
      return { isForced: false, appendsArrays: false };
    case 'MergeObjectsAppendArrays':
      return { isForced: false, appendsArrays: true };
    case 'ForceMergeObjects':
      return { isForced: true, appendsArrays: false };
    case 'ForceMergeObjectsAppendArrays':
    case 'AppendArray':
      return { isForced: true, appendsArrays: true };
    default:
      throw new Error(`invalid patch policy ${String(policy)}`);
  }
}

/** The merged value; `there` is changed on the way and must not be used afterwards. */
export function merge(there: Json, patched: Json, options: MergeOptions): Json {
  if (there === null || patched === null) return patched;
  let source = patched;
  if (options.appendsArrays && Array.isArray(there) && Array.isArray(patched)) {
    source = patched.filter((item) => !there.some((other) => isDeepStrictEqual(item, other)));
  }
  const holder: JsonMap = { value: there };
  mergeMaps(holder, { value: source }, options);
  return holder.value ?? null;
}

function mergeMaps(into: JsonMap, from: JsonMap, options: MergeOptions): void {
  for (const key of Object.keys(from)) {
    const source = from[key] ?? null;
    const target = Object.hasOwn(into, key) ? into[key] : undefined;
    if (source === null) {
      if (options.isForced) setField(into, key, null);
    } else if (isMap(source) && isMap(target)) {
      mergeMaps(target, source, options);
    } else if (Array.isArray(source) && options.appendsArrays) {
      if (target !== undefined && target !== null && !Array.isArray(target)) {
        const types = `([]interface {}, ${goType(target)})`;
        throw new Error(
          `failed to merge values: cannot append two slices with different type ${types}`,
        );
      }
      setField(into, key, [...(target ?? []), ...source]);
    } else if (options.isForced || isEmpty(target)) {
      setField(into, key, source);
    }
  }
}

function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === false || value === 0 || value === '')
    return true;
  return Array.isArray(value)
    ? value.length === 0
    : isMap(value) && Object.keys(value).length === 0;
}
