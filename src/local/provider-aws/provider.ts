/**
 * The local provider for AWS: what provider-upjet-aws is in a real cluster.
 *
 * Between two seams: it watches managed resources over the Kubernetes API and makes AWS follow them through the AWS SDK. Each kind,
 * in its cluster-scoped and its namespaced form, has a controller of its own (`kind-controller.ts`) around the one generic
 * reconciler (`managed/reconciler.ts`); what differs between kinds is in `dynamodb/`, `s3/`, `iam/`, `lambda/`, `sns/`, `cloudwatch/`.
 */
import type { KubeConfig } from '@kubernetes/client-node';
import { crdOf } from '../../model/managed/crd.js';
import { FORMS, served, type ManagedKind } from '../../model/managed/kind.js';
import { KINDS, type KindName } from '../../model/managed/kinds.js';
import { PROVIDER_CONFIG_CRDS } from '../../model/managed/provider-config.js';
import type { Clock } from '../../support/clock.js';
import { KubernetesClient } from '../../support/kubernetes/client.js';
import type { Log } from '../../support/log.js';
import { ConfigControllers } from './config/config-controllers.js';
import { Connections } from './config/connections.js';
import { configReferenceOf } from './config/provider-config.js';
import { Usages } from './config/usages.js';
import { EXTERNALS } from './externals.js';
import { installCrds, type InstalledCrd } from './install-crds.js';
import { KindController } from './kind-controller.js';
import { EventRecorder } from './managed/events.js';
import type { Managed } from './managed/managed-resource.js';
import type { ReferencedKinds } from './managed/references.js';
import type { World } from './managed/round.js';
import type { Schema } from './managed/schema.js';

/** As the real provider's `--poll`. */
/** How long calls that are under way may go on when the provider is stopped: a region that hangs would hold it. */
const LAST_CALLS_MS = 2000;
const DEFAULT_POLL_INTERVAL_MS = 60_000;
const MAX_BACKOFF_MS = 30_000;

export interface ProviderOptions {
  readonly kubeConfig: KubeConfig;
  readonly clock: Clock;
  readonly log: Log;
  /** The address of AWS for ProviderConfigs that name none. @default AWS itself */
  readonly awsEndpoint?: string;
  /** How often a resource in order is compared with AWS, in milliseconds. @default 60000 */
  readonly pollIntervalMs?: number;
  /** Where credentials of the provider itself are found (IRSA, web identity). @default process.env */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

export interface Provider {
  /** Lets what is under way end, and takes up nothing new. */
  close(): Promise<void>;
}

/** Resolves when all kinds are served and watched. */
export async function runProvider(options: ProviderOptions): Promise<Provider> {
  const { clock, log, awsEndpoint, pollIntervalMs = DEFAULT_POLL_INTERVAL_MS } = options;
  const client = new KubernetesClient(options.kubeConfig);
  const connections = new Connections({
    client,
    clock,
    environment: options.environment ?? process.env,
    ...(awsEndpoint === undefined ? {} : { awsEndpoint }),
  });
  const events = new EventRecorder(client, clock, log);
  const configs = new ConfigControllers({ client, clock, log, events });
  const usages = new Usages(client);
  const controllers: KindController[] = [];
  const close = async () => {
    const stopped = Promise.all([
      ...controllers.map((controller) => controller.stop()),
      configs.stop(),
    ]);
    await Promise.race([stopped, clock.sleep(LAST_CALLS_MS)]);
    connections.close();
    await stopped;
    client.close();
  };
  try {
    const crds = await installCrds(wantedCrds(), { client, clock, log });
    await configs.start({
      onChange: (form, config) => {
        const uses = (object: Managed) =>
          configReferenceOf(object, form).name === config.metadata.name;
        for (const controller of controllers) {
          if (controller.form === form) controller.reconsider(uses);
        }
      },
      onGone: (config) => connections.forget(config),
      onUsageGone: (userUid) => usages.forget(userUid),
    });
    for (const form of FORMS) {
      const ofForm = () => controllers.filter((controller) => controller.form === form);
      const world: World = {
        client,
        clock,
        log,
        events,
        connections,
        usages,
        pollIntervalMs,
        kinds: referencedKinds(ofForm),
        findConfig: (kind, name, namespace) => configs.find(form, kind, name, namespace),
      };
      for (const name of Object.keys(KINDS) as KindName[]) {
        const { group, version, apiVersion, kind, plural } = served(KINDS[name], form);
        const id = idOf(KINDS[name]);
        controllers.push(
          new KindController({
            id,
            form,
            type: { apiVersion, kind, plural, namespaced: form === 'namespaced' },
            schema: schemaOf(crds.get(`${plural}.${group}`), version),
            load: EXTERNALS[name],
            world,
            maxBackoffMs: Math.min(MAX_BACKOFF_MS, pollIntervalMs),
            onReferable: () => {
              for (const controller of ofForm()) controller.wake(id);
            },
          }),
        );
      }
    }
    await Promise.all(controllers.map((controller) => controller.start()));
  } catch (error) {
    await close();
    throw error;
  }
  log.info('provider ready', { kinds: controllers.length });
  return { close };
}

function wantedCrds() {
  const managed = FORMS.flatMap((form) =>
    Object.values<ManagedKind>(KINDS).map((kind) => crdOf(kind, form)),
  );
  return [...PROVIDER_CONFIG_CRDS, ...managed];
}

/** As in `s3/Bucket`: the name by which kinds refer to each other, in either form. */
function idOf({ service, kind }: ManagedKind): string {
  return `${service}/${kind}`;
}

function schemaOf(crd: InstalledCrd | undefined, version: string): Schema {
  const found = crd?.spec.versions.find(
    ({ name, served: isServed }) => name === version && isServed,
  );
  if (found === undefined) {
    throw new Error(
      `CustomResourceDefinition ${crd?.metadata.name ?? ''} does not serve version ${version}`,
    );
  }
  return found.schema?.openAPIV3Schema ?? {};
}

function referencedKinds(controllers: () => readonly KindController[]): ReferencedKinds {
  return {
    list(to) {
      const controller = controllers().find(({ id }) => id === to);
      if (controller === undefined) throw new Error(`${to} is not served by the local provider`);
      return controller.list();
    },
  };
}
