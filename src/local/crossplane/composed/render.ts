/**
 * Composed resources before they are applied: what the pipeline wants, with the name and metadata that Crossplane gives.
 *
 * Names are made of the composite's UID and the template's name, so that a resource which was deleted returns under its name.
 */
import { createHash } from 'node:crypto';
import type {
  KubernetesObject,
  ObjectMeta,
  OwnerReference,
  Stored,
} from '../../../support/kubernetes/objects.js';
import { isRecord } from '../comparison.js';
import type { Composite, Machinery } from '../composites/composite.js';
import { parseApiVersion } from '../../../support/kubernetes/objects.js';
import {
  ANNOTATION_RESOURCE_NAME,
  FIELD_MANAGER_COMPOSED,
  LABEL_CLAIM_NAME,
  LABEL_CLAIM_NAMESPACE,
  LABEL_COMPOSITE,
} from '../names.js';

const MAX_NAME_LENGTH = 63;
const SUFFIX_LENGTH = 12;

/** A composed resource that has a name, so that it can be applied. */
export type Rendered = KubernetesObject & { metadata: ObjectMeta & { name: string } };

export function composedName(composite: Stored, template: string): string {
  const { name, uid } = composite.metadata;
  const suffix = createHash('sha256')
    .update(uid + template)
    .digest('hex')
    .slice(0, SUFFIX_LENGTH);
  return `${name.slice(0, MAX_NAME_LENGTH - SUFFIX_LENGTH - 1)}-${suffix}`;
}

/** The field manager of one composite's resources: two composites never share one. */
export function composedManager({ apiVersion, kind, metadata }: Stored): string {
  const { group } = parseApiVersion(apiVersion);
  const digest = createHash('sha256').update(`${metadata.name}${kind}.${group}`).digest('hex');
  return `${FIELD_MANAGER_COMPOSED}/${digest}`;
}

export function ownerReference({ apiVersion, kind, metadata }: Stored): OwnerReference {
  return {
    apiVersion,
    kind,
    name: metadata.name,
    uid: metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** `existing` is what the template has made before, if it has: it keeps its name. */
export function render(
  template: string,
  wanted: Readonly<Record<string, unknown>>,
  composite: Stored<Composite>,
  { claimRef }: Machinery,
  existing: Stored | undefined,
): Rendered {
  const { apiVersion, kind } = wanted;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') {
    throw new Error(`composed resource "${template}" has no apiVersion or no kind`);
  }
  const metadata: ObjectMeta = isRecord(wanted.metadata) ? wanted.metadata : {};
  const namespace = composite.metadata.namespace ?? metadata.namespace;
  const generateName = generateNameOf(composite, metadata, existing);
  const name = existing?.metadata.name ?? metadata.name ?? composedName(composite, template);
  return {
    ...wanted,
    apiVersion,
    kind,
    metadata: {
      ...metadata,
      ...(generateName === undefined ? {} : { generateName }),
      name,
      ...(namespace === undefined ? {} : { namespace }),
      labels: {
        ...metadata.labels,
        [LABEL_COMPOSITE]: composite.metadata.name,
        ...(claimRef === undefined
          ? {}
          : {
              [LABEL_CLAIM_NAME]: claimRef.name,
              [LABEL_CLAIM_NAMESPACE]: claimRef.namespace,
            }),
      },
      annotations: { ...metadata.annotations, [ANNOTATION_RESOURCE_NAME]: template },
      ownerReferences: [ownerReference(composite)],
    },
  };
}

/** Functions repeat the name of what exists: only at first does a name say that the template chose it. */
function generateNameOf(
  composite: Stored,
  wanted: ObjectMeta,
  existing: Stored | undefined,
): string | undefined {
  if (existing !== undefined) return existing.metadata.generateName;
  return wanted.name === undefined ? `${composite.metadata.name}-` : undefined;
}
