/**
 * Managers: who owns which fields of an object, kept in `metadata.managedFields`.
 *
 * Every write passes here: a plain write owns what it changed and takes it from others, an apply owns what it names,
 * conflicts over values that others own, and removes what it named before and names no longer.
 */
import type { KubernetesObject } from '../../../support/kubernetes/objects.js';
import { StatusError } from '../http/status-error.js';
import { isEqual, isJsonObject, textAt, type JsonObject } from '../json/json.js';
import type { Schema } from '../schema/schema.js';
import {
  difference,
  EMPTY,
  formatPath,
  intersection,
  isEmptySet,
  isSameSet,
  pathsOf,
  toFieldSet,
  union,
  withoutTrees,
  withParents,
  type FieldSet,
} from './field-set.js';
import { compare, fieldsOf, merge, removeFields } from './typed-value.js';

/** More plain writers than this share one entry. */
const MAX_UPDATE_MANAGERS = 10;
const ANCIENT = 'ancient-changes';
const BEFORE_FIRST_APPLY = 'before-first-apply';

interface Manager {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly subresource: string;
  readonly time: string | undefined;
  readonly fields: FieldSet;
}

export interface Writer {
  readonly manager: string;
  readonly apiVersion: string;
  /** Empty for the object itself. */
  readonly subresource: string;
  /** RFC 3339. */
  readonly now: string;
  readonly schema: Schema;
  /** Whether status is written apart, and so no part of what other writes own. */
  readonly hasStatus: boolean;
  readonly isCustom: boolean;
  /** What an object of the kind is before anything is said in it. */
  readonly zero: JsonObject;
}

/** Fields that nobody owns: the identity of an object and what the server sets. */
const UNOWNED = toFieldSet({
  'f:apiVersion': {},
  'f:kind': {},
  'f:metadata': {
    'f:name': {},
    'f:namespace': {},
    'f:creationTimestamp': {},
    'f:selfLink': {},
    'f:uid': {},
    'f:clusterName': {},
    'f:generation': {},
    'f:managedFields': {},
    'f:resourceVersion': {},
  },
});

function ownable(set: FieldSet): FieldSet {
  return difference(withoutTrees(set, UNOWNED), { 'f:metadata': EMPTY });
}

/** Which fields a write through this subresource can own at all. */
function resetFields(set: FieldSet, { subresource, hasStatus, isCustom }: Writer): FieldSet {
  // Of a custom resource, what else a write of its status says is owned, though it is not kept.
  if (subresource === 'status' && isCustom) return withoutTrees(set, { 'f:spec': EMPTY });
  if (subresource === 'status')
    return set['f:status'] === undefined ? EMPTY : { 'f:status': set['f:status'] };
  return hasStatus ? withoutTrees(set, { 'f:status': EMPTY }) : set;
}

export interface ApplyOutcome {
  readonly object: KubernetesObject;
  /** Whether any owner or owned field changed. */
  readonly managedFields: unknown[];
}

/** The managed fields after a plain write turned `live` (undefined: nothing) into `next`. */
export function trackUpdate(
  live: KubernetesObject | undefined,
  next: KubernetesObject,
  writer: Writer,
): unknown[] {
  const managers = managersGiven(live, next, writer);
  if (live !== undefined && managers.length === 0) return [];
  const { added, modified, removed } = compare(
    live === undefined ? writer.zero : withoutUnowned(live),
    withoutUnowned(next),
    writer.schema,
  );
  const taken = resetFields(ownable(union(added, modified)), writer);
  const mine = managers.find((one) => isOf(one, writer, 'Update'));
  const owned = union(difference(mine?.fields ?? EMPTY, removed), taken);
  const others = managers
    .filter((one) => one !== mine)
    .map((one) => withFields(one, difference(difference(one.fields, taken), removed)));
  return writeManagers([...others, entryOf(mine, owned, writer, 'Update')]);
}

/** A client may set the managed fields of an object, or clear them, and from then on only an apply begins to keep them again. */
function managersGiven(
  live: KubernetesObject | undefined,
  next: KubernetesObject,
  { subresource }: Writer,
): Manager[] {
  const given = subresource === '' ? next.metadata.managedFields : undefined;
  const [first] = given ?? [];
  const isEmptyEntry = isJsonObject(first) && Object.keys(first).length === 0;
  if (given?.length === 0 || (given?.length === 1 && isEmptyEntry)) return [];
  return readManagers(given?.every(isManagerEntry) === true ? next : live);
}

/** What is not, is ignored together with all beside it. */
function isManagerEntry(entry: unknown): boolean {
  if (!isJsonObject(entry)) return false;
  const { operation, fieldsType, fieldsV1 } = entry;
  return (
    ['Apply', 'Update'].includes(String(operation)) &&
    fieldsType === 'FieldsV1' &&
    isJsonObject(fieldsV1) &&
    Object.keys(fieldsV1).every((element) => element === '.' || /^[fkvi]:/.test(element))
  );
}

/**
 * Applies a configuration; `allowed` are fields that are no conflict whoever owns them. Throws Conflict (409) with a
 * cause for each field that another manager owns.
 */
export function apply(
  live: KubernetesObject | undefined,
  config: KubernetesObject,
  writer: Writer,
  { force, allowed }: { readonly force: boolean; readonly allowed: FieldSet },
): ApplyOutcome {
  const managers = readManagers(live);
  if (live !== undefined && managers.length === 0) {
    const { added, modified } = compare(writer.zero, withoutUnowned(live), writer.schema);
    const fields = resetFields(ownable(union(added, modified)), writer);
    const before = { ...writer, manager: BEFORE_FIRST_APPLY };
    managers.push(entryOf(undefined, fields, before, 'Update'));
  }
  const applied = resetFields(ownable(fieldsOf(config, writer.schema)), writer);
  const mine = managers.find((one) => isOf(one, writer, 'Apply'));
  const others = managers.filter((one) => one !== mine);
  const merged = merge(live ?? {}, restrict(config, writer), writer.schema) as KubernetesObject;
  const pruned = prune(merged, mine?.fields ?? EMPTY, applied, others, writer.schema);
  const next = withoutUnowned(pruned);
  const { added, modified, removed } = compare(withoutUnowned(live), next, writer.schema);
  const changed = union(added, modified);
  const conflicts = others
    .map((one) => ({ one, fields: difference(intersection(one.fields, changed), allowed) }))
    .filter(({ fields }) => !isEmptySet(fields));
  if (conflicts.length > 0 && !force) throw conflictError(conflicts);
  const yielded = others.map((one) =>
    withFields(one, difference(difference(one.fields, changed), removed)),
  );
  const isChanged = live === undefined || !isEqual(next, withoutUnowned(live));
  const managedFields = writeManagers([...yielded, appliedEntry(mine, applied, writer, isChanged)]);
  return { object: pruned, managedFields };
}

/** What an apply through a subresource can set; the rest of the configuration is left aside. */
function restrict(config: KubernetesObject, { subresource, hasStatus }: Writer): JsonObject {
  const { apiVersion, kind, metadata, status } = config;
  if (subresource === 'status') {
    const { name, namespace } = metadata;
    return {
      apiVersion,
      kind,
      metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
      ...(status === undefined ? {} : { status }),
    };
  }
  const { status: _status, ...rest } = config;
  return { ...(hasStatus ? rest : config) };
}

/** Takes away what this manager applied before and neither it nor anyone else owns now. */
function prune(
  merged: KubernetesObject,
  before: FieldSet,
  applied: FieldSet,
  others: readonly Manager[],
  schema: Schema,
): KubernetesObject {
  const kept = withParents(others.reduce((set, { fields }) => union(set, fields), applied));
  const gone = difference(withParents(before), kept);
  return isEmptySet(gone) ? merged : (removeFields(merged, gone, kept, schema) as KubernetesObject);
}

function conflictError(
  conflicts: readonly { readonly one: Manager; readonly fields: FieldSet }[],
): StatusError {
  const all = conflicts.flatMap(({ one, fields }) =>
    pathsOf(fields).map((path) => ({ by: describe(one), field: formatPath(path) })),
  );
  const parts = [...new Set(all.map(({ by }) => by))].map((by) => {
    const fields = all.filter((one) => one.by === by).map(({ field }) => field);
    return fields.length === 1
      ? `conflict with ${by}: ${fields.join('')}`
      : `conflicts with ${by}:\n${fields.map((field) => `- ${field}`).join('\n')}`;
  });
  const noun = all.length === 1 ? 'conflict' : 'conflicts';
  return new StatusError(
    409,
    'Conflict',
    `Apply failed with ${all.length} ${noun}: ${parts.join('\n')}`,
    {
      causes: all.map(({ by, field }) => ({
        reason: 'FieldManagerConflict',
        message: `conflict with ${by}`,
        field,
      })),
    },
  );
}

function describe({ manager, operation, apiVersion, subresource }: Manager): string {
  const place = subresource === '' ? '' : ` with subresource ${JSON.stringify(subresource)}`;
  return operation === 'Apply'
    ? `${JSON.stringify(manager)}${place}`
    : `${JSON.stringify(manager)}${place} using ${apiVersion}`;
}

function isOf(
  one: Manager,
  { manager, apiVersion, subresource }: Writer,
  operation: Manager['operation'],
): boolean {
  const isSame =
    one.manager === manager && one.operation === operation && one.subresource === subresource;
  return isSame && (operation === 'Apply' || one.apiVersion === apiVersion);
}

function withFields(one: Manager, fields: FieldSet): Manager {
  return isSameSet(one.fields, fields) ? one : { ...one, fields };
}

/** The writer's entry; its time moves only when its fields do. */
function entryOf(
  mine: Manager | undefined,
  fields: FieldSet,
  writer: Writer,
  operation: Manager['operation'],
): Manager {
  const { manager, apiVersion, subresource, now } = writer;
  if (mine?.apiVersion === apiVersion && isSameSet(mine.fields, fields)) return mine;
  return { manager, operation, apiVersion, subresource, time: now, fields };
}

/** The time of an apply's entry moves, and is set at all, only where the apply changed the object. */
function appliedEntry(
  mine: Manager | undefined,
  fields: FieldSet,
  { manager, apiVersion, subresource, now }: Writer,
  isChanged: boolean,
): Manager {
  const time = isChanged ? now : mine?.time;
  return { manager, operation: 'Apply', apiVersion, subresource, time, fields };
}

function withoutUnowned(object: KubernetesObject | undefined): JsonObject {
  if (object === undefined) return {};
  const { apiVersion: _apiVersion, kind: _kind, metadata, ...rest } = object;
  const { managedFields: _managedFields, ...owned } = metadata;
  return { ...rest, metadata: owned };
}

function readManagers(object: KubernetesObject | undefined): Manager[] {
  return (object?.metadata.managedFields ?? []).filter(isJsonObject).map((entry) => ({
    manager: textAt(entry, 'manager'),
    operation: entry.operation === 'Apply' ? 'Apply' : 'Update',
    apiVersion: textAt(entry, 'apiVersion'),
    subresource: textAt(entry, 'subresource'),
    time: typeof entry.time === 'string' ? entry.time : undefined,
    fields: toFieldSet(entry.fieldsV1),
  }));
}

function writeManagers(managers: readonly Manager[]): unknown[] {
  const present = capUpdates(managers.filter(({ fields }) => !isEmptySet(fields)));
  return present
    .toSorted(byAge)
    .map(({ manager, operation, apiVersion, subresource, time, fields }) => ({
      manager,
      operation,
      apiVersion,
      ...(time === undefined ? {} : { time }),
      fieldsType: 'FieldsV1',
      fieldsV1: fields,
      ...(subresource === '' ? {} : { subresource }),
    }));
}

function capUpdates(managers: readonly Manager[]): readonly Manager[] {
  const updates = managers.filter(({ operation }) => operation === 'Update').toSorted(byAge);
  const surplus = updates.length - MAX_UPDATE_MANAGERS;
  if (surplus <= 0) return managers;
  const oldest = updates.slice(0, surplus + 1);
  const fields = oldest.reduce<FieldSet>((set, one) => union(set, one.fields), EMPTY);
  return [
    ...managers.filter((one) => !oldest.includes(one)),
    ...oldest.slice(-1).map((last) => ({ ...last, manager: ANCIENT, subresource: '', fields })),
  ];
}

function byAge(a: Manager, b: Manager): number {
  const keyOf = ({ operation, time, manager, apiVersion, subresource }: Manager) =>
    [operation, time ?? '', manager, apiVersion, subresource].join('\0');
  return keyOf(a) < keyOf(b) ? -1 : 1;
}
