/**
 * Uploads in parts: what has been uploaded so far, on disk, until it is completed or aborted.
 *
 * Kept beside the objects, so that completing is one batch: the version appears and the upload is gone, or neither.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../../../../support/clock.js';
import { AwsError } from '../../service.js';
import type { BucketRecord } from '../bucket-record.js';
import { computeChecksum, type Checksum, type ChecksumAlgorithm } from '../checksums.js';
import type { Change, ObjectStorage } from './object-storage.js';
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
}

export interface PartRecord extends Piece {
  readonly number: number;
  readonly etag: string;
  readonly modifiedAtMs: number;
}

const uploadPrefix = (bucketId: string) => `upload!${bucketId}!`;
const partPrefix = (uploadId: string) => `part!${uploadId}!`;
const partKey = (uploadId: string, number: number) =>
  partPrefix(uploadId) + String(number).padStart(5, '0');

export class Uploads {
  constructor(
    private readonly clock: Clock,
    private readonly storage: ObjectStorage,
  ) {}

  async begin(
    bucket: BucketRecord,
    upload: Pick<UploadRecord, 'draft' | 'checksumAlgorithm' | 'checksumType'>,
  ): Promise<UploadRecord> {
    const record: UploadRecord = {
      ...upload,
      id: randomBytes(48).toString('base64url'),
      bucketId: bucket.id,
      key: upload.draft.key,
      startedAtMs: this.clock.now(),
    };
    await this.storage.commit([{ key: uploadPrefix(bucket.id) + record.id, value: record }]);
    return record;
  }

  /** Throws NoSuchUpload. */
  get(bucket: BucketRecord, key: string, id: string): UploadRecord {
    const upload = this.storage.get(uploadPrefix(bucket.id) + id) as UploadRecord | undefined;
    if (upload?.key === key) return upload;
    throw new AwsError(
      'NoSuchUpload',
      'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
      404,
      { UploadId: id },
    );
  }

  /** In the order in which S3 lists them: by key, then by age. */
  async of(bucket: BucketRecord): Promise<UploadRecord[]> {
    const uploads: UploadRecord[] = [];
    for await (const [, upload] of this.storage.entries<UploadRecord>(uploadPrefix(bucket.id))) {
      uploads.push(upload);
    }
    return uploads.sort((one, other) =>
      one.key === other.key ? one.startedAtMs - other.startedAtMs : one.key < other.key ? -1 : 1,
    );
  }

  /** In the order of their numbers. */
  async parts({ id }: UploadRecord): Promise<PartRecord[]> {
    const parts: PartRecord[] = [];
    for await (const [, part] of this.storage.entries<PartRecord>(partPrefix(id))) parts.push(part);
    return parts;
  }

  /** A part of the same number is replaced. */
  async addPart(upload: UploadRecord, number: number, body: Buffer): Promise<PartRecord> {
    const staged = await this.storage.stage(body);
    const { checksumAlgorithm: algorithm } = upload;
    const part: PartRecord = {
      number,
      bodyId: staged.bodyId,
      sizeBytes: body.length,
      etag: createHash('md5').update(body).digest('hex'),
      modifiedAtMs: this.clock.now(),
      ...(algorithm !== undefined && {
        checksum: { algorithm, value: computeChecksum(algorithm, body), type: 'FULL_OBJECT' },
      }),
    };
    const key = partKey(upload.id, number);
    const before = this.storage.get(key) as PartRecord | undefined;
    const replaced = before === undefined ? [] : [before];
    await this.storage.commit([
      ...this.storage.dropBodies(replaced),
      ...staged.changes,
      { key, value: part },
    ]);
    await this.storage.forget(replaced);
    return part;
  }

  /** What ends an upload: the bodies of `kept` parts belong to an object from then on. */
  async ending(
    upload: UploadRecord,
    kept: readonly PartRecord[],
  ): Promise<{ readonly changes: Change[]; readonly dropped: readonly PartRecord[] }> {
    const parts = await this.parts(upload);
    const keptIds = new Set(kept.map(({ bodyId }) => bodyId));
    const dropped = parts.filter(({ bodyId }) => !keptIds.has(bodyId));
    const changes = [
      { key: uploadPrefix(upload.bucketId) + upload.id },
      ...parts.map(({ number }) => ({ key: partKey(upload.id, number) })),
      ...this.storage.dropBodies(dropped),
    ];
    return { changes, dropped };
  }

  async abort(upload: UploadRecord): Promise<void> {
    const { changes, dropped } = await this.ending(upload, []);
    await this.storage.commit(changes);
    await this.storage.forget(dropped);
  }
}
