/** Phase: the ProviderConfig is found, its use recorded, and a connection to AWS with its credentials opened. */
import { parseApiVersion } from '../../../support/kubernetes/objects.js';
import {
  CONFIG_API_VERSION,
  configNamespaceOf,
  configReferenceOf,
} from '../config/provider-config.js';
import { failingAs } from './failure.js';
import type { Round } from './round.js';

export async function connect(round: Round): Promise<void> {
  const { resource, kind, world } = round;
  await failingAs('CannotConnectToProvider', 'connect failed', async () => {
    const reference = configReferenceOf(resource, kind.form);
    const namespace = configNamespaceOf(resource, reference, kind.form);
    const config = world.findConfig(reference.kind, reference.name, namespace);
    if (config === undefined) {
      const { group } = parseApiVersion(CONFIG_API_VERSION[kind.form]);
      throw new Error(
        `cannot get referenced ProviderConfig: ${reference.kind}.${group} "${reference.name}" not found`,
      );
    }
    await world.usages.track(resource, reference, kind.form);
    round.connection = await world.connections.of(config, namespace);
  });
}
