/** Phase: what exists is compared with what is asked, and put right where the policies allow it. */
import { again, type Outcome } from '../../../support/kubernetes/controller.js';
import { isConditionTrue } from '../../../support/kubernetes/objects.js';
import { requestedPollIntervalMs } from '../../../support/kubernetes/reconcile-annotations.js';
import { driftOf } from '../external/drift.js';
import type { Present } from '../external/external.js';
import {
  available,
  creating,
  lastOperationFailed,
  lastOperationSucceeded,
  reconciled,
  unavailable,
  type Said,
} from './conditions.js';
import { failingAs } from './failure.js';
import type { Pace } from './pace.js';
import type { Round } from './round.js';

type Seen = Present<Record<string, unknown>>;

/** How long until AWS is asked again whether it has finished. */
const BUSY_POLL_MS = 150;

export async function correct(round: Round, seen: Seen, pace: Pace): Promise<Outcome> {
  const { world, resource, policy } = round;
  const drift = policy.allows('Update') ? differences(round, seen) : [];
  round.say(readiness(round, seen, drift, pace.isFutile(resource.metadata.uid)));
  if (seen.busyWith !== undefined) {
    round.say(reconciled);
    return again(BUSY_POLL_MS, seen.busyWith);
  }
  if (drift.length === 0) {
    round.say(reconciled);
    pace.settled(resource.metadata.uid);
    const pauseMs = requestedPollIntervalMs(resource) ?? world.pollIntervalMs;
    return again(pauseMs, 'drift is looked for');
  }
  await update(round, seen, drift);
  return again(pace.nextMs(resource.metadata.uid), `changed: ${drift.join(', ')}`);
}

async function update(round: Round, seen: Seen, drift: readonly string[]): Promise<void> {
  const { kind, world } = round;
  await failingAs('CannotUpdateExternalResource', 'update failed', async () => {
    try {
      refuseReplacement(round, seen, drift);
      await kind.external.update(round.target('upkeep'), round.aws, seen, drift);
    } catch (error) {
      round.say(
        lastOperationFailed('Update', error instanceof Error ? error.message : String(error)),
      );
      throw error;
    }
  });
  await world.events.record(
    round.resource,
    'Normal',
    'UpdatedExternalResource',
    'Successfully requested update of external resource',
  );
  round.say(reconciled, lastOperationSucceeded);
}

function differences(round: Round, seen: Seen): string[] {
  const { comparison, fields, references = [] } = round.kind.external;
  const top = new Set(fields.map((path) => path.split('.')[0] ?? ''));
  const asked = Object.entries(round.forProvider).filter(([field]) => top.has(field));
  const { initProvider = {} } = round.resource.spec ?? {};
  // AWS knows the values that references stand for, not the references.
  const means = references.flatMap(({ field }) => [`${field}Ref`, `${field}Selector`]);
  const settings = [...(comparison?.settings ?? []), ...means];
  return driftOf(Object.fromEntries(asked), seen.atProvider, { ...comparison, settings }).filter(
    (field) => round.forProvider[field] !== undefined || initProvider[field] === undefined,
  );
}

/** A resource becomes available complete; once it was, only what it is good for counts. */
function readiness(round: Round, seen: Seen, drift: readonly string[], futile: boolean): Said {
  const wasReady = isConditionTrue(round.resource, 'Ready');
  if (wasReady)
    return seen.usable
      ? available
      : unavailable(seen.busyWith ?? 'AWS says that it cannot be used now');
  if (seen.usable && seen.busyWith === undefined && drift.length === 0) return available;
  if (!futile) return creating;
  return { ...creating, message: `AWS took the change but does not show it: ${drift.join(', ')}` };
}

function refuseReplacement(round: Round, seen: Seen, drift: readonly string[]): void {
  const { immutable = [] } = round.kind.external.comparison ?? {};
  const field = drift.find((name) => immutable.includes(name));
  if (field === undefined) return;
  const [from, to] = [seen.atProvider[field], round.forProvider[field]].map(shown);
  throw new Error(
    'refuse to update the external resource because the following update requires replacing it: ' +
      `cannot change the value of the argument "${snakeCase(field)}" from ${from ?? ''} to ${to ?? ''}`,
  );
}

function shown(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : `"${JSON.stringify(value ?? '')}"`;
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
