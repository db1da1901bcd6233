/**
 * The local Crossplane: controllers over the Kubernetes API that behave like Crossplane 2.3 with its two usual functions.
 *
 * It installs Crossplane's own CRDs, then keeps definitions (XRDs → CRDs), compositions (→ revisions), claims, composite
 * resources (through the pipeline) and packages. It meets everything else, the provider above all, through the API server
 * of its kubeconfig. Not supported, and so without a CRD: managed resource definitions and activation policies, usages,
 * operations, image configs.
 */
import type { KubeConfig } from '@kubernetes/client-node';
import type { Clock } from '../../support/clock.js';
import { KubernetesClient, type ResourceType } from '../../support/kubernetes/client.js';
import { Controller } from '../../support/kubernetes/controller.js';
import { Informer } from '../../support/kubernetes/informer.js';
import { isConditionTrue, type KubernetesObject } from '../../support/kubernetes/objects.js';
import type { Log } from '../../support/log.js';
import { ComposedWatches, controllerOf } from './composed/watches.js';
import type { Composition, CompositionRevision } from './compositions/composition.js';
import { keepRevisions } from './compositions/revisions.js';
import type { Definition } from './definitions/definition.js';
import { DefinitionReconciler } from './definitions/reconciler.js';
import type { EngineContext } from './engine-context.js';
import { EventRecorder } from './events.js';
import { LABEL_COMPOSITION_NAME } from './names.js';
import { FunctionDirectory } from './packages/function-directory.js';
import type { Package, PackageRevision } from './packages/package.js';
import { keepPackages, type ServedCrd } from './packages/reconciler.js';
import { installCrossplaneCrds } from './schemas/install.js';

export interface CrossplaneOptions {
  readonly kubeConfig: KubeConfig;
  readonly clock: Clock;
  readonly log: Log;
  /** Told of each pass: a run of a composite resource's pipeline. The key is `Kind.group/[namespace/]name`. */
  readonly onPass?: (composite: string) => void;
  /** A number in [0, 1), for the ends of generated names. @default Math.random */
  readonly chance?: () => number;
}

export interface CrossplaneEngine {
  /** How many passes have run since the start, over all composite resources. */
  passes(): number;
  /** Stops watching; resolves when nothing is being written any more. What is in the cluster stays. */
  close(): Promise<void>;
}

const APIEXTENSIONS = 'apiextensions.crossplane.io/v1';
const PACKAGES = 'pkg.crossplane.io/v1';

/** Resolves when Crossplane's CRDs are installed and its controllers watch. */
export async function runCrossplane(options: CrossplaneOptions): Promise<CrossplaneEngine> {
  const { kubeConfig, clock, log, onPass, chance = Math.random } = options;
  const client = new KubernetesClient(kubeConfig);
  await installCrossplaneCrds(client, clock);
  const events = new EventRecorder(client, clock, log);
  const context: EngineContext = { client, clock, log, events, chance };

  const informers: Informer[] = [];
  const follow = <T extends KubernetesObject>(type: ResourceType): Informer<T> => {
    const informer = new Informer<T>(client, type, { clock, log }).start();
    informers.push(informer as unknown as Informer);
    return informer;
  };
  const typeOf = (apiVersion: string, kind: string) => client.resourceType(apiVersion, kind);
  const crdType = await typeOf('apiextensions.k8s.io/v1', 'CustomResourceDefinition');
  const definitionType = await typeOf(APIEXTENSIONS, 'CompositeResourceDefinition');
  const revisionType = await typeOf(APIEXTENSIONS, 'CompositionRevision');
  const crds = follow<ServedCrd>(crdType);
  const definitions = follow<Definition>(definitionType);
  const compositions = follow<Composition>(await typeOf(APIEXTENSIONS, 'Composition'));
  const revisions = follow<CompositionRevision>(revisionType);
  const functions = follow<Package>(await typeOf(PACKAGES, 'Function'));
  const functionRevisions = follow<PackageRevision>(await typeOf(PACKAGES, 'FunctionRevision'));
  const providers = follow<Package>(await typeOf(PACKAGES, 'Provider'));
  const configurations = follow<Package>(await typeOf(PACKAGES, 'Configuration'));
  await Promise.all(informers.map((informer) => informer.synced));

  const directory = new FunctionDirectory(functions, functionRevisions, client);
  let passes = 0;
  const watches = new ComposedWatches(context, (owner, object, isGone) => {
    reconciler.noticeComposed(owner, object, isGone);
  });
  const reconciler = new DefinitionReconciler(definitionType, crdType, {
    context,
    compositions,
    revisions,
    watches,
    findFunction: (name) => directory.find(name),
    onPass: (key) => {
      passes += 1;
      onPass?.(key);
    },
  });
  const definitionController = new Controller({
    name: 'definitions',
    reconcile: (name) => reconciler.reconcile(name),
    clock,
    log,
  });
  const revisionController = new Controller({
    name: 'revisions',
    reconcile: (name) => keepRevisions(name, { context, type: revisionType, compositions }),
    clock,
    log,
  });
  const stopPackages = keepPackages({
    context,
    packages: [functions, providers, configurations],
    crds,
  });

  definitions.onChange(({ object }) => definitionController.enqueue(object.metadata.name));
  compositions.onChange(({ object }) => revisionController.enqueue(object.metadata.name));
  revisions.onChange(({ type, object, previous }) => {
    const composition = object.metadata.labels?.[LABEL_COMPOSITION_NAME];
    const isNew = previous?.spec.revision !== object.spec.revision;
    if (type !== 'deleted' && isNew) reconciler.noticeRevision(object);
    if (type === 'deleted' && composition !== undefined) revisionController.enqueue(composition);
  });
  functions.onChange(() => reconciler.retryFailing());
  functionRevisions.onChange(() => reconciler.retryFailing());
  crds.onChange(({ object, previous }) => {
    const owner = controllerOf(object);
    if (owner?.kind === 'CompositeResourceDefinition') definitionController.enqueue(owner.name);
    const wasServed = previous !== undefined && isConditionTrue(previous, 'Established');
    if (!wasServed && isConditionTrue(object, 'Established')) reconciler.retryFailing();
  });

  return {
    passes: () => passes,
    close: async () => {
      await Promise.all(informers.map((informer) => informer.stop()));
      await Promise.all([definitionController.stop(), revisionController.stop(), stopPackages()]);
      await reconciler.stop();
      await watches.close();
      directory.close();
      await events.flush();
      client.close();
    },
  };
}
