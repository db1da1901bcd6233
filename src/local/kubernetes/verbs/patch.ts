/** PATCH of an object or of its status: JSON, merge and strategic merge patches, and server-side apply. */
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
import { copyJson, isJsonObject, parseJson, type JsonObject } from '../json/json.js';
import { apply } from '../managed-fields/managers.js';
import { applyJsonPatch } from '../patches/json-patch.js';
import { applyMergePatch } from '../patches/merge-patch.js';
import { applyStrategicPatch } from '../patches/strategic-patch.js';
import { apiVersionOf, kindSubjectOf, subjectOf } from '../resources/resource.js';
import { shownText } from '../schema/text.js';
import { messageOf, readYaml, strictFaults, withCheckedType } from './body.js';
import { keyOf, type Answer, type Call } from './call.js';
import { createObject } from './create.js';
import { readBoolean, readWriteOptions, type WriteOptions } from './options.js';
import { replace } from './update.js';

const JSON_PATCH = 'application/json-patch+json';
const MERGE_PATCH = 'application/merge-patch+json';
const STRATEGIC_PATCH = 'application/strategic-merge-patch+json';
const APPLY_PATCH = 'application/apply-patch+yaml';

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
  const sent = parsePatch(text);
  const live = call.plane.store.latest(keyOf(call, call.name));
  if (live === undefined) throw notFound(subjectOf(resource, call.name));
  const shown = resource.fromStored(live.object);
  const patched = patchObject(call, shown, sent);
  return replace(
    call,
    live,
    readPatched(call, patched, shown, text, options),
    options,
    options.isDryRun,
  );
}

function checkPatchType({ contentType, resource }: Call): void {
  const taken = resource.isCustom
    ? [JSON_PATCH, MERGE_PATCH, APPLY_PATCH]
    : [JSON_PATCH, MERGE_PATCH, STRATEGIC_PATCH, APPLY_PATCH];
  if (taken.includes(contentType)) return;
  if (resource.isCustom && contentType === STRATEGIC_PATCH) throw unsupportedMediaType(taken);
  throw new StatusError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});
}

function parsePatch(text: string): unknown {
  try {
    return parseJson(text).value;
  } catch (error) {
    throw badRequest(`error decoding patch: ${messageOf(error)}`);
  }
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
  text: string,
  options: WriteOptions,
): KubernetesObject {
  const { resource, name, warn } = call;
  const kind = typeof patched.kind === 'string' ? patched.kind : '';
  const { object, unknownFields } = resource.readBody(withCheckedType(patched, kind, resource));
  const faults = strictFaults(unknownFields, []);
  if (faults.length > 0 && options.fieldValidation === 'Strict') {
    const detail = `strict decoding error: ${faults.join(', ')}`;
    throw invalid(kindSubjectOf(resource, name), [
      { type: 'Invalid', field: 'patch', value: text, detail },
    ]);
  }
  if (options.fieldValidation === 'Warn') faults.forEach(warn);
  const sentVersion = object.metadata.resourceVersion;
  if (sentVersion !== undefined && sentVersion !== shown.metadata.resourceVersion) {
    throw conflict(subjectOf(resource, name), MODIFIED);
  }
  return {
    ...object,
    metadata: { ...object.metadata, resourceVersion: shown.metadata.resourceVersion },
  };
}

async function applyObject(call: Call, options: WriteOptions): Promise<Answer> {
  const { plane, resource, name, query, subresource } = call;
  if ((query.get('fieldManager') ?? '') === '') {
    const detail = 'is required for apply patch';
    throw invalidOptions('PatchOptions', { type: 'Required', field: 'fieldManager', detail });
  }
  const config = readConfiguration(call, await call.readBody());
  const live = plane.store.latest(keyOf(call, name));
  if (live === undefined && subresource !== '') throw notFound(subjectOf(resource, name));
  const shown = live === undefined ? undefined : resource.fromStored(live.object);
  checkPreconditions(call, config, shown);
  const writer = {
    manager: options.fieldManager,
    apiVersion: apiVersionOf(resource),
    subresource,
    now: toKubernetesTime(plane.clock.now()),
    schema: resource.schema,
  };
  const force = readBoolean(query, 'force');
  const { object, managedFields } = apply(shown, config, writer, {
    force,
    hasStatus: resource.hasStatus,
  });
  const manager = { fieldManager: options.fieldManager, managedFields };
  const { object: read } = resource.readBody(copyJson(object) as unknown as JsonObject);
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
    if (resourceVersion !== undefined) throw notFound(subjectOf(resource, name));
  } else if (resourceVersion !== undefined && resourceVersion !== shown.metadata.resourceVersion) {
    throw conflict(subjectOf(resource, name), MODIFIED);
  }
}

/** What is applied, in its types but without defaults: only what it says is its manager's. */
function readConfiguration(call: Call, text: string): KubernetesObject {
  const { resource, name, namespace } = call;
  const value = parseConfiguration(text);
  if (!isJsonObject(value))
    throw badRequest('error decoding YAML: the configuration is not an object');
  const kind = typeof value.kind === 'string' ? value.kind : '';
  if (kind === '') throw badRequest(`error decoding YAML: Object 'Kind' is missing in '${text}'`);
  const checked = withCheckedType(value, kind, resource);
  const metadata = isJsonObject(checked.metadata) ? checked.metadata : {};
  if (metadata.managedFields !== undefined) throw badRequest('metadata.managedFields must be nil');
  const { unknownFields } = resource.readBody(checked);
  refuseUndeclared(call, unknownFields);
  const sentName = metadata.name ?? name;
  if (sentName !== name) {
    throw badRequest(
      `the name of the object (${shownText(sentName)}) does not match the name on the URL (${name})`,
    );
  }
  const scope = resource.isNamespaced ? { namespace: metadata.namespace ?? namespace } : {};
  return { ...checked, metadata: { ...metadata, name, ...scope } } as unknown as KubernetesObject;
}

function parseConfiguration(text: string): unknown {
  try {
    return /^\s*\{/.test(text) ? parseJson(text).value : readYaml(text);
  } catch (error) {
    throw badRequest(
      `error decoding YAML: error converting YAML to JSON: yaml: ${messageOf(error)}`,
    );
  }
}

/** Fields outside the schema cannot be owned: the server fails to type them, whatever field validation was asked for. */
function refuseUndeclared({ resource, name, namespace }: Call, fields: readonly string[]): void {
  if (fields.length === 0) return;
  const faults = [...fields].sort().map((field) => `.${field}: field not declared in schema`);
  const shown = faults.length === 1 ? faults.join('') : `errors:\n  ${faults.join('\n  ')}`;
  const object = `${namespace}/${name}; ${apiVersionOf(resource)}, Kind=${resource.kind}`;
  throw new StatusError(
    500,
    undefined,
    `failed to create typed patch object (${object}): ${shown}`,
  );
}
