/** Phase: AWS is asked what is there. What it says goes into `status.atProvider`. */
import { absent } from '../external/external.js';
import { failingAs } from './failure.js';
import type { Round } from './round.js';

export async function observe(round: Round): Promise<void> {
  const { external } = round.kind;
  await failingAs('CannotObserveExternalResource', 'observe failed', async () => {
    const unnamed = external.naming === 'assigned' && round.externalName === '';
    const observation = unnamed
      ? absent
      : await external.observe(round.target('upkeep'), round.aws);
    if (!observation.exists && round.policy.onlyObserves) {
      throw new Error('external resource does not exist');
    }
    round.observation = observation;
    if (observation.exists) round.observed({ ...observation.atProvider });
  });
}
