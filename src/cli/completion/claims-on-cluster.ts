/** The claims of a cluster, by name, for completion. */
import { claimTypes } from '../../claims/observation/find-claim.js';
import { withCluster } from '../cluster/connection.js';
import { DEFAULT_STATE_DIR } from '../platform/options.js';

export interface Where {
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  readonly state: string | undefined;
  /** In seconds. */
  readonly requestTimeout: number;
}

export async function listClaims({ kubeconfig, context, state, requestTimeout }: Where) {
  const options = {
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(context === undefined ? {} : { context }),
    state: state ?? DEFAULT_STATE_DIR,
    requestTimeout,
  };
  return withCluster(options, async ({ client }) => {
    const types = [...(await claimTypes(client)).values()];
    const lists = await Promise.all(types.map((type) => client.list(type)));
    return lists.flatMap(({ items }) =>
      items.map(({ metadata: { name, namespace = '' } }) => ({ name, namespace })),
    );
  });
}
