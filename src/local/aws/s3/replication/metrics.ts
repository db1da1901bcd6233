/**
 * Replication metrics as S3 publishes them, for rules that have them switched on: what is pending and how far behind it is, in
 * the destination's region; what failed, in the source's.
 *
 * How far behind is told of each object when it has arrived, and every minute of the oldest that has not.
 */
import type { Cloud } from '../../cloud.js';
import type { Buckets } from '../buckets.js';
import type { Debt } from './debt.js';

const MINUTE_MS = 60_000;

interface Pending {
  /** One of the debts: all are of the same rule. */
  readonly like: Debt;
  bytes: number;
  /** When each was committed, the oldest first: debts are paid in that order. */
  readonly committedAtMs: number[];
}

export class ReplicationMetrics {
  private readonly pending = new Map<string, Pending>();
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly cloud: Cloud,
    private readonly buckets: Buckets,
  ) {}

  start(): void {
    this.running = this.tellOfDelays();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  owed(debt: Debt): void {
    const pending = this.pendingOf(debt);
    pending.committedAtMs.push(debt.committedAtMs);
    pending.bytes += debt.sizeBytes;
    this.publishPending(debt);
  }

  settled(debt: Debt, state: 'COMPLETED' | 'FAILED' | 'dropped'): void {
    const pending = this.pendingOf(debt);
    const place = pending.committedAtMs.indexOf(debt.committedAtMs);
    if (place >= 0) pending.committedAtMs.splice(place, 1);
    pending.bytes -= debt.sizeBytes;
    this.publishPending(debt);
    if (state === 'COMPLETED') {
      const seconds = (this.cloud.clock.now() - debt.committedAtMs) / 1000;
      this.publish(debt, 'destination', 'ReplicationLatency', seconds, 'Seconds');
    }
    if (state !== 'dropped') {
      const failed = state === 'FAILED' ? 1 : 0;
      this.publish(debt, 'source', 'OperationsFailedReplication', failed, 'Count');
    }
  }

  private async tellOfDelays(): Promise<void> {
    const { clock } = this.cloud;
    const { signal } = this.stopping;
    for (;;) {
      await clock.sleep(MINUTE_MS, signal);
      if (signal.aborted) return;
      for (const { like, committedAtMs } of this.pending.values()) {
        const [oldest] = committedAtMs;
        if (oldest === undefined) continue;
        const seconds = (clock.now() - oldest) / 1000;
        this.publish(like, 'destination', 'ReplicationLatency', seconds, 'Seconds');
      }
    }
  }

  private pendingOf(debt: Debt): Pending {
    const { sourceBucket, destinationBucket, ruleId } = debt;
    const key = `${sourceBucket}/${destinationBucket}/${ruleId}`;
    const pending = this.pending.get(key) ?? { like: debt, bytes: 0, committedAtMs: [] };
    this.pending.set(key, pending);
    return pending;
  }

  private publishPending(debt: Debt): void {
    const { committedAtMs, bytes } = this.pendingOf(debt);
    this.publish(
      debt,
      'destination',
      'OperationsPendingReplication',
      committedAtMs.length,
      'Count',
    );
    this.publish(debt, 'destination', 'BytesPendingReplication', bytes, 'Bytes');
  }

  private publish(
    debt: Debt,
    at: 'source' | 'destination',
    name: string,
    value: number,
    unit: 'Count' | 'Bytes' | 'Seconds',
  ): void {
    const source = this.buckets.find(debt.sourceBucket);
    const rule = source?.replication?.rules.find(({ id }) => id === debt.ruleId);
    const region = (at === 'source' ? source : this.buckets.find(debt.destinationBucket))?.region;
    if (rule?.destination.publishesMetrics !== true || region === undefined) return;
    this.cloud.metrics.record({
      region,
      namespace: 'AWS/S3',
      name,
      dimensions: {
        SourceBucket: debt.sourceBucket,
        DestinationBucket: debt.destinationBucket,
        RuleId: debt.ruleId,
      },
      value,
      unit,
    });
  }
}
