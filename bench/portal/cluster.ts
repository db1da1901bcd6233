/** A cluster with a thousand claims that nobody acts on: their statuses are written as the measurement wants them. */
import { aClaim } from '../../test/builders/claim.js';
import { claimPathOf, crossplaneCrds, objectsIn } from '../../test/builders/claim-crds.js';
import { Client, type Target } from '../control-plane/client.js';

export const CLAIM_COUNT = 1000;
const NAMESPACES = ['team-payments', 'team-orders', 'team-billing', 'team-refunds'] as const;
const PEOPLE = 'people';
const RBAC = { apiGroup: 'rbac.authorization.k8s.io' } as const;
const WRITERS = 8;

export interface ClaimPlace {
  readonly namespace: (typeof NAMESPACES)[number];
  readonly name: string;
}

export class ClaimCluster {
  readonly places: readonly ClaimPlace[] = Array.from({ length: CLAIM_COUNT }, (_, index) => ({
    namespace: NAMESPACES[index % NAMESPACES.length] ?? NAMESPACES[0],
    name: `checkout-${String(index).padStart(4, '0')}`,
  }));
  readonly #clients: readonly Client[];

  constructor(target: Target) {
    this.#clients = Array.from({ length: WRITERS }, () => new Client(target));
  }

  async fill(): Promise<void> {
    const [first] = this.#clients as readonly [Client];
    for (const name of NAMESPACES)
      await first.call('POST', '/api/v1/namespaces', { metadata: { name } });
    for (const crd of crossplaneCrds(['cluster']))
      await first.call('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', crd);
    for (const namespace of NAMESPACES)
      while (!(await isServed(first, claimPathOf('cluster', namespace))));
    await Promise.all(
      this.#clients.map(async (client, writer) => {
        for (const [index, place] of this.places.entries()) {
          if (index % WRITERS !== writer) continue;
          const { spec, apiVersion, kind } = aClaim({ environmentSuffix: `env${index}` });
          const { name, namespace } = place;
          const claim = { apiVersion, kind, spec, metadata: { name, namespace } };
          await client.call('POST', claimPathOf('cluster', namespace), claim);
          await this.#write(client, place, 'True', '');
        }
      }),
    );
  }

  /** Tokens of so many people, each of whom may edit in the namespaces of claims. */
  async people(count: number): Promise<string[]> {
    const [client] = this.#clients as readonly [Client];
    const rbac = '/apis/rbac.authorization.k8s.io/v1';
    await client.call('POST', '/api/v1/namespaces', { metadata: { name: PEOPLE } });
    for (const role of objectsIn('deploy/access.yaml'))
      await client.call('POST', `${rbac}/clusterroles`, role);
    for (const namespace of NAMESPACES)
      await client.call('POST', `${rbac}/namespaces/${namespace}/rolebindings`, {
        metadata: { name: PEOPLE },
        subjects: [{ kind: 'Group', name: `system:serviceaccounts:${PEOPLE}`, ...RBAC }],
        roleRef: { kind: 'ClusterRole', name: 'edit', ...RBAC },
      });
    const accounts = `/api/v1/namespaces/${PEOPLE}/serviceaccounts`;
    return Promise.all(
      Array.from({ length: count }, async (_, index) => {
        const name = `person-${index}`;
        await client.call('POST', accounts, { metadata: { name } });
        const review = await client.call('POST', `${accounts}/${name}/token`, { spec: {} });
        return (JSON.parse(review) as { status: { token: string } }).status.token;
      }),
    );
  }

  /** Says of the claim at `index` that it is not ready for this reason. */
  async tell(index: number, message: string): Promise<void> {
    const [place, client] = [this.places[index % CLAIM_COUNT], this.#clients[index % WRITERS]];
    if (place !== undefined && client !== undefined)
      await this.#write(client, place, 'False', message);
  }

  close(): void {
    for (const client of this.#clients) client.close();
  }

  async #write(client: Client, { namespace, name }: ClaimPlace, ready: string, message: string) {
    const since = '2026-01-01T00:00:00Z';
    const claim = `${claimPathOf('cluster', namespace)}/${name}`;
    await client.patch(`${claim}/status`, {
      status: {
        conditions: [
          { type: 'Synced', status: 'True', reason: 'ReconcileSuccess', lastTransitionTime: since },
          { type: 'Ready', status: ready, reason: 'Creating', message, lastTransitionTime: since },
        ],
      },
    });
  }
}

async function isServed(client: Client, path: string): Promise<boolean> {
  return client.call('GET', path).then(
    () => true,
    () => false,
  );
}
