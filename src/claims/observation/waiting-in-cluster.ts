/** What an observed claim's composite waits for: found by composing it again, without a cluster, from what was observed. */
import { compose } from '../composition/compose.js';
import type { Waiting } from '../composition/waiting.js';
import type { KubernetesClient } from '../../support/kubernetes/client.js';
import { PdrError } from '../../support/errors.js';
import { compositionOf, type ObservedClaim } from './observe.js';

/** Nothing where the composite cannot be seen or cannot be composed: its own conditions say why then. */
export async function waitingIn(
  client: KubernetesClient,
  observed: ObservedClaim,
  packageDir: string,
): Promise<readonly Waiting[]> {
  const { composite, resources, hidden } = observed;
  if (composite === undefined || hidden.length > 0) return [];
  try {
    const { composition } = await compositionOf(client, observed, packageDir);
    return (await compose({ subject: composite, composition, observed: resources })).waiting;
  } catch (error) {
    if (error instanceof PdrError && error.code === 'PDR1023') return [];
    throw error;
  }
}
