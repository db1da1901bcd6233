/**
 * Says of each package whether it is installed and healthy, without pulling anything.
 *
 * Functions are built in or run at an address; providers are healthy once somebody serves their CRDs; our own
 * Configuration is what the files in `compositions/` and `crds/` are. Any other package is refused in its conditions.
 */
import type { KubernetesClient, ResourceType } from '../../../support/kubernetes/client.js';
import { Controller, settled, type Outcome } from '../../../support/kubernetes/controller.js';
import type { Informer } from '../../../support/kubernetes/informer.js';
import {
  conditionsOf,
  isConditionTrue,
  keyOf,
  type KubernetesObject,
} from '../../../support/kubernetes/objects.js';
import type { ConditionText } from '../conditions.js';
import { withConditions } from '../composites/publish-status.js';
import type { EngineContext } from '../engine-context.js';
import { FIELD_MANAGER } from '../names.js';
import { builtInFunction, isBuiltInConfiguration, providerGroups } from './catalogue.js';
import { developmentTarget } from './function-directory.js';
import type { Package } from './package.js';

/** As much of a CRD as is asked here. */
export interface ServedCrd extends KubernetesObject {
  spec: { readonly group: string };
}

export interface PackageSources {
  readonly context: EngineContext;
  readonly packages: readonly Informer<Package>[];
  readonly crds: Informer<ServedCrd>;
}

const installed: ConditionText = {
  type: 'Installed',
  status: 'True',
  reason: 'ActivePackageRevision',
};
const healthy: ConditionText = {
  type: 'Healthy',
  status: 'True',
  reason: 'HealthyPackageRevision',
};

function refused(message: string): readonly ConditionText[] {
  return [
    { type: 'Installed', status: 'False', reason: 'UnpackingPackage', message },
    { type: 'Healthy', status: 'False', reason: 'UnhealthyPackageRevision', message },
  ];
}

/** What is to be said of a package while the cluster serves CRDs of these groups. */
export function verdict(
  object: Package,
  servedGroups: ReadonlySet<string>,
): readonly ConditionText[] {
  const image = object.spec.package;
  switch (object.kind) {
    case 'Function':
      if (builtInFunction(image) ?? developmentTarget(object)) return [installed, healthy];
      return refused(
        `cannot install ${image}: only function-patch-and-transform and function-auto-ready are built in; run any other as a process, with the annotations of crossplane render's Development runtime`,
      );
    case 'Provider': {
      const groups = providerGroups(image);
      if (groups === undefined)
        return refused(`cannot install ${image}: only provider-aws is known`);
      const missing = groups.filter((group) => !servedGroups.has(group));
      if (missing.length === 0) return [installed, healthy];
      const message = `no provider serves ${missing.join(', ')}: start one that does`;
      return [
        installed,
        { type: 'Healthy', status: 'False', reason: 'UnhealthyPackageRevision', message },
      ];
    }
    default:
      if (isBuiltInConfiguration(image)) return [installed, healthy];
      return refused(`cannot install ${image}: packages are not pulled; apply its files instead`);
  }
}

/** Keeps the conditions of all packages; returns what stops it. */
export function keepPackages({ context, packages, crds }: PackageSources): () => Promise<void> {
  const controllers = packages.map((informer) => {
    const controller = new Controller({
      name: informer.type.plural,
      reconcile: (key) => judge(key, informer, crds, context),
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
  const groups = new Set(
    crds
      .list()
      .filter(isServed)
      .map(({ spec }) => spec.group),
  );
  const conditions = withConditions(found, verdict(found, groups), context);
  if (conditions !== conditionsOf(found)) {
    await write(context.client, informer.type, found, conditions);
  }
  return settled;
}

function write(
  client: KubernetesClient,
  type: ResourceType,
  object: Package,
  conditions: readonly unknown[],
): Promise<unknown> {
  const status = { conditions, currentIdentifier: object.spec.package };
  const options = { subresource: 'status', fieldManager: FIELD_MANAGER };
  return client.patch(type, keyOf(object), { status }, options);
}

function isServed(crd: ServedCrd): boolean {
  return isConditionTrue(crd, 'Established') && crd.metadata.deletionTimestamp === undefined;
}
