/**
 * Says of each package whether it is installed and healthy, and keeps its revisions, without pulling anything.
 *
 * Functions are built in or run at an address; providers are healthy once somebody serves their CRDs; our own
 * Configuration is what the files in `compositions/` and `crds/` are. Any other package is refused in its conditions.
 */
import type { ResourceType } from '../../../support/kubernetes/client.js';
import { Controller, settled, type Outcome } from '../../../support/kubernetes/controller.js';
import type { Informer } from '../../../support/kubernetes/informer.js';
import {
  conditionsOf,
  isConditionTrue,
  keyOf,
  type KubernetesObject,
  type Stored,
} from '../../../support/kubernetes/objects.js';
import { holds } from '../comparison.js';
import { paused, PAUSED_MESSAGE, type ConditionText } from '../conditions.js';
import { withConditions } from '../composites/publish-status.js';
import type { EngineContext } from '../engine-context.js';
import { ANNOTATION_PAUSED, controllerOfPackages, FIELD_MANAGER } from '../names.js';
import type { Package } from './package.js';
import { keepRevision } from './revisions.js';
import { packageConditions, refused, revisionConditions, verdict } from './verdict.js';

/** As much of a CRD as is asked here. */
export interface ServedCrd extends KubernetesObject {
  spec: { readonly group: string };
}

export interface PackageSources {
  readonly context: EngineContext;
  readonly packages: readonly Informer<Package>[];
  readonly crds: Informer<ServedCrd>;
}

/** Keeps the revisions and conditions of all packages; returns what stops it. */
export function keepPackages({ context, packages, crds }: PackageSources): () => Promise<void> {
  const controllers = packages.map((informer) => {
    const events = context.events.of(controllerOfPackages(informer.type.kind));
    const controller = new Controller({
      name: informer.type.plural,
      reconcile: (key) => judge(key, informer, crds, { ...context, events }),
      clock: context.clock,
      log: context.log,
    });
    informer.onChange(({ object }) => controller.enqueue(object.metadata.name));
    return { informer, controller };
  });
  const unsubscribe = crds.onChange(({ object, previous }) => {
    if (previous !== undefined && isServed(previous) === isServed(object)) return;
    if (!object.spec.group.endsWith('aws.upbound.io')) return;
    for (const { informer, controller } of controllers) {
      for (const { metadata } of informer.list()) controller.enqueue(metadata.name);
    }
  });
  return async () => {
    unsubscribe();
    await Promise.all(controllers.map(({ controller }) => controller.stop()));
  };
}

async function judge(
  name: string,
  informer: Informer<Package>,
  crds: Informer<ServedCrd>,
  context: EngineContext,
): Promise<Outcome> {
  const found = informer.get({ name });
  if (found === undefined || found.metadata.deletionTimestamp !== undefined) return settled;
  const write = writer(found, informer.type, context);
  if (found.metadata.annotations?.[ANNOTATION_PAUSED] === 'true') {
    context.events.normal(found, 'ReconciliationPaused', PAUSED_MESSAGE);
    await write([paused], {});
    return settled;
  }
  const groups = new Set(
    crds
      .list()
      .filter(isServed)
      .map(({ spec }) => spec.group),
  );
  const image = found.spec.package;
  const judged = verdict(found, groups);
  const { refusal, endpoint } = judged;
  if (refusal !== undefined) {
    context.events.warning(found, 'UnpackPackage', refusal);
    await write(refused(refusal), { currentIdentifier: image });
    return settled;
  }
  const revisionType = await context.client.resourceType(
    informer.type.apiVersion,
    `${informer.type.kind}Revision`,
  );
  const installation = {
    conditions: revisionConditions(judged, informer.type.kind !== 'Configuration'),
    status: {
      resolvedImage: image,
      ...(endpoint === undefined ? {} : { endpoint, capabilities: ['composition'] }),
    },
  };
  const revision = await keepRevision(found, revisionType, installation, context);
  await write(packageConditions(judged, revision.spec.desiredState === 'Active'), {
    currentRevision: revision.metadata.name,
    currentIdentifier: image,
    resolvedPackage: image,
  });
  return settled;
}

function writer(object: Stored<Package>, type: ResourceType, context: EngineContext) {
  return async (
    texts: readonly ConditionText[],
    more: Readonly<Record<string, string>>,
  ): Promise<void> => {
    const conditions = withConditions(object, texts, context);
    if (conditions === conditionsOf(object) && holds(object.status ?? {}, more)) return;
    await context.client.patch(
      type,
      keyOf(object),
      { status: { ...more, conditions } },
      { subresource: 'status', fieldManager: FIELD_MANAGER },
    );
  };
}

function isServed(crd: ServedCrd): boolean {
  return isConditionTrue(crd, 'Established') && crd.metadata.deletionTimestamp === undefined;
}
