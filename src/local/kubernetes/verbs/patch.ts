/** PATCH of an object or of its status: JSON, merge and strategic merge patches, and server-side apply. */
import { shownObject } from '../resources/shown.js';
import type { KubernetesObject, Stored } from '../../../support/kubernetes/objects.js';
import { toKubernetesTime } from '../../../support/clock.js';
import {
  badRequest,
  conflict,
  invalid,
  invalidOptions,
  MODIFIED,
  notFound,
  StatusError,
  unsupportedMediaType,
} from '../http/status-error.js';
import {
  copyJson,
  formatJson,
  isJsonObject,
  parseJson,
  sortedKeys,
  type JsonObject,
} from '../json/json.js';
import { configurationFaults } from '../managed-fields/configuration-faults.js';
import { EMPTY } from '../managed-fields/field-set.js';
import { fieldsLastApplied, isKubectl, withLastApplied } from '../managed-fields/last-applied.js';
import { apply } from '../managed-fields/managers.js';
import { writerOf } from '../managed-fields/writer.js';
import { applyJsonPatch } from '../patches/json-patch.js';
import { applyMergePatch } from '../patches/merge-patch.js';
import { applyStrategicPatch } from '../patches/strategic-patch.js';
import { apiVersionOf, kindSubjectOf, subjectOf, type Resource } from '../resources/resource.js';
import { DecodeFailure } from '../schema/decode.js';
import { goText } from '../schema/go-text.js';
import { shownText } from '../schema/text.js';
import { WRONG_NAMESPACE } from './admission.js';
import { messageOf, parseYamlBody, strictFaults, withCheckedType, type YamlBody } from './body.js';
import { keyOf, type Answer, type Call } from './call.js';
import { createObject } from './create.js';
import { readBoolean, readWriteOptions, type WriteOptions } from './options.js';
import { replace } from './update.js';

const JSON_PATCH = 'application/json-patch+json';
const MERGE_PATCH = 'application/merge-patch+json';
const STRATEGIC_PATCH = 'application/strategic-merge-patch+json';
const APPLY_PATCH = 'application/apply-patch+yaml';

const JSON_PATCH_FIELDS = new Set(['op', 'path', 'from', 'value']);

export async function patch(call: Call): Promise<Answer> {
  const { contentType, query, resource } = call;
  checkPatchType(call);
  const options = readWriteOptions(call, 'PatchOptions');
  if (contentType === APPLY_PATCH) return applyObject(call, options);
  if (query.has('force')) {
    const detail = 'may not be specified for non-apply patch';
    throw invalidOptions('PatchOptions', { type: 'Forbidden', field: 'force', detail });
  }
  const text = await call.readBody();
  const sent = parsePatch(call, text, options);
  const live = call.plane.store.latest(keyOf(call, call.name));
  if (live === undefined) throw notFound(subjectOf(resource, call.name));
  const shown = shownObject(resource, live);
  const patched = patchObject(call, shown, sent.value);
  return replace(
    call,
    live,
    readPatched(call, patched, shown, sent, options),
    options,
    options.isDryRun,
  );
}

function checkPatchType({ contentType, resource }: Call): void {
  const taken = resource.isCustom
    ? [JSON_PATCH, MERGE_PATCH, APPLY_PATCH]
    : [JSON_PATCH, MERGE_PATCH, STRATEGIC_PATCH, APPLY_PATCH];
  if (taken.includes(contentType)) return;
  if (resource.isCustom) throw unsupportedMediaType(taken);
  throw new StatusError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});
}

interface SentPatch {
  readonly value: unknown;
  /** What strict field validation finds in the patch itself. */
  readonly faults: readonly string[];
}

function parsePatch({ contentType }: Call, text: string, { fieldValidation }: WriteOptions) {
  try {
    const { value, duplicates } = parseJson(text, fieldValidation !== 'Ignore');
    const faults =
      contentType === JSON_PATCH
        ? jsonPatchFaults(value, duplicates)
        : strictFaults([], duplicates);
    return { value, faults } satisfies SentPatch;
  } catch (error) {
    const prefix = contentType === STRATEGIC_PATCH ? '' : 'error decoding patch: ';
    throw badRequest(`${prefix}${messageOf(error)}`);
  }
}

function jsonPatchFaults(value: unknown, duplicates: readonly string[]): string[] {
  const unknown = (Array.isArray(value) ? value : []).flatMap((operation: unknown, index) =>
    isJsonObject(operation)
      ? Object.keys(operation)
          .filter((key) => !JSON_PATCH_FIELDS.has(key))
          .map((key) => `[${index}].${key}`)
      : [],
  );
  const inOperation = duplicates.filter((path) => /^\[\d+\]\.[^.[]+$/.test(path));
  return [
    ...inOperation.map((field) => `json patch duplicate field "${field}"`),
    ...unknown.map((field) => `json patch unknown field "${field}"`),
  ];
}

function patchObject({ contentType, resource }: Call, shown: Stored, sent: unknown): JsonObject {
  const target = shown as unknown as JsonObject;
  switch (contentType) {
    case JSON_PATCH:
      return applyJsonPatch(target, sent);
    case MERGE_PATCH:
      return applyMergePatch(target, sent);
    default:
      return applyStrategicPatch(target, sent, resource.schema);
  }
}

/** The outcome of a patch, read as if it had been sent: typed, pruned, defaulted. */
function readPatched(
  call: Call,
  patched: JsonObject,
  shown: Stored,
  sent: SentPatch,
  { fieldValidation }: WriteOptions,
): KubernetesObject {
  const { resource, name, warn } = call;
  const { object, unknownFields } = readTyped(call, patched, sent);
  const faults = [...sent.faults, ...strictFaults(unknownFields, [])];
  if (faults.length > 0 && fieldValidation === 'Strict')
    throw invalidPatch(patched, `strict decoding error: ${faults.join(', ')}`);
  if (fieldValidation === 'Warn') faults.forEach(warn);
  const { resourceVersion, uid = shown.metadata.uid } = object.metadata;
  if (resourceVersion !== undefined && resourceVersion !== shown.metadata.resourceVersion)
    throw conflict(subjectOf(resource, name), MODIFIED);
  if (uid !== shown.metadata.uid) throw changedUid(resource, name, uid);
  return {
    ...object,
    metadata: { ...object.metadata, resourceVersion: shown.metadata.resourceVersion },
  };
}

function changedUid(resource: Resource, name: string, uid: string): StatusError {
  const detail = 'field is immutable';
  const fault = { type: 'Invalid', field: 'metadata.uid', value: uid, detail } as const;
  // It is looked at twice.
  return invalid(kindSubjectOf(resource, name), [fault, fault]);
}

/** A built-in kind keeps its type whatever a patch does to it; of what no longer decodes, the patch is to blame. */
function readTyped({ resource, contentType }: Call, patched: JsonObject, sent: SentPatch) {
  if (resource.isCustom) {
    const kind = typeof patched.kind === 'string' ? patched.kind : '';
    const typed = withCheckedType(patched, kind, resource);
    return blamingPatch(patched, () => resource.readBody(typed));
  }
  const expected = { kind: resource.kind, apiVersion: apiVersionOf(resource) };
  if (contentType === STRATEGIC_PATCH)
    return blamingStrategicPatch(sent, () => resource.readBody({ ...patched, ...expected }));
  return blamingPatch(patched, () => {
    const { kind = resource.kind, apiVersion = expected.apiVersion } = patched;
    return resource.readBody(
      withCheckedType({ ...patched, kind, apiVersion }, shownText(kind), resource),
    );
  });
}

function blamingPatch<T>(patched: JsonObject, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof StatusError) || error.code !== 400) throw error;
    throw invalidPatch(patched, error.message.replace(/^.* cannot be handled as a \w+: /, ''));
  }
}

/** Of a strategic merge patch the real server shows what was sent, of the others what came out. */
function blamingStrategicPatch<T>(sent: SentPatch, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof DecodeFailure)) throw error;
    throw invalidPatch(goText(sent.value), error.fault.ofPatched);
  }
}

function invalidPatch(patch: JsonObject | string, detail: string): StatusError {
  const value = typeof patch === 'string' ? patch : formatJson(sortedKeys(patch));
  return invalid({ group: '', kind: '' }, [{ type: 'Invalid', field: 'patch', value, detail }]);
}

async function applyObject(call: Call, options: WriteOptions): Promise<Answer> {
  const { plane, resource, name, query, subresource } = call;
  if ((query.get('fieldManager') ?? '') === '') {
    const detail = 'is required for apply patch';
    throw invalidOptions('PatchOptions', { type: 'Required', field: 'fieldManager', detail });
  }
  const sent = readConfiguration(call, await call.readBody(), options);
  const live = plane.store.latest(keyOf(call, name));
  if (live === undefined && subresource !== '') throw notFound(subjectOf(resource, name));
  const shown = live === undefined ? undefined : shownObject(resource, live);
  const config = placed(call, sent, shown);
  checkPreconditions(call, config, shown);
  const now = toKubernetesTime(plane.clock.now());
  const writer = writerOf(resource, options.fieldManager, subresource, now);
  const force = readBoolean(query, 'force');
  const allowed = isKubectl(writer) ? fieldsLastApplied(shown, writer) : EMPTY;
  const { object: applied, managedFields } = apply(shown, config, writer, { force, allowed });
  const object = isKubectl(writer) ? withLastApplied(applied, sent) : applied;
  const manager = { fieldManager: options.fieldManager, managedFields };
  const { object: read } = resource.readBody(copyJson(object) as unknown as JsonObject, 'kept');
  if (live === undefined || shown === undefined)
    return createObject(call, read, manager, options.isDryRun);
  const metadata = { ...read.metadata, resourceVersion: shown.metadata.resourceVersion };
  return replace(call, live, { ...read, metadata }, manager, options.isDryRun);
}

function checkPreconditions(
  { resource, name }: Call,
  { metadata }: KubernetesObject,
  shown: Stored | undefined,
): void {
  const { uid, resourceVersion } = metadata;
  if (shown === undefined) {
    if (uid !== undefined) {
      throw conflict(
        subjectOf(resource, name),
        `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`,
      );
    }
  } else if (uid !== undefined && uid !== shown.metadata.uid) {
    throw changedUid(resource, name, uid);
  } else if (resourceVersion !== undefined && resourceVersion !== shown.metadata.resourceVersion) {
    throw conflict(subjectOf(resource, name), MODIFIED);
  }
}

/** What is applied, in its types but without defaults: only what it says is its manager's. */
function readConfiguration(call: Call, text: string, options: WriteOptions): JsonObject {
  const { value, duplicates } = parseConfiguration(text);
  if (!isJsonObject(value ?? {})) {
    const found = Array.isArray(value) ? 'array' : typeof value;
    throw badRequest(
      `error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${found} into Go value of type map[string]interface {}`,
    );
  }
  const { fieldValidation } = options;
  if (duplicates.length > 0 && fieldValidation === 'Strict') {
    throw badRequest(
      `error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:\n  ${duplicates.join('\n  ')}`,
    );
  }
  if (fieldValidation === 'Warn') duplicates.forEach(call.warn);
  const checked = withType((value ?? {}) as JsonObject, call.resource);
  const { managedFields } = isJsonObject(checked.metadata) ? checked.metadata : {};
  if ((managedFields ?? null) !== null) throw badRequest('metadata.managedFields must be nil');
  refuseUntyped(call, checked);
  return checked;
}

/** The configuration with the place that the request is for; it has to be the one that it names. */
function placed(
  { resource, name, namespace }: Call,
  config: JsonObject,
  live: Stored | undefined,
): KubernetesObject {
  const metadata = isJsonObject(config.metadata) ? config.metadata : {};
  const { name: sentName, namespace: sentNamespace = namespace, uid } = metadata;
  const isUnmatched = live === undefined && uid !== undefined;
  if (!isUnmatched && resource.isNamespaced && sentNamespace !== namespace)
    throw badRequest(WRONG_NAMESPACE);
  if (!isUnmatched && sentName === undefined) {
    throw badRequest(
      `the name of the object (${name} based on URL) was undeterminable: name must be provided`,
    );
  }
  if (!isUnmatched && sentName !== name) {
    throw badRequest(
      `the name of the object (${shownText(sentName)}) does not match the name on the URL (${name})`,
    );
  }
  const scope = resource.isNamespaced ? { namespace } : {};
  return { ...config, metadata: { ...metadata, name, ...scope } } as unknown as KubernetesObject;
}

/** Unlike a body, a configuration has to say what it is. */
function withType(value: JsonObject, resource: Resource): JsonObject {
  const [apiVersion, kind] = [value.apiVersion, value.kind].map((one) =>
    typeof one === 'string' ? one : '',
  );
  if (apiVersion === apiVersionOf(resource) && kind === resource.kind) return value;
  const [group, version] = /^(?:(.*)\/)?(.*)$/.exec(apiVersion ?? '')?.slice(1) ?? [];
  throw badRequest(`invalid object type: ${group ?? ''}/${version ?? ''}, Kind=${kind ?? ''}`);
}

/** Most are JSON, which is read faster; what comes twice in it is told of as it is of YAML. */
function parseConfiguration(text: string): YamlBody {
  try {
    if (/^\s*\{/.test(text)) {
      const { value, duplicates } = parseJson(text, true);
      if (duplicates.length === 0) return { value, duplicates };
    }
  } catch {
    // It may be YAML all the same.
  }
  try {
    return parseYamlBody(text);
  } catch (error) {
    throw badRequest(`error decoding YAML: error converting YAML to JSON: ${messageOf(error)}`);
  }
}

/** Fields outside the schema, or of another type, cannot be owned, whatever field validation was asked for. */
function refuseUntyped({ resource }: Call, config: JsonObject): void {
  const metadata = isJsonObject(config.metadata) ? config.metadata : {};
  const faults = configurationFaults(config, resource.schema);
  if (faults.length === 0) return;
  const shown = faults.length === 1 ? faults.join('') : `errors:\n  ${faults.join('\n  ')}`;
  const [namespace, name] = [metadata.namespace, metadata.name].map((one) => shownText(one ?? ''));
  const object = `${namespace ?? ''}/${name ?? ''}; ${resource.group === '' ? '/' : ''}${apiVersionOf(resource)}, Kind=${resource.kind}`;
  throw new StatusError(
    500,
    undefined,
    `failed to create typed patch object (${object}): ${shown}`,
  );
}
