/**
 * Reconciles the managed resources of one kind: makes AWS what their specification says, and their status what AWS says.
 *
 * The phases, in order: pause → acknowledge a request → initialize → resolve references → connect → observe → remove, or create, or
 * late-initialize and correct; each is a file beside this one. Whatever happens is published in the conditions at the end.
 */
import { settled, type Outcome } from '../../../support/kubernetes/controller.js';
import { isApiError } from '../../../support/kubernetes/api-error.js';
import type { Informer } from '../../../support/kubernetes/informer.js';
import { parseKey } from '../../../support/kubernetes/objects.js';
import { failed, paused } from './conditions.js';
import { acknowledgeRequest } from './acknowledge-request.js';
import { connect } from './connect.js';
import { correct } from './correct.js';
import { create } from './create.js';
import { PhaseFailure } from './failure.js';
import { initialize } from './initialize.js';
import { lateInitialize } from './late-initialize.js';
import { FINALIZER, isBeingDeleted, type ManagedObject } from './managed-resource.js';
import { observe } from './observe.js';
import { Pace } from './pace.js';
import { UnresolvedReference } from './references.js';
import { release, remove } from './remove.js';
import { resolve } from './resolve.js';
import { Round, type ServedKind, type World } from './round.js';

export interface ManagedReconcilerOptions {
  readonly kind: ServedKind;
  readonly world: World;
  readonly cache: Pick<Informer<ManagedObject>, 'get'>;
  /** Called when a resource waits for another of the kind `to`. */
  readonly onWaiting: (key: string, to: string) => void;
}

export class ManagedReconciler {
  readonly #pace: Pace;

  constructor(private readonly options: ManagedReconcilerOptions) {
    this.#pace = new Pace(options.world.pollIntervalMs);
  }

  async reconcile(key: string): Promise<Outcome> {
    const { kind, world, cache } = this.options;
    const resource = cache.get(parseKey(key));
    if (resource === undefined) return settled;
    const round = new Round(kind, world, resource);
    try {
      const outcome = await this.#work(round);
      if (outcome === undefined) return settled;
      await round.publish();
      return outcome;
    } catch (error) {
      if (isApiError(error, 'NotFound')) return settled;
      if (isApiError(error, 'Conflict')) throw error;
      await this.#publishFailure(round, key, error);
      throw error;
    }
  }

  /** Resolves with nothing when the object is gone, so that there is nothing to publish. */
  async #work(round: Round): Promise<Outcome | undefined> {
    const { policy, resource, world } = round;
    if (policy.isPaused) {
      await world.events.record(resource, 'Normal', 'ReconciliationPaused', PAUSED_EVENT);
      round.say(paused);
      return settled;
    }
    await acknowledgeRequest(round);
    if (policy.refusal !== undefined) {
      throw new PhaseFailure('CannotUseInvalidManagementPolicies', policy.refusal);
    }
    const deleting = isBeingDeleted(resource);
    if (deleting && (!policy.mayDelete || !resource.metadata.finalizers?.includes(FINALIZER))) {
      await release(round);
      return undefined;
    }
    initialize(round);
    if (!deleting) await resolve(round);
    await connect(round);
    await observe(round);
    const seen = round.observation;
    if (deleting) {
      if (seen?.exists === true) {
        const outcome = await remove(round, seen);
        return outcome.kind === 'settled' ? undefined : outcome;
      }
      await release(round);
      return undefined;
    }
    if (seen?.exists !== true) {
      if (!policy.allows('Create'))
        throw new PhaseFailure('CannotObserveExternalResource', NOT_THERE);
      return create(round);
    }
    round.editFinalizers((names) =>
      names.includes(FINALIZER) ? [...names] : [...names, FINALIZER],
    );
    lateInitialize(round, seen);
    await round.flush();
    return correct(round, seen, this.#pace);
  }

  async #publishFailure(round: Round, key: string, error: unknown): Promise<void> {
    const failure =
      error instanceof PhaseFailure
        ? error
        : new PhaseFailure(
            'CannotReconcile',
            error instanceof Error ? error.message : String(error),
          );
    if (failure.cause instanceof UnresolvedReference) this.options.onWaiting(key, failure.cause.to);
    round.say(failed(failure.message));
    // What the earlier phases found out holds, whatever the later ones ran into.
    if (!isBeingDeleted(round.resource)) await round.flush();
    await this.options.world.events.record(
      round.resource,
      'Warning',
      failure.reason,
      failure.message,
    );
    try {
      await round.publish();
    } catch (unpublished) {
      if (!isApiError(unpublished, 'NotFound')) throw unpublished;
    }
  }
}

const NOT_THERE = 'observe failed: external resource does not exist';
const PAUSED_EVENT =
  'Reconciliation is paused either through the `spec.managementPolicies` or the pause annotation';
