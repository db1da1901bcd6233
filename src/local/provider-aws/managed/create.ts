/**
 * Phase: what does not exist is created.
 *
 * That a creation begins is written down before AWS is called, and how it ended afterwards: a provider that died in between
 * leaves a trace. All creations here can be repeated, so a trace alone stops nothing.
 */
import { toKubernetesTime } from '../../../support/clock.js';
import { again, type Outcome } from '../../../support/kubernetes/controller.js';
import { creating, lastOperationFailed, lastOperationSucceeded, reconciled } from './conditions.js';
import { failingAs } from './failure.js';
import { ANNOTATIONS, FINALIZER } from './managed-resource.js';
import type { Round } from './round.js';

export async function create(round: Round): Promise<Outcome> {
  const { world, kind } = round;
  const now = () => toKubernetesTime(world.clock.now());
  round.editFinalizers((names) => (names.includes(FINALIZER) ? [...names] : [...names, FINALIZER]));
  round.editAnnotations({ [ANNOTATIONS.createPending]: now() });
  await round.flush();
  round.say(creating);
  try {
    const assigned = await kind.external.create(round.target('creation'), round.aws);
    round.editAnnotations({
      [ANNOTATIONS.createSucceeded]: now(),
      ...(assigned === undefined ? {} : { [ANNOTATIONS.externalName]: assigned }),
    });
    await round.flushRegardless();
  } catch (error) {
    round.editAnnotations({ [ANNOTATIONS.createFailed]: now() });
    await round.flushRegardless();
    const message = error instanceof Error ? error.message : String(error);
    round.say(lastOperationFailed('Create', message));
    return failingAs('CannotCreateExternalResource', 'create failed', () => {
      throw error;
    });
  }
  await world.events.record(
    round.resource,
    'Normal',
    'CreatedExternalResource',
    'Successfully requested creation of external resource',
  );
  round.say(reconciled, lastOperationSucceeded);
  return again(1, 'created: what became of it is to be seen');
}
