/**
 * Keeps the revisions of a package: one for each image that it has named, of which the newest is active.
 *
 * Nothing is pulled, so a revision is named after the digest in the image's name or, without one, after the name's own. The
 * eldest beyond `revisionHistoryLimit` are deleted. With `revisionActivationPolicy: Manual` nobody's state changes here.
 */
import { createHash } from 'node:crypto';
import type { ResourceType } from '../../../support/kubernetes/client.js';
import {
  conditionsOf,
  keyOf,
  type Condition,
  type Stored,
} from '../../../support/kubernetes/objects.js';
import { holds } from '../comparison.js';
import { ownerReference } from '../composed/render.js';
import { controllerOf } from '../composed/watches.js';
import type { EngineContext } from '../engine-context.js';
import { FIELD_MANAGER } from '../names.js';
import { withConditions } from '../composites/publish-status.js';
import type { ConditionText } from '../conditions.js';
import { LABEL_PACKAGE, type Package, type PackageRevision } from './package.js';

const NAME_LENGTH = 50;
const DIGEST_LENGTH = 12;

export function revisionName({ metadata, spec }: Package): string {
  const digest =
    /@sha256:([0-9a-f]+)$/.exec(spec.package)?.[1] ??
    createHash('sha256').update(spec.package).digest('hex');
  return `${(metadata.name ?? '').slice(0, NAME_LENGTH)}-${digest.slice(0, DIGEST_LENGTH)}`;
}

/** What is known of a package that can be installed, beside the conditions. */
export interface Installation {
  readonly conditions: readonly ConditionText[];
  readonly status: Readonly<Record<string, unknown>>;
}

/** The revision of the image that the package names now. */
export async function keepRevision(
  object: Stored<Package>,
  type: ResourceType,
  { conditions, status }: Installation,
  context: EngineContext,
): Promise<Stored<PackageRevision>> {
  const { client } = context;
  const { name } = object.metadata;
  const { items } = await client.list<PackageRevision>(type, {
    labelSelector: `${LABEL_PACKAGE}=${name}`,
  });
  const ours = items.filter((each) => controllerOf(each)?.uid === object.metadata.uid);
  const wanted = revisionName(object);
  const isAutomatic = object.spec.revisionActivationPolicy !== 'Manual';
  const latest = Math.max(0, ...ours.map(({ spec }) => spec.revision));
  let current = ours.find(({ metadata }) => metadata.name === wanted);
  if (current === undefined) {
    current = await client.create<PackageRevision>(type, render(object, type, latest + 1), {
      fieldManager: FIELD_MANAGER,
    });
    context.events.normal(
      object,
      'InstallPackageRevision',
      'Successfully installed package revision',
    );
  } else if (current.spec.revision < latest) {
    current = await change(current, { revision: latest + 1 }, type, context);
  }
  if (isAutomatic) {
    if (current.spec.desiredState !== 'Active') {
      current = await change(current, { desiredState: 'Active' }, type, context);
    }
    const others = ours.filter(
      ({ metadata, spec }) => metadata.name !== wanted && spec.desiredState === 'Active',
    );
    for (const other of others) await change(other, { desiredState: 'Inactive' }, type, context);
  }
  await forgetEldest(ours, wanted, object.spec.revisionHistoryLimit ?? 1, type, context);
  return declare(current, conditions, status, type, context);
}

function render(
  object: Stored<Package>,
  type: ResourceType,
  revision: number,
): PackageRevision & { metadata: { name: string } } {
  const { package: image, packagePullPolicy = 'IfNotPresent', runtimeConfigRef } = object.spec;
  const isManual = object.spec.revisionActivationPolicy === 'Manual';
  return {
    apiVersion: type.apiVersion,
    kind: type.kind,
    metadata: {
      name: revisionName(object),
      labels: { [LABEL_PACKAGE]: object.metadata.name },
      ownerReferences: [ownerReference(object)],
    },
    spec: {
      image,
      desiredState: isManual ? 'Inactive' : 'Active',
      revision,
      ...{ packagePullPolicy },
      ...(runtimeConfigRef === undefined ? {} : { runtimeConfigRef }),
    },
  };
}

async function change(
  revision: Stored<PackageRevision>,
  spec: Partial<PackageRevision['spec']>,
  type: ResourceType,
  { client }: EngineContext,
): Promise<Stored<PackageRevision>> {
  const options = { fieldManager: FIELD_MANAGER };
  return client.patch<PackageRevision>(type, keyOf(revision), { spec }, options);
}

/** Zero keeps all. */
async function forgetEldest(
  revisions: readonly Stored<PackageRevision>[],
  current: string,
  limit: number,
  type: ResourceType,
  { client }: EngineContext,
): Promise<void> {
  if (limit === 0) return;
  const former = revisions
    .filter(({ metadata }) => metadata.name !== current)
    .toSorted((a, b) => b.spec.revision - a.spec.revision);
  for (const { metadata } of former.slice(limit))
    await client.delete(type, { name: metadata.name });
}

async function declare(
  revision: Stored<PackageRevision>,
  texts: readonly ConditionText[],
  status: Readonly<Record<string, unknown>>,
  type: ResourceType,
  context: EngineContext,
): Promise<Stored<PackageRevision>> {
  const conditions: readonly Condition[] = withConditions(revision, texts, context);
  if (conditions === conditionsOf(revision) && holds(revision.status ?? {}, status)) {
    return revision;
  }
  return context.client.patch<PackageRevision>(
    type,
    keyOf(revision),
    { status: { ...status, conditions } },
    { subresource: 'status', fieldManager: FIELD_MANAGER },
  );
}
