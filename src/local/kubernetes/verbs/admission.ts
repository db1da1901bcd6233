/**
 * Admission: what every write passes on its way to the store, after its body was read and before it is kept.
 *
 * `admitCreate` and `admitUpdate` decide and give the object to store, without waiting for anything: between the look at
 * what is `latest` and the write no other write can come. They throw the StatusError that refuses the request.
 */
import { toKubernetesTime } from '../../../support/clock.js';
import type { KubernetesObject, Stored } from '../../../support/kubernetes/objects.js';
import {
  badRequest,
  conflict,
  forbidden,
  invalid,
  MODIFIED,
  notFound,
  StatusError,
  type FieldError,
} from '../http/status-error.js';
import { isEqual } from '../json/json.js';
import { trackUpdate } from '../managed-fields/managers.js';
import { writerOf } from '../managed-fields/writer.js';
import {
  finalizerWarnings,
  generateName,
  immutableFaults,
  isSpecChanged,
  metadataForCreate,
  metadataForUpdate,
  validateMetadata,
  withOwnersOnce,
} from '../resources/metadata.js';
import { kindSubjectOf, subjectOf, type Resource } from '../resources/resource.js';
import type { Call } from './call.js';

export const WRONG_NAMESPACE =
  'the namespace of the provided object does not match the namespace sent on the request';

export interface Manager {
  readonly fieldManager: string;
  /** Through which it writes, where it is not that of the call. */
  readonly subresource?: string;
  /** Set by an apply, which works out the managed fields itself. */
  readonly managedFields?: unknown[];
}

export function admitCreate(
  call: Call,
  sent: KubernetesObject,
  manager: Manager,
): KubernetesObject {
  const { plane, resource, namespace } = call;
  const now = toKubernetesTime(plane.clock.now());
  const named = withName(call, sent);
  checkNamespace(call, named.metadata.name ?? '');
  if (resource.creationRefusal !== undefined) {
    throw new StatusError(405, 'MethodNotAllowed', resource.creationRefusal, {
      ...subjectOf(resource),
    });
  }
  const metadata = metadataForCreate(named.metadata, now, resource.hasGeneration);
  if (resource.isNamespaced) metadata.namespace = namespace;
  else delete metadata.namespace;
  const asked = withOwners(call, { ...named, metadata }, undefined);
  const created = resource.prepareCreate(asked);
  refuseFaults(call, created, undefined);
  return withManagers(created, managersOf(call, undefined, asked, manager, now));
}

function withName(call: Call, sent: KubernetesObject): KubernetesObject {
  const { resource, namespace } = call;
  const { name = '', generateName: prefix = '', namespace: sentNamespace = '' } = sent.metadata;
  if (resource.isNamespaced && sentNamespace !== '' && sentNamespace !== namespace) {
    throw badRequest(WRONG_NAMESPACE);
  }
  if (/^0*[1-9]\d*$/.test(sent.metadata.resourceVersion ?? '')) {
    throw new StatusError(
      500,
      undefined,
      'resourceVersion should not be set on objects to be created',
    );
  }
  if (name !== '' || prefix === '') return sent;
  return { ...sent, metadata: { ...sent.metadata, name: generateName(prefix) } };
}

/** Nothing is created in a namespace that is not there, or that is being emptied. */
function checkNamespace({ plane, resource, namespace }: Call, name: string): void {
  if (!resource.isNamespaced) return;
  const record = plane.store.latest({ resource: 'namespaces', namespace: '', name: namespace });
  if (record === undefined) throw notFound({ group: '', kind: 'namespaces', name: namespace });
  if (record.object.metadata.deletionTimestamp === undefined) return;
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  const refusal = forbidden(subjectOf(resource, name), why);
  const causes = [
    {
      reason: 'NamespaceTerminating',
      message: `namespace ${namespace} is being terminated`,
      field: 'metadata.namespace',
    },
  ];
  throw new StatusError(refusal.code, refusal.reason, refusal.message, {
    ...refusal.details,
    causes,
  });
}

/** Warns of what the real server warns of in the metadata of an object, and takes owners that are named twice once. */
function withOwners(
  { resource, contentType, warn }: Call,
  object: KubernetesObject,
  live: Stored | undefined,
): KubernetesObject {
  const { metadata, duplicates } = withOwnersOnce(object.metadata);
  if (duplicates.length > 0) {
    const when = contentType.includes('patch') ? ' after mutating admission happens' : '';
    warn(
      `.metadata.ownerReferences contains duplicate entries${when}; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: ${duplicates.join(', ')}`,
    );
  }
  if (resource.isCustom) {
    const before = live?.metadata.finalizers ?? [];
    const added = (metadata.finalizers ?? []).filter((one) => !before.includes(one));
    finalizerWarnings(added).forEach(warn);
  }
  return { ...object, metadata };
}

/** The object to store in the place of `live`, or `live` itself when nothing differs. */
export function admitUpdate(
  call: Call,
  sent: KubernetesObject,
  live: Stored,
  manager: Manager,
): KubernetesObject {
  const { plane, resource } = call;
  const now = toKubernetesTime(plane.clock.now());
  checkIdentity(call, sent, live);
  const metadata = metadataForUpdate(sent.metadata, live);
  const owned = withOwners(call, { ...sent, metadata }, live);
  const scoped = inSubresource(call, owned, live);
  const prepared = call.subresource === '' ? resource.prepareUpdate(scoped, live) : scoped;
  const next = resource.hasGeneration ? withGeneration(prepared, live, resource) : prepared;
  refuseFaults(call, next, live, immutableFaults(sent.metadata, live));
  const tracked = withManagers(next, managersOf(call, live, scoped, manager, now));
  return isEqual(withoutTimes(tracked), withoutTimes(live)) ? live : tracked;
}

function checkIdentity(
  { resource, name, namespace }: Call,
  sent: KubernetesObject,
  live: Stored,
): void {
  const {
    name: sentName = '',
    namespace: sentNamespace = '',
    uid = '',
    resourceVersion = '',
  } = sent.metadata;
  if (sentName !== name) {
    throw badRequest(
      sentName === ''
        ? `the name of the object (${name} based on URL) was undeterminable: name must be provided`
        : `the name of the object (${sentName}) does not match the name on the URL (${name})`,
    );
  }
  if (resource.isNamespaced && sentNamespace !== '' && sentNamespace !== namespace) {
    throw badRequest(WRONG_NAMESPACE);
  }
  if (uid !== '' && uid !== live.metadata.uid) {
    const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${live.metadata.uid}`;
    const place = `/registry/${resource.plural}/${namespace === '' ? '' : `${namespace}/`}${name}`;
    throw conflict(
      subjectOf(resource, name),
      `StorageError: invalid object, Code: 4, Key: ${place}, ResourceVersion: 0, AdditionalErrorMsg: ${why}`,
    );
  }
  if (resourceVersion === '') {
    if (resource.allowsUnconditionalUpdate) return;
    throw invalid({ ...kindSubjectOf(resource, name), kind: resource.plural }, [
      {
        type: 'Invalid',
        field: 'metadata.resourceVersion',
        value: 0,
        detail: 'must be specified for an update',
      },
    ]);
  }
  if (!/^\d+$/.test(resourceVersion)) {
    throw new StatusError(
      500,
      undefined,
      `strconv.ParseUint: parsing ${JSON.stringify(resourceVersion)}: invalid syntax`,
    );
  }
  if (resourceVersion !== live.metadata.resourceVersion)
    throw conflict(subjectOf(resource, name), MODIFIED);
}

/** A write of the object leaves its status alone, a write of its status leaves everything else alone. */
function inSubresource(
  { resource, subresource }: Call,
  sent: KubernetesObject,
  live: Stored,
): KubernetesObject {
  if (!resource.hasStatus) return sent;
  const { status, ...rest } = sent;
  if (subresource === 'status') {
    const { status: _status, ...kept } = live;
    const { managedFields } = sent.metadata;
    const { managedFields: _managedFields, ...liveMetadata } = live.metadata;
    const metadata = { ...liveMetadata, ...(managedFields === undefined ? {} : { managedFields }) };
    return { ...kept, metadata, ...(status === undefined ? {} : { status }) };
  }
  return live.status === undefined ? rest : { ...rest, status: live.status };
}

function withGeneration(
  next: KubernetesObject,
  live: Stored,
  resource: Resource,
): KubernetesObject {
  if (!isSpecChanged(next, live, resource)) return next;
  return {
    ...next,
    metadata: { ...next.metadata, generation: (live.metadata.generation ?? 0) + 1 },
  };
}

function refuseFaults(
  { resource, warn }: Call,
  object: KubernetesObject,
  live: Stored | undefined,
  already: readonly FieldError[] = [],
): void {
  const faults = [
    ...already,
    ...validateMetadata(resource, object, live),
    ...resource.validate(object, live, warn),
  ];
  if (faults.length > 0) throw invalid(kindSubjectOf(resource, object.metadata.name ?? ''), faults);
}

/** Of the object as it was asked for: what the server makes of it is nobody's. */
function managersOf(
  { resource, subresource }: Call,
  live: Stored | undefined,
  asked: KubernetesObject,
  { fieldManager, managedFields, subresource: through = subresource }: Manager,
  now: string,
): unknown[] {
  return managedFields ?? trackUpdate(live, asked, writerOf(resource, fieldManager, through, now));
}

function withManagers(next: KubernetesObject, managers: unknown[]): KubernetesObject {
  const { managedFields: _managedFields, ...metadata } = next.metadata;
  return {
    ...next,
    metadata: managers.length === 0 ? metadata : { ...metadata, managedFields: managers },
  };
}

/** Whether two states differ in more than when managers last wrote. */
function withoutTimes(object: KubernetesObject): KubernetesObject {
  const managedFields = object.metadata.managedFields?.map((entry) => ({
    ...(entry as object),
    time: undefined,
  }));
  return {
    ...object,
    metadata: { ...object.metadata, ...(managedFields === undefined ? {} : { managedFields }) },
  };
}
