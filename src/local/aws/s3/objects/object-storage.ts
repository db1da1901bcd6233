/**
 * Objects on disk: one LevelDB with the versions of all buckets in the order in which S3 lists them, and the bodies.
 *
 * A small body is stored in the database, with its version, in one atomic batch; a large one is written to a file and synced
 * before the batch that names it. `commit` resolves when everything is on disk. A file that no version names, left by a crash,
 * takes space and nothing else.
 */
import { ClassicLevel } from 'classic-level';
import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Piece, VersionRecord } from './version-record.js';

/** Above this a body gets a file of its own. */
const LARGE_BYTES = 256 * 1024;

export interface Change {
  readonly key: string;
  /** Absent deletes the key. A buffer is stored as it is, everything else as JSON. */
  readonly value?: unknown;
}

/** A body that is ready to be named by a version. */
export interface StagedBody {
  readonly bodyId: string;
  readonly sizeBytes: number;
  readonly changes: readonly Change[];
}

/** Between a key and what follows it: sorts a key before all keys that continue it. */
const SEPARATOR = '\u0000';
/** Sorts after every key that begins as the prefix does: no UTF-8 text has a greater first byte. */
const LAST = '\u{10ffff}';
const MAX_ORDER = Number.MAX_SAFE_INTEGER;

const versionPrefix = (bucketId: string) => `version!${bucketId}!`;
const idKey = (bucketId: string, key: string, versionId: string) =>
  `id!${bucketId}!${key}${SEPARATOR}${versionId}`;
const bodyKey = (bodyId: string) => `body!${bodyId}`;

export class ObjectStorage {
  private constructor(
    private readonly level: ClassicLevel<string, unknown>,
    private readonly files: string,
  ) {}

  static async open(directory: string): Promise<ObjectStorage> {
    const files = join(directory, 'bodies');
    await mkdir(files, { recursive: true });
    const level = new ClassicLevel<string, unknown>(join(directory, 'store'), {
      valueEncoding: 'json',
    });
    await level.open();
    return new ObjectStorage(level, files);
  }

  get(key: string): unknown {
    return this.level.getSync(key);
  }

  /** Atomic. Synced to disk, unless the caller can redo it after a crash. */
  async commit(changes: readonly Change[], { sync } = { sync: true }): Promise<void> {
    await this.level.batch(
      changes.map(({ key, value }) => {
        if (value === undefined) return { type: 'del' as const, key };
        const valueEncoding = Buffer.isBuffer(value) ? 'buffer' : 'json';
        return { type: 'put' as const, key, value, valueEncoding };
      }),
      { sync },
    );
  }

  async *entries<T>(prefix: string, limit = -1): AsyncGenerator<readonly [string, T]> {
    const iterator = this.level.iterator({ gte: prefix, lt: prefix + LAST, limit });
    for await (const [key, value] of iterator) yield [key, value as T];
  }

  async keys(prefix: string): Promise<string[]> {
    return this.level.keys({ gte: prefix, lt: prefix + LAST }).all();
  }

  /** Makes a body durable, or part of the changes that will be. */
  async stage(body: Buffer): Promise<StagedBody> {
    const bodyId = randomUUID();
    if (body.length <= LARGE_BYTES) {
      return { bodyId, sizeBytes: body.length, changes: [{ key: bodyKey(bodyId), value: body }] };
    }
    const file = await open(join(this.files, bodyId), 'wx');
    try {
      await file.writeFile(body);
      await file.sync();
    } finally {
      await file.close();
    }
    return { bodyId, sizeBytes: body.length, changes: [] };
  }

  async read(pieces: readonly Piece[]): Promise<Buffer> {
    const bodies = await Promise.all(pieces.map((piece) => this.readBody(piece)));
    const [only] = bodies;
    return only !== undefined && bodies.length === 1 ? only : Buffer.concat(bodies);
  }

  private async readBody({ bodyId, sizeBytes }: Piece): Promise<Buffer> {
    if (sizeBytes > LARGE_BYTES) return readFile(join(this.files, bodyId));
    const body = await this.level.get<string, Buffer>(bodyKey(bodyId), { valueEncoding: 'buffer' });
    if (body === undefined) throw new Error(`the body ${bodyId} is missing`);
    return body;
  }

  /** What removes bodies from the database; `forget` then removes those in files, once that is committed. */
  dropBodies(pieces: readonly Piece[]): Change[] {
    return pieces.map(({ bodyId }) => ({ key: bodyKey(bodyId) }));
  }

  async forget(pieces: readonly Piece[]): Promise<void> {
    const large = pieces.filter(({ sizeBytes }) => sizeBytes > LARGE_BYTES);
    await Promise.all(large.map(({ bodyId }) => rm(join(this.files, bodyId), { force: true })));
  }

  putVersion(bucketId: string, version: VersionRecord): Change[] {
    return [
      { key: orderKey(bucketId, version), value: version },
      { key: idKey(bucketId, version.key, version.versionId), value: version.order },
    ];
  }

  dropVersion(bucketId: string, version: VersionRecord): Change[] {
    return [
      { key: orderKey(bucketId, version) },
      { key: idKey(bucketId, version.key, version.versionId) },
    ];
  }

  version(bucketId: string, key: string, versionId: string): VersionRecord | undefined {
    const order = this.get(idKey(bucketId, key, versionId)) as number | undefined;
    if (order === undefined) return undefined;
    return this.get(orderKey(bucketId, { key, order, versionId })) as VersionRecord | undefined;
  }

  /** The newest version, which may be a delete marker. */
  async current(bucketId: string, key: string): Promise<VersionRecord | undefined> {
    const prefix = versionPrefix(bucketId) + key + SEPARATOR;
    for await (const [, version] of this.entries<VersionRecord>(prefix, 1)) return version;
    return undefined;
  }

  /** All versions in the order of keys, newest first; from `after` on, whose own key or version does not come again. */
  async *versions(
    bucketId: string,
    prefix: string,
    walk: VersionWalk = {},
  ): AsyncGenerator<VersionRecord> {
    const base = versionPrefix(bucketId);
    const iterator = this.level.iterator({ gte: base + prefix, lt: base + prefix + LAST });
    try {
      // A target before the range would end the walk.
      if (walk.after !== undefined && walk.after > prefix) iterator.seek(base + walk.after);
      for (;;) {
        const entry = await iterator.next();
        if (entry === undefined) return;
        yield entry[1] as VersionRecord;
        if (walk.skipTo === undefined) continue;
        iterator.seek(base + walk.skipTo);
        delete walk.skipTo;
      }
    } finally {
      await iterator.close();
    }
  }

  async isEmpty(bucketId: string): Promise<boolean> {
    for await (const _ of this.entries(versionPrefix(bucketId), 1)) return false;
    return true;
  }

  close(): Promise<void> {
    return this.level.close();
  }
}

/** Steers a walk over versions while it runs. */
export interface VersionWalk {
  /** Where to begin, made by `afterKey` or `afterVersion`. */
  readonly after?: string | undefined;
  /** Set between two steps to go on from there. */
  skipTo?: string;
}

/** Past every version of a key. */
export function afterKey(key: string): string {
  return `${key}${SEPARATOR}${LAST}`;
}

/** Past every key that begins so. */
export function afterPrefix(prefix: string): string {
  return prefix + LAST;
}

export function afterVersion(version: PlacedVersion): string {
  return placeOf(version) + SEPARATOR;
}

type PlacedVersion = Pick<VersionRecord, 'key' | 'order' | 'versionId'>;

function orderKey(bucketId: string, version: PlacedVersion): string {
  return versionPrefix(bucketId) + placeOf(version);
}

/** Two regions can write one key at the same time: the version's id then says which is the newer, in both alike. */
function placeOf({ key, order, versionId }: PlacedVersion): string {
  return [key, inverted(order), versionId].join(SEPARATOR);
}

/** Greater orders sort first. */
function inverted(order: number): string {
  return String(MAX_ORDER - order).padStart(16, '0');
}
