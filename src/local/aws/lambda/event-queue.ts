/**
 * Asynchronous invocations: accepted events wait on disk until their function has answered them or they are given up.
 *
 * As in Lambda: a function error is retried after one and then two minutes; a throttled event is retried with a growing
 * pause until its age limit; a function whose reserved concurrency is 0 gets no event at all. What is given up goes to the
 * function's destination (`failure-destination.ts`). Delivery is at least once. An event of a region that is down waits for the region.
 */
import { setMaxListeners } from 'node:events';
import type { Cloud, DurableMap } from '../cloud.js';
import { AwsError } from '../service.js';
import { reportFailure, type GivenUp } from './failure-destination.js';
import { DEFAULT_EVENT_INVOKE, type FunctionRecord } from './function-record.js';
import type { FunctionStore } from './function-store.js';
import { runMeasured } from './measured-run.js';
import type { QueuedEvent } from './queued-event.js';
import type { Invocation } from './sandbox.js';
import type { SandboxPool } from './sandbox-pool.js';

/** How long events wait before they are tried again. */
export interface EventPauses {
  /** After a first and a second function error. */
  readonly errorsMs: readonly [number, number];
  /** After a throttled or failed call of the function: the first, doubled each time, up to the last. */
  readonly throttlesMs: readonly [first: number, last: number];
}

/** Those of AWS. */
export const EVENT_PAUSES: EventPauses = {
  errorsMs: [60_000, 120_000],
  throttlesMs: [1000, 5 * 60 * 1000],
};

export class EventQueue {
  readonly #abort = new AbortController();
  readonly #running = new Set<Promise<void>>();

  private constructor(
    private readonly cloud: Cloud,
    private readonly functions: FunctionStore,
    private readonly sandboxes: SandboxPool,
    private readonly queued: DurableMap<QueuedEvent>,
    private readonly pauses: EventPauses,
  ) {
    // Every event that waits listens for the end: many are no leak, of which Node warns.
    setMaxListeners(0, this.#abort.signal);
  }

  static async open(
    cloud: Cloud,
    functions: FunctionStore,
    sandboxes: SandboxPool,
    pauses: EventPauses = EVENT_PAUSES,
  ): Promise<EventQueue> {
    const queued = await cloud.state.map<QueuedEvent>('lambda/events');
    const queue = new EventQueue(cloud, functions, sandboxes, queued, pauses);
    for (const event of queued.values()) queue.#begin(event);
    return queue;
  }

  /** Resolves when the event is on disk: from then on it is not lost. */
  async accept(record: FunctionRecord, invocation: Invocation): Promise<void> {
    const event: QueuedEvent = {
      ...invocation,
      region: record.region,
      functionName: record.name,
      acceptedAtMs: this.cloud.clock.now(),
      failures: 0,
    };
    await this.queued.set(event.requestId, event);
    this.#count(record, 'AsyncEventsReceived');
    this.#begin(event);
  }

  /** Starts no more events; those that run are kept for the next start unless they still succeed. */
  stop(): void {
    this.#abort.abort();
  }

  /** Resolves when nothing runs any more; end the sandboxes first. */
  async settled(): Promise<void> {
    await Promise.all(this.#running);
  }

  #isClosed(): boolean {
    return this.#abort.signal.aborted;
  }

  #begin(event: QueuedEvent): void {
    const running = this.#work(event)
      .catch((error: unknown) =>
        this.cloud.log.error('an asynchronous event was kept for the next start', {
          event: event.requestId,
          error,
        }),
      )
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  async #work(accepted: QueuedEvent): Promise<void> {
    let event = accepted;
    let throttles = 0;
    for (;;) {
      const outcome = await this.#attempt(event);
      if (outcome === 'done') break;
      if (this.#isClosed()) return;
      if (outcome === 'failed') {
        event = { ...event, failures: event.failures + 1 };
        await this.queued.set(event.requestId, event);
      }
      const pauseMs =
        outcome === 'failed'
          ? this.#errorPauseMs(event.failures)
          : this.#throttlePauseMs(throttles++);
      await this.cloud.clock.sleep(pauseMs, this.#abort.signal);
      if (this.#isClosed()) return;
    }
    await this.queued.delete(event.requestId);
  }

  #errorPauseMs(failures: number): number {
    const [first, second] = this.pauses.errorsMs;
    return failures === 1 ? first : second;
  }

  #throttlePauseMs(throttles: number): number {
    const [firstMs, lastMs] = this.pauses.throttlesMs;
    return Math.min(firstMs * 2 ** throttles, lastMs);
  }

  async #attempt(event: QueuedEvent): Promise<'done' | 'failed' | 'throttled'> {
    const { region, functionName, failures } = event;
    if (!this.functions.has(region, functionName)) return 'done';
    if (!this.cloud.network.isUp(region)) return 'throttled';
    const record = this.functions.find(region, functionName);
    const { maximumRetryAttempts, maximumEventAgeSeconds } =
      record.eventInvoke ?? DEFAULT_EVENT_INVOKE;
    const ageMs = () => this.cloud.clock.now() - event.acceptedAtMs;
    const isTooOld = (aheadMs = 0) => ageMs() + aheadMs > maximumEventAgeSeconds * 1000;
    const giveUp = async (why: Omit<GivenUp, 'event'>) => {
      await reportFailure(this.cloud, record, { event, ...why });
      this.#count(record, 'AsyncEventsDropped');
      return 'done' as const;
    };
    if (record.reservedConcurrency === 0) return giveUp({ condition: 'ZeroReservedConcurrency' });
    if (isTooOld()) return giveUp({ condition: 'EventAgeExceeded' });
    try {
      const result = await runMeasured(this.cloud, this.sandboxes, record, event);
      if (result.functionError === undefined) return 'done';
      if (result.wasEnded === true) return 'throttled';
      if (failures >= maximumRetryAttempts)
        return await giveUp({ condition: 'RetriesExhausted', result });
      // No event waits for a retry that its age does not let it see.
      if (isTooOld(this.#errorPauseMs(failures + 1))) {
        return await giveUp({ condition: 'EventAgeExceeded', result });
      }
      return 'failed';
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return 'throttled';
    }
  }

  #count({ region, name }: FunctionRecord, metric: string): void {
    this.cloud.metrics.record({
      ...{ region, namespace: 'AWS/Lambda', name: metric },
      ...{ dimensions: { FunctionName: name }, value: 1, unit: 'Count' },
    });
  }
}
