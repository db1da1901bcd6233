/**
 * What one sandbox says, on its way to the function's log group: a stream of its own, written in the function's role.
 *
 * Collected and sent a moment later, so that no event waits for its log. A role that may not write logs loses them without
 * the function noticing, as in AWS.
 */
import { randomUUID } from 'node:crypto';

import type { Cloud } from '../cloud.js';
import { AwsError, type Principal } from '../service.js';
import type { FunctionRecord } from './function-record.js';
import { logGroupOf } from './log-group-name.js';

/** How long lines are collected before they are sent together. */
const COLLECT_MS = 100;
/** CloudWatch Logs takes no more in one call; the rest goes with the next. */
const MAX_BATCH_EVENTS = 1000;
const MAX_LINE_LENGTH = 256 * 1024;

export class FunctionLog {
  readonly streamName: string;
  readonly #stopping = new AbortController();
  #pending: { timestampMs: number; message: string }[] = [];
  #sending: Promise<void> | undefined;
  #lastMs = 0;

  constructor(
    private readonly cloud: Cloud,
    private readonly record: FunctionRecord,
    private readonly caller: Principal,
  ) {
    const date = new Date(this.#now()).toISOString().slice(0, 10).replaceAll('-', '/');
    this.streamName = `${date}/[$LATEST]${randomUUID().replaceAll('-', '')}`;
  }

  say(line: string): void {
    // A region's clock may be set back: within a stream the order is that of what happened.
    this.#lastMs = Math.max(this.#lastMs, this.#now());
    const message = line === '' ? ' ' : line.slice(0, MAX_LINE_LENGTH);
    this.#pending.push({ timestampMs: this.#lastMs, message });
    this.#sending ??= this.#send();
  }

  /** Resolves when all that was said is stored, or refused. */
  async close(): Promise<void> {
    this.#stopping.abort();
    await this.#sending;
  }

  async #send(): Promise<void> {
    const { clock, logs, log } = this.cloud;
    const { region, name, arn } = this.record;
    while (this.#pending.length > 0) {
      await clock.sleep(COLLECT_MS, this.#stopping.signal);
      const events = this.#pending.splice(0, MAX_BATCH_EVENTS);
      const to = { region, group: logGroupOf(name), stream: this.streamName };
      try {
        await logs.write({ ...to, caller: this.caller, events });
      } catch (error) {
        const isRefused = error instanceof AwsError;
        log[isRefused ? 'debug' : 'error']('log not written', { function: arn, error });
      }
    }
    this.#sending = undefined;
  }

  #now(): number {
    return this.cloud.clockOf(this.record.region).now();
  }
}
