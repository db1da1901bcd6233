/** JSON merge patches (RFC 7386): objects merge, null removes, everything else replaces. */
import { badRequest } from '../http/status-error.js';
import { isJsonObject, type JsonObject } from '../json/json.js';

/** Throws 400 when the patch is no object. */
export function applyMergePatch(target: JsonObject, patch: unknown): JsonObject {
  if (patch === null) throw badRequest('Invalid JSON Patch');
  if (!isJsonObject(patch)) {
    const found = Array.isArray(patch) ? 'array' : typeof patch;
    throw badRequest(
      `error decoding patch: json: cannot unmarshal ${found} into Go value of type map[string]interface {}`,
    );
  }
  return merge(target, patch);
}

function merge(target: unknown, patch: JsonObject): JsonObject {
  const merged: JsonObject = isJsonObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) Reflect.deleteProperty(merged, key);
    else if (isJsonObject(value)) merged[key] = merge(merged[key], value);
    else merged[key] = value;
  }
  return merged;
}
