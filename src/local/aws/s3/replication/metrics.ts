/**
 * Replication metrics as S3 publishes them, for rules that have them switched on: what is pending and how long it took, in the
 * destination's region; what failed, in the source's.
 */
import type { Cloud } from '../../cloud.js';
import type { Buckets } from '../buckets.js';
import type { Debt } from './debt.js';

interface Pending {
  operations: number;
  bytes: number;
}

export class ReplicationMetrics {
  private readonly pending = new Map<string, Pending>();

  constructor(
    private readonly cloud: Cloud,
    private readonly buckets: Buckets,
  ) {}

  owed(debt: Debt): void {
    this.count(debt, 1);
    this.publishPending(debt);
  }

  settled(debt: Debt, state: 'COMPLETED' | 'FAILED' | 'dropped'): void {
    this.count(debt, -1);
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

  private count(debt: Debt, by: 1 | -1): void {
    const key = pendingKey(debt);
    const pending = this.pending.get(key) ?? { operations: 0, bytes: 0 };
    pending.operations += by;
    pending.bytes += by * debt.sizeBytes;
    this.pending.set(key, pending);
  }

  private publishPending(debt: Debt): void {
    const { operations, bytes } = this.pending.get(pendingKey(debt)) ?? { operations: 0, bytes: 0 };
    this.publish(debt, 'destination', 'OperationsPendingReplication', operations, 'Count');
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

function pendingKey({ sourceBucket, destinationBucket, ruleId }: Debt): string {
  return `${sourceBucket}/${destinationBucket}/${ruleId}`;
}
