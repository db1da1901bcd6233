/** A portal on an API server of its own: claims are served and stored, and nobody acts on them, so that a test says how they stand. */
import { KubeConfig } from '@kubernetes/client-node';
import { apiVersionOf, CLAIM_API } from '../../src/model/claim/api.js';
import { FORMS } from '../../src/model/managed/kind.js';
import { servePortal, type Portal, type PortalOptions } from '../../src/portal/server.js';
import { systemClock } from '../../src/support/clock.js';
import { KubernetesClient, type ResourceType } from '../../src/support/kubernetes/client.js';
import type { KubernetesObject, Stored } from '../../src/support/kubernetes/objects.js';
import { silentLog } from '../../src/support/log.js';
import { aCluster } from '../builders/a-cluster.js';
import { aGate, type AGate } from '../builders/a-gate.js';
import { aClaim } from '../builders/claim.js';
import { crossplaneCrds, objectsIn } from '../builders/claim-crds.js';

export const CLAIMS: ResourceType = {
  apiVersion: apiVersionOf('cluster'),
  kind: 'PaymentsDR',
  plural: CLAIM_API.cluster.claim.plural,
  namespaced: true,
};

export interface APortal {
  readonly portal: Portal;
  /** The administrator's. */
  readonly token: string;
  readonly client: KubernetesClient;
  /** Between the portal and the API server. */
  readonly gate: AGate;
  /** A service account of this namespace with this ClusterRole in it, or without any right; resolves with its token. */
  account(namespace: string, role?: string): Promise<string>;
  /** Stores a claim; with `message`, as one that is not ready for that reason. */
  claim(
    namespace: string,
    name: string,
    environmentSuffix: string,
    message?: string,
  ): Promise<Stored>;
  setReady(claim: Stored, status: string, message?: string): Promise<void>;
  stop(): Promise<void>;
}

export async function aPortal(options: Partial<PortalOptions> = {}): Promise<APortal> {
  const cluster = await aCluster();
  const client = new KubernetesClient(cluster.kubeConfig);
  const gate = await aGate(cluster.kubeConfig.getCurrentCluster()?.server ?? '');
  const apply = async (object: KubernetesObject) =>
    client.apply(await client.resourceType(object.apiVersion, object.kind), object, {
      fieldManager: 'test',
      force: true,
    });
  for (const name of ['team-payments', 'team-orders']) {
    await apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  }
  for (const crd of crossplaneCrds()) await apply(crd);
  for (const form of FORMS)
    await until(() => client.resourceType(apiVersionOf(form), 'PaymentsDR'));
  await until(() => client.list(CLAIMS));
  for (const role of objectsIn('deploy/access.yaml')) await apply(role);
  const portal = await servePortal({
    kubeConfig: byWayOf(gate, cluster.kubeConfig),
    pageDir: 'dist/portal',
    port: 0,
    clock: systemClock,
    log: silentLog,
    ...options,
  });
  const setReady = async (claim: Stored, status: string, message = '') => {
    const { name, namespace = '' } = claim.metadata;
    const ready = { type: 'Ready', status, reason: 'Creating', message };
    const conditions = [{ ...ready, lastTransitionTime: '2026-01-01T00:00:00Z' }];
    await client.patch(
      CLAIMS,
      { name, namespace },
      { status: { conditions } },
      { subresource: 'status' },
    );
  };
  return {
    portal,
    client,
    gate,
    token: cluster.kubeConfig.getCurrentUser()?.token ?? '',
    account: async (namespace, role) => {
      const name = role ?? 'nobody';
      await apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } });
      if (role !== undefined) await apply(bindingOf(namespace, role));
      const accounts = await client.resourceType('v1', 'ServiceAccount');
      const request = {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenRequest',
        metadata: { name, namespace },
        spec: {},
      };
      const path = { ...accounts, plural: `serviceaccounts/${name}/token` };
      const { status } = await client.create<KubernetesObject>(path, request);
      return (status as { token: string }).token;
    },
    claim: async (namespace, name, environmentSuffix, message) => {
      const { apiVersion, kind } = CLAIMS;
      const { spec } = aClaim({ environmentSuffix });
      const claim = await client.create<KubernetesObject>(CLAIMS, {
        ...{ apiVersion, kind, spec },
        metadata: { name, namespace },
      });
      if (message !== undefined) await setReady(claim, 'False', message);
      return claim;
    },
    setReady,
    stop: async () => {
      await portal.close();
      await gate.stop();
      client.close();
      await cluster.stop();
    },
  };
}

function byWayOf({ url }: AGate, kubeConfig: KubeConfig): KubeConfig {
  const through = new KubeConfig();
  const cluster = kubeConfig.getCurrentCluster();
  const user = kubeConfig.getCurrentUser();
  if (cluster === null || user === null) throw new Error('the cluster has no kubeconfig');
  through.loadFromOptions({
    clusters: [{ ...cluster, server: url }],
    users: [user],
    contexts: [{ name: 'gate', cluster: cluster.name, user: user.name }],
    currentContext: 'gate',
  });
  return through;
}

function bindingOf(namespace: string, role: string): KubernetesObject {
  const subjects = [{ kind: 'ServiceAccount', name: role, namespace }];
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role };
  const metadata = { name: role, namespace };
  return {
    ...{ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding', metadata },
    ...{ subjects, roleRef },
  };
}

export async function until(holds: () => Promise<unknown>): Promise<void> {
  const endMs = systemClock.now() + 20_000;
  for (;;) {
    try {
      await holds();
      return;
    } catch (error) {
      if (systemClock.now() > endMs) throw error;
      await systemClock.sleep(50);
    }
  }
}
