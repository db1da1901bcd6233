/** Metadata: what the server sets, what a client may, and what it may not change (metav1.ObjectMeta's rules). */
import { randomInt, randomUUID } from 'node:crypto';
import type {
  KubernetesObject,
  ObjectMeta,
  OwnerReference,
  Stored,
} from '../../../support/kubernetes/objects.js';
import type { FieldError } from '../http/status-error.js';
import { isEqual } from '../json/json.js';
import { faultOfLabelValue, faultOfQualifiedName } from './names.js';
import type { Resource } from './resource.js';

/** No vowels, so that no word comes of it; no 0, 1 and 3, which look like letters. */
const SUFFIX_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';
const SUFFIX_LENGTH = 5;
const MAX_GENERATED_PREFIX = 58;
const MAX_ANNOTATION_BYTES = 256 * 1024;
/** Finalizers of the garbage collector and of namespaces; they may be without a domain. */
const STANDARD_FINALIZERS = new Set(['foregroundDeletion', 'orphan', 'kubernetes']);
/** The versions of Event that cannot be an owner. */
const NEVER_OWNS = ['v1', 'events.k8s.io/v1'];

export function generateName(prefix: string): string {
  const suffix = Array.from(
    { length: SUFFIX_LENGTH },
    () => SUFFIX_ALPHABET[randomInt(SUFFIX_ALPHABET.length)],
  );
  return prefix.slice(0, MAX_GENERATED_PREFIX) + suffix.join('');
}

/** The metadata of a new object: the client's, with everything that is the server's to set. */
export function metadataForCreate(
  sent: ObjectMeta,
  now: string,
  hasGeneration: boolean,
): ObjectMeta {
  const {
    uid: _uid,
    resourceVersion: _resourceVersion,
    creationTimestamp: _creationTimestamp,
    deletionTimestamp: _deletionTimestamp,
    deletionGracePeriodSeconds: _grace,
    generation: _generation,
    ...kept
  } = sent;
  return {
    ...kept,
    uid: randomUUID(),
    creationTimestamp: now,
    ...(hasGeneration ? { generation: 1 } : {}),
  };
}

/** The metadata of an update: the client's, with what cannot be changed put back. */
export function metadataForUpdate(sent: ObjectMeta, live: Stored): ObjectMeta {
  const {
    deletionTimestamp: _at,
    deletionGracePeriodSeconds: _grace,
    generation: _generation,
    namespace: _namespace,
    ...kept
  } = sent;
  const {
    name,
    uid,
    creationTimestamp,
    deletionTimestamp,
    deletionGracePeriodSeconds,
    generation,
  } = live.metadata;
  return {
    ...kept,
    name,
    ...(live.metadata.namespace === undefined ? {} : { namespace: live.metadata.namespace }),
    uid,
    ...(creationTimestamp === undefined ? {} : { creationTimestamp }),
    ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
    ...(deletionGracePeriodSeconds === undefined ? {} : { deletionGracePeriodSeconds }),
    ...(generation === undefined ? {} : { generation }),
    resourceVersion: live.metadata.resourceVersion,
  };
}

/** What an update says of metadata that only the server sets; left out is left alone. */
export function immutableFaults(
  { deletionTimestamp }: ObjectMeta,
  { metadata }: Stored,
): FieldError[] {
  if (deletionTimestamp === undefined || deletionTimestamp === metadata.deletionTimestamp)
    return [];
  const field = 'metadata.deletionTimestamp';
  return [{ type: 'Invalid', field, value: deletionTimestamp, detail: 'field is immutable' }];
}

/** Whether the desired state differs: everything but metadata, and status where that is a subresource. */
export function isSpecChanged(
  next: KubernetesObject,
  live: KubernetesObject,
  { hasStatus }: Resource,
): boolean {
  const spec = ({ metadata: _metadata, status, ...rest }: KubernetesObject) =>
    hasStatus ? rest : { ...rest, status };
  return !isEqual(spec(next), spec(live));
}

export function validateMetadata(
  resource: Resource,
  { metadata }: KubernetesObject,
  live?: Stored,
): FieldError[] {
  return [
    ...nameFaults(resource, metadata),
    ...labelFaults(metadata.labels),
    ...annotationFaults(metadata.annotations),
    ...ownerFaults(metadata),
    ...finalizerFaults(resource, metadata, live),
  ];
}

function nameFaults(
  resource: Resource,
  { name = '', generateName: prefix }: ObjectMeta,
): FieldError[] {
  if (name === '') {
    const detail = 'name or generateName is required';
    return prefix === undefined ? [{ type: 'Required', field: 'metadata.name', detail }] : [];
  }
  return [
    ...fault('metadata.generateName', prefix, faultOfPrefix(resource, prefix)),
    ...fault('metadata.name', name, resource.validateName(name)),
  ];
}

/** A prefix may end where a name may not. */
function faultOfPrefix(resource: Resource, prefix: string | undefined): string | undefined {
  return prefix === undefined || prefix === ''
    ? undefined
    : resource.validateName(prefix.replace(/-$/, 'a'));
}

function labelFaults(labels: Record<string, string> = {}): FieldError[] {
  return Object.entries(labels).flatMap(([key, value]) => [
    ...fault('metadata.labels', key, faultOfQualifiedName(key)),
    ...fault('metadata.labels', value, faultOfLabelValue(value)),
  ]);
}

function annotationFaults(annotations: Record<string, string> = {}): FieldError[] {
  const keyFaults = Object.keys(annotations).flatMap((key) =>
    fault('metadata.annotations', key, faultOfQualifiedName(key.toLowerCase())),
  );
  const bytes = Object.entries(annotations).reduce(
    (sum, [key, value]) => sum + key.length + Buffer.byteLength(value),
    0,
  );
  if (bytes <= MAX_ANNOTATION_BYTES) return keyFaults;
  const detail = `may not be more than ${MAX_ANNOTATION_BYTES} bytes`;
  return [...keyFaults, { type: 'TooLong', field: 'metadata.annotations', detail }];
}

function ownerFaults({ ownerReferences = [] }: ObjectMeta): FieldError[] {
  const base = 'metadata.ownerReferences';
  const errors = ownerReferences.flatMap((owner): FieldError[] => {
    const { apiVersion = '', kind = '' } = owner as Partial<typeof owner>;
    const empty = (['kind', 'name', 'uid'] as const)
      .filter((key) => (owner as Partial<typeof owner>)[key] === undefined || owner[key] === '')
      .map((key) => ({ key, detail: 'must not be empty' }));
    const hasVersion = apiVersion !== '' && apiVersion.split('/').length <= 2;
    const missing = hasVersion
      ? empty
      : [{ key: 'apiVersion' as const, detail: 'version must not be empty' }, ...empty];
    const faults = missing.map(({ key, detail }): FieldError => {
      // Without an index: so the real server names it.
      const value = (owner as Partial<typeof owner>)[key] ?? '';
      return { type: 'Invalid', field: `${base}.${key}`, value, detail };
    });
    if (!(kind === 'Event' && NEVER_OWNS.includes(apiVersion))) return faults;
    const detail = `/${apiVersion}, Kind=${kind} is disallowed from being an owner`;
    return [...faults, { type: 'Invalid', field: base, value: owner, detail }];
  });
  const controllers = ownerReferences.filter(({ controller }) => controller === true);
  if (controllers.length > 1) {
    const names = controllers.map(({ kind, name }) => `${kind}/${name}`).join(' and ');
    const detail = `Only one reference can have Controller set to true. Found "true" in references for ${names}`;
    errors.push({ type: 'Invalid', field: base, value: ownerReferences, detail });
  }
  return errors;
}

function finalizerFaults(
  { isCustom }: Resource,
  { finalizers = [] }: ObjectMeta,
  live: Stored | undefined,
): FieldError[] {
  const field = 'metadata.finalizers';
  const errors = finalizers.flatMap((finalizer) =>
    fault(field, finalizer, faultOfQualifiedName(finalizer)),
  );
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion')) {
    const detail = 'finalizer orphan and foregroundDeletion cannot be both set';
    errors.push({ type: 'Invalid', field, value: finalizers, detail });
  }
  if (!isCustom) {
    const detail = 'name is neither a standard finalizer name nor is it fully qualified';
    finalizers.forEach((finalizer, index) => {
      if (finalizer.includes('/') || STANDARD_FINALIZERS.has(finalizer)) return;
      errors.push({ type: 'Invalid', field: `${field}[${index}]`, value: finalizer, detail });
    });
  }
  if (live?.metadata.deletionTimestamp !== undefined) {
    const before = live.metadata.finalizers ?? [];
    const added = finalizers.filter((finalizer) => !before.includes(finalizer));
    if (added.length > 0) {
      const detail = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${added.map((one) => JSON.stringify(one)).join(', ')}}`;
      errors.push({ type: 'Forbidden', field, detail });
    }
  }
  return errors;
}

/** What the real server warns of in the finalizers that a custom resource gets. */
export function finalizerWarnings(finalizers: readonly string[] = []): string[] {
  return finalizers
    .filter((one) => !one.includes('/') && !STANDARD_FINALIZERS.has(one))
    .map((one) => {
      const path = one.includes('.') ? ' including a path (/)' : '';
      return `metadata.finalizers: ${JSON.stringify(one)}: prefer a domain-qualified finalizer name${path} to avoid accidental conflicts with other finalizer writers`;
    });
}

/** Owners that are named twice, once; and the UIDs of those that were. */
export function withOwnersOnce(metadata: ObjectMeta): {
  readonly metadata: ObjectMeta;
  readonly duplicates: readonly string[];
} {
  const { ownerReferences: owners = [] } = metadata;
  if (owners.length < 2) return { metadata, duplicates: [] };
  const isFirst = (owner: OwnerReference, index: number) =>
    owners.findIndex((one) => isEqual(one, owner)) === index;
  const duplicates = owners.filter((owner, index) => !isFirst(owner, index)).map(({ uid }) => uid);
  return { metadata: { ...metadata, ownerReferences: owners.filter(isFirst) }, duplicates };
}

function fault(field: string, value: unknown, detail: string | undefined): FieldError[] {
  return detail === undefined ? [] : [{ type: 'Invalid', field, value, detail }];
}
