/**
 * Cross-region replication: carries what a bucket owes to the bucket its rule names, under the rights of the rule's role.
 *
 * Debts are stored with the changes they come from (`objects/objects.ts`). One courier per pair of regions pays them in order, each when
 * the network's lag has passed; it waits while the regions are not connected, and goes on after a restart. A replica has
 * the version id, the time and the place among versions of its original. What the role may not do, or the destination cannot take, is FAILED
 * and not tried again, as in S3.
 */
import type { Cloud } from '../../cloud.js';
import { Courier } from '../../state/courier.js';
import type { KeyLocks } from '../../state/key-locks.js';
import type { Access } from '../access.js';
import type { BucketRecord } from '../bucket-record.js';
import type { Buckets } from '../buckets.js';
import type { Change, ObjectStorage } from '../objects/object-storage.js';
import type { VersionRecord } from '../objects/version-record.js';
import { debtPrefix, type Debt } from './debt.js';
import { findRefusal, type Move } from './rights.js';
import type { ReplicationMetrics } from './metrics.js';

const BATCH = 128;
/** Where debts are filed whose destination is not there any more. */
const NOWHERE = 'nowhere';

interface Owed {
  readonly storageKey: string;
  readonly debt: Debt;
}

export class Replication {
  private readonly couriers = new Map<string, Courier>();
  private readonly stopping = new AbortController();
  private stopWatching = (): void => undefined;
  private sequence = 0;

  constructor(
    private readonly cloud: Cloud,
    private readonly buckets: Buckets,
    private readonly storage: ObjectStorage,
    private readonly locks: KeyLocks,
    private readonly access: Access,
    private readonly metrics: ReplicationMetrics,
  ) {}

  /** Takes up the debts that an earlier run left. */
  async start(): Promise<void> {
    this.stopWatching = this.cloud.network.onChange(() => {
      for (const courier of this.couriers.values()) courier.wake();
    });
    for await (const [key, debt] of this.storage.entries<Debt>('debt!')) {
      const [, from = '', to = '', sequence = ''] = key.split('!');
      this.sequence = Math.max(this.sequence, Number(sequence));
      this.metrics.owed(debt);
      this.courier(from, to).wake();
    }
  }

  async stop(): Promise<void> {
    this.stopWatching();
    this.stopping.abort();
    await Promise.all([...this.couriers.values()].map((courier) => courier.stopped()));
  }

  /** What stores debts of a bucket. */
  toChanges(bucket: BucketRecord, debts: readonly Debt[]): Change[] {
    return debts.map((debt) => {
      this.sequence += 1;
      const sequence = String(this.sequence).padStart(16, '0');
      return { key: debtPrefix(bucket.region, this.regionOf(debt)) + sequence, value: debt };
    });
  }

  /** To be called when the debts are on disk. */
  owed(bucket: BucketRecord, debts: readonly Debt[]): void {
    for (const debt of debts) {
      this.metrics.owed(debt);
      this.courier(bucket.region, this.regionOf(debt)).wake();
    }
  }

  private regionOf({ destinationBucket }: Debt): string {
    return this.buckets.find(destinationBucket)?.region ?? NOWHERE;
  }

  private courier(from: string, to: string): Courier {
    const link = `${from}!${to}`;
    const known = this.couriers.get(link);
    if (known !== undefined) return known;
    const courier = new Courier(() => this.pay(from, to), this.cloud, this.stopping.signal);
    this.couriers.set(link, courier);
    return courier;
  }

  private async pay(from: string, to: string): Promise<number | undefined> {
    const { clock, network } = this.cloud;
    const isThere = to !== NOWHERE && to !== from;
    let paid = 0;
    for await (const [storageKey, debt] of this.storage.entries<Debt>(
      debtPrefix(from, to),
      BATCH,
    )) {
      if (this.stopping.signal.aborted) return undefined;
      if (isThere && !network.isConnected(from, to)) return undefined;
      const waitMs = isThere ? debt.committedAtMs + network.lagMs(from, to) - clock.now() : 0;
      if (waitMs > 0) return waitMs;
      await this.carry({ storageKey, debt });
      paid += 1;
    }
    return paid === BATCH ? 0 : undefined;
  }

  /** Pays one debt, or finds that it cannot be paid; either way it is gone then, and the source's status says which. */
  private async carry(owed: Owed): Promise<void> {
    const { debt } = owed;
    const source = this.buckets.find(debt.sourceBucket);
    const destination = this.buckets.find(debt.destinationBucket);
    const locks = [source, destination].flatMap((bucket) =>
      bucket === undefined ? [] : [`${bucket.id}/${debt.key}`],
    );
    await this.locks.hold(locks, async () => {
      const version =
        source?.id === debt.sourceBucketId
          ? this.storage.version(source.id, debt.key, debt.versionId)
          : undefined;
      if (source === undefined || version === undefined) {
        await this.storage.commit([{ key: owed.storageKey }]);
        this.metrics.settled(debt, 'dropped');
        return;
      }
      const rule = source.replication?.rules.find(({ id }) => id === debt.ruleId);
      const move: Move = { source, destination, version, rule, debt };
      const refusal = await findRefusal(this.cloud, this.access, move);
      const changes = refusal === undefined ? await this.copy(move) : [];
      const state = refusal === undefined ? 'COMPLETED' : 'FAILED';
      await this.storage.commit(
        [
          ...changes,
          ...this.storage.putVersion(source.id, withState(version, debt.destinationBucket, state)),
          { key: owed.storageKey },
        ],
        // After a crash the debt is there again with what it was for.
        { sync: false },
      );
      this.metrics.settled(debt, state);
      this.cloud.log.debug('replicated', { ...debt, state, refusal });
    });
  }

  private async copy({ destination, version, rule, debt }: Move): Promise<Change[]> {
    if (destination === undefined || rule === undefined) return [];
    const there = this.storage.version(destination.id, version.key, version.versionId);
    if (debt.kind === 'tags' || there !== undefined) {
      const retagged = there === undefined ? [] : [{ ...there, tags: version.tags }];
      return retagged.flatMap((replica) => this.storage.putVersion(destination.id, replica));
    }
    const staged = version.isMarker
      ? []
      : await Promise.all(
          version.pieces.map(async (piece) => ({
            piece,
            body: await this.storage.stage(await this.storage.read([piece])),
          })),
        );
    const replica: VersionRecord = {
      ...version,
      pieces: staged.map(({ piece, body }) => ({ ...piece, bodyId: body.bodyId })),
      storageClass: rule.destination.storageClass ?? version.storageClass,
      ...(version.encryption !== undefined && {
        encryption: encryptionThere(destination, version, rule.destination.replicaKmsKeyId),
      }),
      replication: { kind: 'replica' },
    };
    return [
      ...staged.flatMap(({ body }) => body.changes),
      ...this.storage.putVersion(destination.id, replica),
    ];
  }
}

/** S3's own keys are each region's; an object under a KMS key gets the key that the rule names. */
function encryptionThere(
  destination: BucketRecord,
  version: VersionRecord,
  replicaKmsKeyId: string | undefined,
): NonNullable<VersionRecord['encryption']> {
  if (version.encryption?.algorithm.startsWith('aws:kms') !== true) return destination.encryption;
  return { ...version.encryption, kmsKeyId: replicaKmsKeyId };
}

function withState(
  version: VersionRecord,
  destination: string,
  state: 'COMPLETED' | 'FAILED',
): VersionRecord {
  if (version.replication?.kind !== 'source') return version;
  const destinations = { ...version.replication.destinations, [destination]: state };
  return { ...version, replication: { kind: 'source', destinations } };
}
