/**
 * Strategic merge patches: merge patches that know lists, for built-in kinds.
 *
 * A list whose schema says `merge` is merged by its merge key (or as a set); the directives `$patch`, `$retainKeys`,
 * `$deleteFromPrimitiveList/…` and `$setElementOrder/…` are obeyed.
 */
import { badRequest, StatusError } from '../http/status-error.js';
import { isEqual, isJsonObject, type JsonObject } from '../json/json.js';
import { memberSchema, type Schema } from '../schema/schema.js';
import { shownText } from '../schema/text.js';

const DELETE_FROM = '$deleteFromPrimitiveList/';
const ELEMENT_ORDER = '$setElementOrder/';
const RETAIN_KEYS = '$retainKeys';
const DIRECTIVE = '$patch';

/** Throws 400 when the patch is no object or a directive is malformed. */
export function applyStrategicPatch(
  target: JsonObject,
  patch: unknown,
  schema: Schema,
): JsonObject {
  if (patch === null) return target;
  if (!isJsonObject(patch)) {
    const found = Array.isArray(patch) ? 'array' : typeof patch;
    throw badRequest(
      `json: cannot unmarshal ${found} into Go value of type map[string]interface {}`,
    );
  }
  return mergeObject(target, patch, schema);
}

function mergeObject(
  target: JsonObject,
  patch: JsonObject,
  schema: Schema | undefined,
): JsonObject {
  const { [DIRECTIVE]: directive, [RETAIN_KEYS]: retained, ...changes } = patch;
  if (directive === 'replace') return clean(changes) as JsonObject;
  if (directive === 'delete') return {};
  if (directive !== undefined && directive !== 'merge') {
    const shown = shownText(directive);
    throw new StatusError(
      500,
      undefined,
      `unknown patch type: ${shown} in map: map[${DIRECTIVE}:${shown}]`,
    );
  }
  const merged: JsonObject = { ...target };
  for (const [key, value] of Object.entries(changes)) {
    if (key.startsWith(DELETE_FROM)) {
      removeFromSet(merged, key.slice(DELETE_FROM.length), value);
    } else if (!key.startsWith(ELEMENT_ORDER)) {
      if (value === null) Reflect.deleteProperty(merged, key);
      else merged[key] = mergeValue(merged[key], value, memberSchema(schema, key));
    }
  }
  for (const [key, value] of Object.entries(changes)) {
    if (!key.startsWith(ELEMENT_ORDER)) continue;
    const name = key.slice(ELEMENT_ORDER.length);
    if (Array.isArray(merged[name]) && Array.isArray(value)) {
      merged[name] = inOrder(merged[name], value, mergeKeyOf(memberSchema(schema, name)));
    }
  }
  if (Array.isArray(retained)) {
    for (const key of Object.keys(merged))
      if (!retained.includes(key)) Reflect.deleteProperty(merged, key);
  }
  return merged;
}

function mergeValue(target: unknown, value: unknown, schema: Schema | undefined): unknown {
  if (isJsonObject(value)) return mergeObject(isJsonObject(target) ? target : {}, value, schema);
  if (!Array.isArray(value)) return value;
  if (schema?.['x-kubernetes-patch-strategy'] !== 'merge') return clean(value);
  return mergeList(Array.isArray(target) ? target : [], value, schema);
}

function mergeList(
  target: readonly unknown[],
  patch: readonly unknown[],
  schema: Schema,
): unknown[] {
  const mergeKey = mergeKeyOf(schema);
  if (mergeKey === undefined) {
    return patch.reduce<unknown[]>(
      (merged, item) => (merged.some((one) => isEqual(one, item)) ? merged : [...merged, item]),
      [...target],
    );
  }
  const isReplaced = patch.some((item) => isJsonObject(item) && item[DIRECTIVE] === 'replace');
  let merged: unknown[] = isReplaced ? [] : [...target];
  for (const item of patch) {
    if (!isJsonObject(item)) throw badRequest('the items of a list that is merged must be objects');
    const { [DIRECTIVE]: directive, ...fields } = item;
    if (directive === 'replace' && Object.keys(fields).length === 0) continue;
    const key = fields[mergeKey];
    if (key === undefined)
      throw badRequest(
        `map: ${JSON.stringify(item)} does not contain declared merge key: ${mergeKey}`,
      );
    const at = merged.findIndex((one) => isJsonObject(one) && isEqual(one[mergeKey], key));
    if (directive === 'delete') merged = merged.filter((_, index) => index !== at);
    else if (at < 0) merged.push(mergeObject({}, fields, schema.items));
    else merged[at] = mergeObject(merged[at] as JsonObject, fields, schema.items);
  }
  return merged;
}

function mergeKeyOf(schema: Schema | undefined): string | undefined {
  return schema?.['x-kubernetes-patch-merge-key'];
}

function removeFromSet(object: JsonObject, key: string, removed: unknown): void {
  const list = object[key];
  if (!Array.isArray(list) || !Array.isArray(removed)) return;
  object[key] = list.filter((item) => !removed.some((one) => isEqual(one, item)));
}

/** `list` with the items that `order` names in that order, and the others where they were among them. */
function inOrder(
  list: readonly unknown[],
  order: readonly unknown[],
  mergeKey: string | undefined,
): unknown[] {
  const identity = (item: unknown) =>
    JSON.stringify(mergeKey !== undefined && isJsonObject(item) ? item[mergeKey] : item);
  const wanted = order.map(identity);
  const named = list
    .filter((item) => wanted.includes(identity(item)))
    .sort((a, b) => wanted.indexOf(identity(a)) - wanted.indexOf(identity(b)));
  const others = list.filter((item) => !wanted.includes(identity(item)));
  return [...named, ...others];
}

/** A value that is taken as it is, without the directives and nulls in it. */
function clean(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value
      .filter(
        (item) =>
          !(isJsonObject(item) && item[DIRECTIVE] !== undefined && Object.keys(item).length === 1),
      )
      .map(clean);
  }
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, member]) => member !== null && !key.startsWith('$'))
      .map(([key, member]) => [key, clean(member)]),
  );
}
