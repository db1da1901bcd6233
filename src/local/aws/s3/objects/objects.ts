/**
 * Objects and their versions: what is written, read, deleted and retagged in a bucket, with what each change owes to replicas.
 *
 * One writer of a key at a time; a change and its replication debts are one batch on disk when the promise resolves.
 */
import { randomBytes } from 'node:crypto';
import type { Cloud } from '../../cloud.js';
import type { KeyLocks } from '../../state/key-locks.js';
import type { BucketRecord } from '../bucket-record.js';
import type { Debt } from '../replication/debt.js';
import { planTags, planVersion, type Plan } from '../replication/plan.js';
import type { Replication } from '../replication/replication.js';
import type { Change, ObjectStorage, StagedBody } from './object-storage.js';
import type { Piece, VersionRecord } from './version-record.js';

const MICROSECONDS_PER_MS = 1000;
/** The version id of what is written while versioning is off or suspended. */
const NULL_VERSION = 'null';

/** A new version before it has its place in time. */
export type Draft = Pick<
  VersionRecord,
  'key' | 'etag' | 'sizeBytes' | 'headers' | 'tags' | 'storageClass' | 'checksum' | 'encryption'
>;

export interface Content {
  readonly pieces: readonly Piece[];
  /** What makes the pieces durable, stored with the version. */
  readonly changes: readonly Change[];
}

export interface Deletion {
  readonly versionId?: string | undefined;
  /** Whether a marker was made, or removed. */
  readonly isMarker: boolean;
}

export class Objects {
  constructor(
    private readonly cloud: Cloud,
    readonly storage: ObjectStorage,
    private readonly locks: KeyLocks,
    private readonly replication: Replication,
  ) {}

  async stage(body: Buffer): Promise<Content> {
    const staged: StagedBody = await this.storage.stage(body);
    const { bodyId, sizeBytes, changes } = staged;
    return { pieces: [{ bodyId, sizeBytes }], changes };
  }

  read(version: VersionRecord): Promise<Buffer> {
    return this.storage.read(version.pieces);
  }

  /** The version named, or the newest; undefined where there is none. It may be a delete marker. */
  async find(
    bucket: BucketRecord,
    key: string,
    versionId?: string,
  ): Promise<VersionRecord | undefined> {
    return versionId === undefined
      ? this.storage.current(bucket.id, key)
      : this.storage.version(bucket.id, key, versionId);
  }

  /** Writes a new version. `check` sees what is there, and throws to refuse. */
  put(
    bucket: BucketRecord,
    draft: Draft,
    content: Content,
    check: (current: VersionRecord | undefined) => void = () => undefined,
  ): Promise<VersionRecord> {
    return this.change(bucket, draft.key, async () => {
      const current = await this.storage.current(bucket.id, draft.key);
      check(current);
      return this.add(bucket, current, {
        ...draft,
        pieces: content.pieces,
        isMarker: false,
        changes: content.changes,
      });
    });
  }

  /** Without a version id: puts a delete marker where the bucket keeps versions, else removes the object. */
  delete(bucket: BucketRecord, key: string, versionId?: string): Promise<Deletion> {
    return this.change(bucket, key, async () => {
      if (versionId !== undefined || bucket.versioning === undefined) {
        return this.remove(bucket, key, versionId);
      }
      const marker = await this.mark(bucket, key, await this.storage.current(bucket.id, key));
      return { versionId: marker.versionId, isMarker: true };
    });
  }

  /** What lifecycle does to a current version, unless it was replaced meanwhile; replicas do not hear of it. */
  expire(bucket: BucketRecord, version: VersionRecord): Promise<void> {
    return this.change(bucket, version.key, async () => {
      const current = await this.storage.current(bucket.id, version.key);
      if (current?.order !== version.order) return;
      if (bucket.versioning === undefined) await this.remove(bucket, version.key);
      else await this.mark({ ...bucket, replication: undefined }, version.key, current);
    });
  }

  /** Removes a version if `isWanted` still says so. */
  removeIf(
    bucket: BucketRecord,
    version: VersionRecord,
    isWanted: (current: VersionRecord | undefined) => boolean,
  ): Promise<void> {
    return this.change(bucket, version.key, async () => {
      if (!isWanted(await this.storage.current(bucket.id, version.key))) return;
      await this.remove(bucket, version.key, version.versionId);
    });
  }

  retag(
    bucket: BucketRecord,
    version: VersionRecord,
    tags: Readonly<Record<string, string>>,
  ): Promise<void> {
    return this.change(bucket, version.key, async () => {
      const current = this.storage.version(bucket.id, version.key, version.versionId);
      if (current === undefined) return;
      const plan = planTags(bucket, { ...current, tags }, this.cloud.clock.now());
      await this.commit(bucket, plan, []);
    });
  }

  private mark(
    bucket: BucketRecord,
    key: string,
    current: VersionRecord | undefined,
  ): Promise<VersionRecord> {
    return this.add(bucket, current, {
      key,
      isMarker: true,
      etag: '',
      sizeBytes: 0,
      pieces: [],
      headers: {},
      tags: {},
      storageClass: 'STANDARD',
      changes: [],
    });
  }

  private change<T>(bucket: BucketRecord, key: string, work: () => Promise<T>): Promise<T> {
    return this.locks.hold([`${bucket.id}/${key}`], work);
  }

  private async add(
    bucket: BucketRecord,
    current: VersionRecord | undefined,
    {
      changes,
      ...draft
    }: Omit<VersionRecord, 'versionId' | 'order' | 'modifiedAtMs'> & {
      readonly changes: readonly Change[];
    },
  ): Promise<VersionRecord> {
    const { clock, clockOf } = this.cloud;
    const stampMs = clockOf(bucket.region).now();
    const isVersioned = bucket.versioning === 'Enabled';
    const version: VersionRecord = {
      ...draft,
      versionId: isVersioned ? randomBytes(24).toString('base64url') : NULL_VERSION,
      order: Math.max(stampMs * MICROSECONDS_PER_MS, (current?.order ?? 0) + 1),
      modifiedAtMs: stampMs,
    };
    const replaced = isVersioned
      ? undefined
      : this.storage.version(bucket.id, draft.key, NULL_VERSION);
    const plan = planVersion(bucket, version, clock.now());
    await this.commit(bucket, plan, [...changes, ...this.drop(bucket, replaced)]);
    await this.storage.forget(replaced?.pieces ?? []);
    return plan.version;
  }

  private async remove(
    bucket: BucketRecord,
    key: string,
    versionId = NULL_VERSION,
  ): Promise<Deletion> {
    const version = this.storage.version(bucket.id, key, versionId);
    if (version !== undefined) {
      await this.storage.commit(this.drop(bucket, version));
      await this.storage.forget(version.pieces);
    }
    const isNamed = bucket.versioning !== undefined || versionId !== NULL_VERSION;
    return {
      ...(isNamed && { versionId }),
      isMarker: version?.isMarker ?? false,
    };
  }

  private drop(bucket: BucketRecord, version: VersionRecord | undefined): Change[] {
    if (version === undefined) return [];
    return [
      ...this.storage.dropVersion(bucket.id, version),
      ...this.storage.dropBodies(version.pieces),
    ];
  }

  private async commit(
    bucket: BucketRecord,
    { version, debts }: Plan,
    alongside: readonly Change[],
  ): Promise<void> {
    const owed: readonly Debt[] = debts;
    await this.storage.commit([
      // What is replaced goes first: a null version may be replaced by another one.
      ...alongside,
      ...this.storage.putVersion(bucket.id, version),
      ...this.replication.toChanges(bucket, owed),
    ]);
    this.replication.owed(bucket, owed);
  }
}
