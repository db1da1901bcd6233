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
import type { Composite } from '../composites/composite.js';
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

/** `generateName` with a digest that is the same each time: cut where the whole would be too long for a label. */
export function composedName(generateName: string, composite: Stored, template: string): string {
  const suffix = createHash('sha256')
    .update(composite.metadata.uid + template)
    .digest('hex')
    .slice(0, SUFFIX_LENGTH);
  const base = generateName.replace(/-$/, '');
  return `${base.slice(0, MAX_NAME_LENGTH - SUFFIX_LENGTH - 1)}-${suffix}`;
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

/**
 * `existing` is what the template has made before, if it has: it keeps its name and namespace. The labels of the composite
 * go on, so that all that is below one claim carries them, whatever the depth.
 */
export function render(
  template: string,
  wanted: Readonly<Record<string, unknown>>,
  composite: Stored<Composite>,
  existing: Stored | undefined,
): Rendered {
  const { apiVersion, kind } = wanted;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') {
    throw new Error(`composed resource "${template}" has no apiVersion or no kind`);
  }
  const { generateName: _, ...metadata }: ObjectMeta = isRecord(wanted.metadata)
    ? wanted.metadata
    : {};
  const { namespace } = composite.metadata;
  return {
    ...wanted,
    apiVersion,
    kind,
    metadata: {
      ...metadata,
      ...namesOf(template, isRecord(wanted.metadata) ? wanted.metadata : {}, composite, existing),
      ...(namespace === undefined ? {} : { namespace }),
      labels: { ...metadata.labels, ...inherited(composite) },
      annotations: { ...metadata.annotations, [ANNOTATION_RESOURCE_NAME]: template },
      ownerReferences: owners(template, metadata, composite),
    },
  };
}

type Names = Pick<ObjectMeta, 'generateName' | 'namespace'> & { readonly name: string };

/** Functions repeat the names of what exists: only at first does a name say that the template chose it. */
function namesOf(
  template: string,
  { name, generateName }: ObjectMeta,
  composite: Stored,
  existing: Stored | undefined,
): Names {
  if (existing !== undefined) {
    const { name: kept, namespace, generateName: prefix } = existing.metadata;
    return {
      name: kept,
      ...(namespace === undefined ? {} : { namespace }),
      ...(prefix === undefined ? {} : { generateName: prefix }),
    };
  }
  if (name !== undefined && name !== '') {
    return { name, ...(generateName === undefined ? {} : { generateName }) };
  }
  const prefix =
    generateName === undefined || generateName === '' ? prefixOf(composite) : generateName;
  return { name: composedName(prefix, composite, template), generateName: prefix };
}

const prefixOf = ({ metadata }: Stored): string =>
  `${metadata.labels?.[LABEL_COMPOSITE] ?? metadata.name}-`;

function inherited({ metadata: { name, labels = {} } }: Stored): Record<string, string> {
  const { [LABEL_CLAIM_NAME]: claim, [LABEL_CLAIM_NAMESPACE]: namespace } = labels;
  return {
    [LABEL_COMPOSITE]: labels[LABEL_COMPOSITE] ?? name,
    ...(claim === undefined || namespace === undefined
      ? {}
      : { [LABEL_CLAIM_NAME]: claim, [LABEL_CLAIM_NAMESPACE]: namespace }),
  };
}

/** The composite controls what it composes; owners that the template names stay beside it. */
function owners(
  template: string,
  { name = '', ownerReferences = [] }: ObjectMeta,
  composite: Stored,
): OwnerReference[] {
  const ours = ownerReference(composite);
  const others = ownerReferences.filter(({ uid }) => uid !== ours.uid);
  const controller = others.find((owner) => owner.controller === true);
  if (controller !== undefined) {
    throw new Error(
      `cannot render metadata for composed resource "${template}": cannot set controller reference: ${name} is already controlled by ${controller.kind} ${controller.name} (UID ${controller.uid})`,
    );
  }
  return [...others, ours];
}
