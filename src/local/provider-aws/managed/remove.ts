/** Phase: what is being deleted here is deleted in AWS, unless the policies keep it; then the object may go. */
import { again, settled, type Outcome } from '../../../support/kubernetes/controller.js';
import type { Present } from '../external/external.js';
import { deleting, lastOperationFailed, lastOperationSucceeded, reconciled } from './conditions.js';
import { failingAs } from './failure.js';
import { FINALIZER } from './managed-resource.js';
import type { Round } from './round.js';

/** How long until AWS is asked whether the resource is gone. */
const GONE_POLL_MS = 100;

export async function remove(
  round: Round,
  seen: Present<Record<string, unknown>>,
): Promise<Outcome> {
  round.say(deleting);
  if (seen.busyWith !== undefined) {
    round.say(reconciled);
    return again(GONE_POLL_MS, seen.busyWith);
  }
  const removal = await failingAs('CannotDeleteExternalResource', 'delete failed', async () => {
    try {
      return await round.kind.external.remove(round.target('upkeep'), round.aws, seen);
    } catch (error) {
      round.say(
        lastOperationFailed('Delete', error instanceof Error ? error.message : String(error)),
      );
      throw error;
    }
  });
  await round.world.events.record(
    round.resource,
    'Normal',
    'DeletedExternalResource',
    'Successfully requested deletion of external resource',
  );
  if (removal === 'left') return release(round);
  round.say(reconciled, lastOperationSucceeded);
  return again(1, 'deletion requested');
}

/** Lets the object go: nothing of it is left in AWS, or what is left shall stay. */
export async function release(round: Round): Promise<Outcome> {
  const { resource, kind, world } = round;
  await world.usages.release(resource, kind.form);
  round.editFinalizers((names) => names.filter((name) => name !== FINALIZER));
  await round.flush();
  world.events.forget(resource.metadata.uid);
  return settled;
}
