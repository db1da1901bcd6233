/** DELETE of an object or a collection: preconditions, finalizers, and what becomes of dependents. */
import { shownObject } from '../resources/shown.js';
import { toKubernetesTime } from '../../../support/clock.js';
import type { Stored } from '../../../support/kubernetes/objects.js';
import { CLEANUP_FINALIZER, definitions } from '../crds/definitions.js';
import {
  conflict,
  forbidden,
  invalidOptions,
  notFound,
  notSupported,
  StatusError,
} from '../http/status-error.js';
import { isJsonObject, parseJson, type JsonObject } from '../json/json.js';
import { PROTOBUF, readProtobuf } from '../protobuf/protobuf-body.js';
import { subjectOf, type Resource } from '../resources/resource.js';
import type { StoredRecord } from '../storage/record.js';
import type { Store } from '../storage/store.js';
import { keyOf, objectAnswer, type Answer, type Call } from './call.js';
import { messageOf, notAnObject, readYaml } from './body.js';
import { list } from './list.js';
import { isDryRun, readInteger } from './options.js';
import { reviewWrite } from './review.js';
import { isReadyToGo } from './update.js';

export type Propagation = 'Foreground' | 'Background' | 'Orphan';
export const FOREGROUND_FINALIZER = 'foregroundDeletion';
export const ORPHAN_FINALIZER = 'orphan';
const POLICIES = ['Foreground', 'Background', 'Orphan'] as const;
const PROTECTED_NAMESPACES = ['default', 'kube-system', 'kube-public'];

export interface DeleteOptions {
  readonly isDryRun: boolean;
  readonly propagation: Propagation | undefined;
  readonly preconditions: { readonly uid?: string; readonly resourceVersion?: string };
}

export async function remove(call: Call): Promise<Answer> {
  const { plane, resource, name } = call;
  const options = await readDeleteOptions(call);
  const live = plane.store.latest(keyOf(call, name));
  if (live === undefined) throw notFound(subjectOf(resource, name));
  reviewDelete(call, live, options);
  const outcome = await removeObject(
    plane.store,
    resource,
    live,
    options,
    toKubernetesTime(plane.clock.now()),
  );
  if (outcome.isGone) return { kind: 'body', code: 200, body: successOf(resource, live.object) };
  return objectAnswer(resource, 200, outcome.record);
}

/** Answers the objects as they were before. */
export async function removeCollection(call: Call): Promise<Answer> {
  const { plane, resource } = call;
  const options = await readDeleteOptions(call);
  const selected = list(call);
  if (selected.kind !== 'list') throw new Error('a list is a list');
  const now = toKubernetesTime(plane.clock.now());
  const removed = await Promise.all(
    selected.items.map(async ({ key }) => {
      const live = plane.store.latest(key);
      if (live === undefined) return [];
      reviewDelete({ ...call, namespace: key.namespace }, live, options);
      await removeObject(plane.store, resource, live, options, now);
      return [live];
    }),
  );
  return { ...selected, items: removed.flat() };
}

function reviewDelete(call: Call, live: StoredRecord, options: DeleteOptions): void {
  const { isDryRun, propagation, preconditions } = options;
  checkPreconditions(call.resource, live.object, options);
  reviewWrite(call, {
    operation: 'DELETE',
    oldObject: shownObject(call.resource, live),
    isDryRun,
    options: {
      kind: 'DeleteOptions',
      apiVersion: 'meta.k8s.io/v1',
      ...(propagation === undefined ? {} : { propagationPolicy: propagation }),
      ...(Object.keys(preconditions).length === 0 ? {} : { preconditions }),
      ...(isDryRun ? { dryRun: ['All'] } : {}),
    },
  });
}

/** Deletes what is stored, or marks it for deletion where finalizers hold it. Throws Conflict and Forbidden. */
export async function removeObject(
  store: Store,
  resource: Resource,
  live: StoredRecord,
  options: DeleteOptions,
  now: string,
): Promise<{ readonly record: StoredRecord; readonly isGone: boolean }> {
  checkPreconditions(resource, live.object, options);
  checkProtection(resource, live.object);
  const marked = markForDeletion(resource, live.object, options.propagation, now);
  const isGone = isReadyToGo(marked);
  if (options.isDryRun || (marked === live.object && !isGone)) return { record: live, isGone };
  const record = isGone ? await store.delete(live.key) : await store.put(live.key, marked);
  return { record, isGone };
}

function markForDeletion(
  resource: Resource,
  live: Stored,
  propagation: Propagation | undefined,
  now: string,
): Stored {
  const { metadata } = live;
  const finalizers = finalizersFor(resource, metadata.finalizers ?? [], propagation);
  const isSame =
    finalizers.length === (metadata.finalizers ?? []).length &&
    finalizers.every((one) => metadata.finalizers?.includes(one));
  if (metadata.deletionTimestamp !== undefined && isSame) return live;
  const isFirst = metadata.deletionTimestamp === undefined;
  const isNamespace = resource.storage === 'namespaces';
  const { finalizers: _finalizers, ...rest } = metadata;
  const marked: Stored = {
    ...live,
    metadata: {
      ...rest,
      ...(finalizers.length === 0 ? {} : { finalizers }),
      ...(isFirst ? { deletionTimestamp: now } : {}),
      ...(isFirst && !isNamespace ? { deletionGracePeriodSeconds: 0 } : {}),
      ...(isFirst && metadata.generation !== undefined
        ? { generation: metadata.generation + 1 }
        : {}),
    },
  };
  if (!isNamespace) return marked;
  return {
    ...marked,
    status: { ...(live.status as JsonObject | undefined), phase: 'Terminating' },
  };
}

function finalizersFor(
  resource: Resource,
  present: readonly string[],
  propagation: Propagation | undefined,
): string[] {
  const kept = present.filter(
    (one) =>
      propagation === undefined || (one !== FOREGROUND_FINALIZER && one !== ORPHAN_FINALIZER),
  );
  if (propagation === 'Foreground') kept.push(FOREGROUND_FINALIZER);
  if (propagation === 'Orphan') kept.push(ORPHAN_FINALIZER);
  // The objects of a definition go before it does.
  if (resource.storage === definitions.storage && !kept.includes(CLEANUP_FINALIZER))
    kept.push(CLEANUP_FINALIZER);
  return kept;
}

function checkPreconditions(
  { group, kind }: Resource,
  { metadata }: Stored,
  { preconditions }: DeleteOptions,
): void {
  const subject = { group, kind, name: metadata.name };
  const { uid, resourceVersion } = preconditions;
  if (uid !== undefined && uid !== metadata.uid) {
    throw conflict(
      subject,
      `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`,
    );
  }
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    throw conflict(
      subject,
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`,
    );
  }
}

function checkProtection(resource: Resource, { metadata }: Stored): void {
  if (resource.storage !== 'namespaces' || !PROTECTED_NAMESPACES.includes(metadata.name)) return;
  throw forbidden(subjectOf(resource, metadata.name), 'this namespace may not be deleted');
}

async function readDeleteOptions(call: Call): Promise<DeleteOptions> {
  const { query } = call;
  readInteger(query, 'gracePeriodSeconds');
  const body =
    call.contentType === PROTOBUF
      ? readProtobuf(await call.readBytes())
      : parseOptions(await call.readBody(), call.contentType);
  // What the body says counts alone: of the query nothing is read where there is a body.
  const asked = body === undefined ? query : new URLSearchParams();
  // A null is as good as nothing.
  const policy = body?.propagationPolicy ?? asked.get('propagationPolicy') ?? undefined;
  const orphans = body?.orphanDependents ?? asked.get('orphanDependents') ?? undefined;
  const wanted = body?.dryRun ?? asked.getAll('dryRun');
  const preconditions = body?.preconditions ?? {};
  if (policy !== undefined && !(POLICIES as readonly unknown[]).includes(policy)) {
    throw invalidOptions(
      'DeleteOptions',
      notSupported('propagationPolicy', policy, [...POLICIES, 'nil']),
    );
  }
  if (policy !== undefined && orphans !== undefined) {
    const detail = 'orphanDependents and deletionPropagation cannot be both set';
    throw invalidOptions('DeleteOptions', {
      type: 'Invalid',
      field: 'propagationPolicy',
      value: policy,
      detail,
    });
  }
  const dryRun = Array.isArray(wanted) ? wanted.map(String) : [];
  return {
    isDryRun: isDryRun(dryRun, 'DeleteOptions'),
    propagation:
      orphans === true || orphans === 'true' ? 'Orphan' : (policy as Propagation | undefined),
    preconditions: isJsonObject(preconditions) ? preconditions : {},
  };
}

/** Undefined where there is no body. */
function parseOptions(text: string, contentType: string): JsonObject | undefined {
  if (text.trim() === '') return undefined;
  let options: unknown;
  try {
    options = contentType === 'application/yaml' ? readYaml(text) : parseJson(text).value;
  } catch (error) {
    throw undecodable(`couldn't get version/kind; json parse error: ${messageOf(error)}`);
  }
  if (options === null) return {};
  if (!isJsonObject(options))
    throw undecodable(`couldn't get version/kind; json parse error: ${notAnObject(options)}`);
  checkOptions(options);
  return options;
}

/** Every group has DeleteOptions; of other kinds the decoder knows nothing here. */
function checkOptions({ kind, apiVersion, gracePeriodSeconds }: JsonObject): void {
  if (kind !== undefined && kind !== 'DeleteOptions') {
    throw undecodable(
      `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion ?? '')} in scheme "pkg/runtime/scheme.go:110"`,
    );
  }
  if (gracePeriodSeconds !== undefined && !Number.isInteger(gracePeriodSeconds ?? 0)) {
    throw undecodable(
      `json: cannot unmarshal ${typeof gracePeriodSeconds} into Go struct field DeleteOptions.gracePeriodSeconds of type int64`,
    );
  }
}

/** The real server does not take the blame off itself here. */
function undecodable(message: string): StatusError {
  return new StatusError(500, undefined, message);
}

function successOf({ group, plural }: Resource, { metadata }: Stored) {
  const { name, uid } = metadata;
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { name, ...(group === '' ? {} : { group }), kind: plural, uid },
  };
}
