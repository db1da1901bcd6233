/**
 * The local Kubernetes API server.
 *
 * `payments-dr local kubernetes` and `payments-dr up` start it. Opens the store, serves what is in it over HTTPS on
 * 127.0.0.1, and runs the controllers without which an API server is not whole: custom resource definitions, namespaces,
 * aggregated roles and garbage collection. Promises that what was acknowledged is there after any end, and that two servers in one
 * process never see each other.
 */
import { mkdir } from 'node:fs/promises';
import type { Clock } from '../../support/clock.js';
import { toKubernetesTime } from '../../support/clock.js';
import { PdrError } from '../../support/errors.js';
import type { Log } from '../../support/log.js';
import { Authorization } from './access/authorization.js';
import { Tokens } from './access/tokens.js';
import { AdmissionPolicies } from './admission-policies/admission-policies.js';
import { ensureDefaults } from './access/default-objects.js';
import { BUILT_IN_KINDS } from './built-in/catalogue.js';
import { loadIdentity } from './certificates/authority.js';
import { kubeconfigOf } from './certificates/kubeconfig.js';
import { DefinitionController } from './control/definition-controller.js';
import { RoleAggregation } from './control/role-aggregation.js';
import { WorkQueue } from './control/work-queue.js';
import { definitions } from './crds/definitions.js';
import { OpenApi } from './discovery/openapi.js';
import { GarbageCollector } from './garbage-collector/garbage-collector.js';
import { listen } from './http/listener.js';
import { createRouter } from './http/router.js';
import { NamespaceController } from './namespaces/namespace-controller.js';
import { Registry } from './resources/registry.js';
import type { Resource } from './resources/resource.js';
import { Journal } from './storage/journal.js';
import type { StoredRecord } from './storage/record.js';
import { Store } from './storage/store.js';
import { WatchHub } from './storage/watch-hub.js';
import { removeObject } from './verbs/delete.js';

export interface KubernetesServerOptions {
  /** Where objects and certificates are kept; made when it is not there. One server at a time can use it. */
  readonly stateDir: string;
  /** 0 takes any free one. */
  readonly port: number;
  readonly clock: Clock;
  readonly log: Log;
}

export interface KubernetesServer {
  readonly url: string;
  /** YAML: the address, the CA and an administrator's token. */
  readonly kubeconfig: string;
  /** Ends every connection, then lets go of the state directory. */
  close(): Promise<void>;
}

/** Rejects with PDR1002 (port in use), PDR1003 (state directory in use) or PDR1004 (state directory damaged). */
export async function serveKubernetes(options: KubernetesServerOptions): Promise<KubernetesServer> {
  const { stateDir, port, clock, log } = options;
  await makeStateDir(stateDir);
  const journal = await Journal.open(stateDir);
  try {
    const [identity, store] = await Promise.all([
      loadIdentity(stateDir, clock),
      Store.load(journal, stateDir),
    ]);
    const registry = new Registry();
    for (const resource of [...BUILT_IN_KINDS, definitions]) registry.add(resource);
    const queue = new WorkQueue({ clock, log });
    const deleteObject = (resource: Resource, record: StoredRecord) =>
      removeObject(
        store,
        resource,
        record,
        { isDryRun: false, propagation: undefined, preconditions: {} },
        toKubernetesTime(clock.now()),
      );
    const controllers = { store, registry, clock, queue, deleteObject };
    new DefinitionController(controllers).start();
    new NamespaceController(controllers).start();
    new GarbageCollector(controllers).start();
    await ensureDefaults(store, clock);
    new RoleAggregation(controllers).start();
    const policies = new AdmissionPolicies(store, registry, log);
    const authorization = new Authorization(store);
    const hub = new WatchHub(store);
    const plane = { store, registry, hub, policies, authorization, clock, log };
    let address = '';
    const urlOf = () => `https://${address}`;
    const tokens = new Tokens(identity, store, clock, urlOf);
    const router = createRouter({
      plane,
      tokens,
      authorization,
      openApi: new OpenApi(registry),
      address: () => address,
    });
    const listener = await listen(identity, port, router);
    address = `127.0.0.1:${listener.port}`;
    const url = urlOf();
    return {
      url,
      kubeconfig: kubeconfigOf(url, identity),
      close: async () => {
        await listener.close();
        await queue.stop();
        await journal.close();
      },
    };
  } catch (error) {
    await journal.close();
    throw error;
  }
}

async function makeStateDir(stateDir: string): Promise<void> {
  try {
    await mkdir(stateDir, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new PdrError('PDR1004', {
      subject: stateDir,
      detail: cause instanceof Error ? cause.message : String(cause),
      cause,
    });
  }
}
