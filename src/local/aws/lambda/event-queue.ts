/**
 * Asynchronous invocations: accepted events wait on disk until their function has answered them or they are given up.
 *
 * As in Lambda: a function error is retried after one and then two minutes; a throttled event is retried with a growing
 * pause until its age limit. What is given up goes to the function's destination (`failure-destination.ts`). Delivery is at least once. An event of a region that is down waits for the region.
 */
import type { Cloud, DurableMap } from '../cloud.js';
import { AwsError } from '../service.js';
import { reportFailure } from './failure-destination.js';
import { DEFAULT_EVENT_INVOKE, type FunctionRecord } from './function-record.js';
import type { FunctionStore } from './function-store.js';
import { runMeasured } from './invoke.js';
import type { Invocation } from './sandbox.js';
import type { SandboxPool } from './sandbox-pool.js';

export interface QueuedEvent extends Invocation {
  readonly region: string;
  readonly functionName: string;
  readonly acceptedAtMs: number;
  /** How often the function has failed on it. */
  readonly failures: number;
}

const RETRY_PAUSES_MS = [60_000, 120_000] as const;
const FIRST_THROTTLE_PAUSE_MS = 1000;
const LAST_THROTTLE_PAUSE_MS = 5 * 60 * 1000;

export class EventQueue {
  readonly #abort = new AbortController();
  readonly #running = new Set<Promise<void>>();

  private constructor(
    private readonly cloud: Cloud,
    private readonly functions: FunctionStore,
    private readonly sandboxes: SandboxPool,
    private readonly queued: DurableMap<QueuedEvent>,
  ) {}

  static async open(
    cloud: Cloud,
    functions: FunctionStore,
    sandboxes: SandboxPool,
  ): Promise<EventQueue> {
    const queued = await cloud.state.map<QueuedEvent>('lambda/events');
    const queue = new EventQueue(cloud, functions, sandboxes, queued);
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
    let throttlePauseMs = FIRST_THROTTLE_PAUSE_MS;
    for (;;) {
      const pauseMs = await this.#attempt(event, throttlePauseMs);
      if (pauseMs === undefined) break;
      if (this.#isClosed()) return;
      if (pauseMs === throttlePauseMs) {
        throttlePauseMs = Math.min(throttlePauseMs * 2, LAST_THROTTLE_PAUSE_MS);
      } else {
        event = { ...event, failures: event.failures + 1 };
        await this.queued.set(event.requestId, event);
      }
      await this.cloud.clock.sleep(pauseMs, this.#abort.signal);
      if (this.#isClosed()) return;
    }
    await this.queued.delete(event.requestId);
  }

  /** How long to wait before the next try, or `undefined` when the event is done with. */
  async #attempt(event: QueuedEvent, throttlePauseMs: number): Promise<number | undefined> {
    const { region, functionName } = event;
    if (!this.functions.has(region, functionName)) return undefined;
    if (!this.cloud.network.isUp(region)) return throttlePauseMs;
    const record = this.functions.find(region, functionName);
    const { maximumRetryAttempts, maximumEventAgeSeconds } =
      record.eventInvoke ?? DEFAULT_EVENT_INVOKE;
    const isTooOld = () =>
      this.cloud.clock.now() - event.acceptedAtMs > maximumEventAgeSeconds * 1000;
    try {
      const result = await runMeasured(this.cloud, this.sandboxes, record, event);
      if (result.functionError === undefined) return undefined;
      // A sandbox that was ended under its event says nothing about the function.
      const wasEnded = this.#isClosed() || !this.cloud.network.isUp(region);
      if (wasEnded) return throttlePauseMs;
      const isExhausted = event.failures >= maximumRetryAttempts;
      if (!isExhausted && !isTooOld()) return RETRY_PAUSES_MS[event.failures];
      const condition = isExhausted ? 'RetriesExhausted' : 'EventAgeExceeded';
      await reportFailure(this.cloud, record, { event, condition, result });
      return undefined;
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      if (!isTooOld()) return throttlePauseMs;
      await reportFailure(this.cloud, record, { event, condition: 'EventAgeExceeded' });
      return undefined;
    }
  }
}
