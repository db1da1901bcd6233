/** Uploads in parts: what has been uploaded so far, on disk, until it is completed or aborted. */
import { createHash, randomBytes } from 'node:crypto';
import type { Cloud, DurableMap } from '../../cloud.js';
import { AwsError } from '../../service.js';
import type { BucketRecord } from '../bucket-record.js';
import { computeChecksum, type Checksum, type ChecksumAlgorithm } from '../checksums.js';
import type { ObjectStorage } from './object-storage.js';
import type { Draft } from './objects.js';
import type { Piece } from './version-record.js';

export interface UploadRecord {
  readonly id: string;
  readonly bucketId: string;
  readonly key: string;
  readonly startedAtMs: number;
  readonly draft: Omit<Draft, 'etag' | 'sizeBytes' | 'checksum'>;
  readonly checksumAlgorithm?: ChecksumAlgorithm | undefined;
  readonly checksumType?: Checksum['type'] | undefined;
  readonly parts: Readonly<Record<number, PartRecord>>;
}

export interface PartRecord extends Piece {
  readonly number: number;
  readonly etag: string;
  readonly modifiedAtMs: number;
}

export class Uploads {
  private constructor(
    private readonly cloud: Cloud,
    private readonly records: DurableMap<UploadRecord>,
    private readonly storage: ObjectStorage,
  ) {}

  static async open(cloud: Cloud, storage: ObjectStorage): Promise<Uploads> {
    return new Uploads(cloud, await cloud.state.map<UploadRecord>('s3-uploads'), storage);
  }

  async begin(
    bucket: BucketRecord,
    upload: Pick<UploadRecord, 'draft' | 'checksumAlgorithm' | 'checksumType'>,
  ): Promise<UploadRecord> {
    const record: UploadRecord = {
      ...upload,
      id: randomBytes(48).toString('base64url'),
      bucketId: bucket.id,
      key: upload.draft.key,
      startedAtMs: this.cloud.clock.now(),
      parts: {},
    };
    await this.records.set(record.id, record);
    return record;
  }

  /** Throws NoSuchUpload. */
  get(bucket: BucketRecord, key: string, id: string): UploadRecord {
    const upload = this.records.get(id);
    if (upload?.bucketId === bucket.id && upload.key === key) return upload;
    throw new AwsError(
      'NoSuchUpload',
      'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
      404,
      { UploadId: id },
    );
  }

  of(bucket: BucketRecord): UploadRecord[] {
    return [...this.records.values()]
      .filter(({ bucketId }) => bucketId === bucket.id)
      .sort((one, other) =>
        one.key === other.key ? one.startedAtMs - other.startedAtMs : one.key < other.key ? -1 : 1,
      );
  }

  async addPart(
    bucket: BucketRecord,
    { key, id }: UploadRecord,
    number: number,
    body: Buffer,
  ): Promise<PartRecord> {
    const staged = await this.storage.stage(body);
    await this.storage.commit(staged.changes);
    // Read again: other parts may have arrived meanwhile.
    const upload = this.get(bucket, key, id);
    const { checksumAlgorithm: algorithm } = upload;
    const part: PartRecord = {
      number,
      bodyId: staged.bodyId,
      sizeBytes: body.length,
      etag: createHash('md5').update(body).digest('hex'),
      modifiedAtMs: this.cloud.clock.now(),
      ...(algorithm !== undefined && {
        checksum: { algorithm, value: computeChecksum(algorithm, body), type: 'FULL_OBJECT' },
      }),
    };
    const replaced = upload.parts[number];
    await this.records.set(id, { ...upload, parts: { ...upload.parts, [number]: part } });
    if (replaced !== undefined) await this.discard([replaced]);
    return part;
  }

  /** Forgets the upload; the bodies of `kept` parts now belong to an object. */
  async end(upload: UploadRecord, kept: readonly PartRecord[]): Promise<void> {
    await this.records.delete(upload.id);
    const keptIds = new Set(kept.map(({ bodyId }) => bodyId));
    await this.discard(Object.values(upload.parts).filter(({ bodyId }) => !keptIds.has(bodyId)));
  }

  private async discard(parts: readonly PartRecord[]): Promise<void> {
    await this.storage.commit(this.storage.dropBodies(parts));
    await this.storage.forget(parts);
  }
}
