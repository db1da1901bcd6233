/** The smallest merge patch (RFC 7386) between two states of an object. */
import { isDeepStrictEqual } from 'node:util';
import { isRecord } from '../external/drift.js';

/** What turns `before` into `after`; `undefined` when they are the same. Removed fields become `null`, lists are whole. */
export function mergePatch(before: unknown, after: unknown): Record<string, unknown> | undefined {
  const [old, next] = [isRecord(before) ? before : {}, isRecord(after) ? after : {}];
  const patch: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(old), ...Object.keys(next)])) {
    const [was, is] = [old[key], next[key]];
    if (isDeepStrictEqual(was, is)) continue;
    if (is === undefined) patch[key] = null;
    else patch[key] = isRecord(was) && isRecord(is) ? mergePatch(was, is) : is;
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}
