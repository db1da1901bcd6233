/**
 * The state of the local AWS on disk: named maps of JSON values in one LevelDB, held in memory for reading.
 *
 * Changes that arrive while a write is under way go to disk together in the next one (group commit), each write synced, so
 * that what was acknowledged survives a kill. After a failed write nothing more is accepted: memory is then ahead of the disk.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { ClassicLevel } from 'classic-level';

import { PdrError } from '../../../support/errors.js';
import type { CloudState, DurableMap } from '../cloud.js';

type Change = { type: 'put'; key: string; value: string } | { type: 'del'; key: string };

interface Commit {
  readonly changes: Change[];
  readonly written: Promise<void>;
  readonly settle: (error?: Error) => void;
}

const SEPARATOR = '\u0000';
const AFTER_SEPARATOR = '\u0001';

export class DurableState implements CloudState {
  private readonly maps = new Map<string, Promise<StoredMap<unknown>>>();
  private next: Commit | undefined;
  private writing: Promise<void> | undefined;
  private broken: Error | undefined;

  private constructor(
    private readonly root: string,
    private readonly db: ClassicLevel,
  ) {}

  /**
   * Opens, or makes, the state under `root`.
   * Throws `PdrError` PDR1003 where another process has it open, PDR1004 where it cannot be used.
   */
  static async open(root: string): Promise<DurableState> {
    const db = new ClassicLevel(join(root, 'store'), { valueEncoding: 'utf8' });
    try {
      await mkdir(root, { recursive: true });
      await db.open();
    } catch (cause) {
      throw new PdrError(isLocked(cause) ? 'PDR1003' : 'PDR1004', { subject: root, cause });
    }
    return new DurableState(root, db);
  }

  map<T>(name: string): Promise<DurableMap<T>> {
    const known = this.maps.get(name) ?? this.load(name);
    this.maps.set(name, known);
    return known as Promise<StoredMap<T>>;
  }

  async directory(name: string): Promise<string> {
    const path = join(this.root, name);
    await mkdir(path, { recursive: true });
    return path;
  }

  /** Waits for what was accepted, then lets go of the directory. */
  async close(): Promise<void> {
    while (this.writing !== undefined) await this.writing;
    await this.db.close();
  }

  private async load(name: string): Promise<StoredMap<unknown>> {
    const prefix = name + SEPARATOR;
    const stored = new StoredMap<unknown>((change) => this.commit(change), prefix);
    try {
      const range = { gte: prefix, lt: name + AFTER_SEPARATOR };
      for await (const [key, value] of this.db.iterator(range)) {
        stored.restore(key.slice(prefix.length), JSON.parse(value));
      }
    } catch (cause) {
      throw new PdrError('PDR1004', { subject: this.root, cause });
    }
    return stored;
  }

  private commit(change: Change): Promise<void> {
    if (this.broken !== undefined) return Promise.reject(this.broken);
    this.next ??= newCommit();
    this.next.changes.push(change);
    const { written } = this.next;
    this.writing ??= this.write();
    return written;
  }

  private async write(): Promise<void> {
    // Everything of the same turn of the event loop joins the first write.
    await Promise.resolve();
    while (this.next !== undefined) {
      const commit = this.next;
      this.next = undefined;
      try {
        if (this.broken !== undefined) throw this.broken;
        await this.db.batch(commit.changes, { sync: true });
        commit.settle();
      } catch (cause) {
        this.broken ??= new PdrError('PDR1004', { subject: this.root, cause });
        commit.settle(this.broken);
      }
    }
    this.writing = undefined;
  }
}

/** Reads from memory; writes to both. */
class StoredMap<T> implements DurableMap<T> {
  private readonly entriesInMemory = new Map<string, T>();

  constructor(
    private readonly commit: (change: Change) => Promise<void>,
    private readonly prefix: string,
  ) {}

  restore(key: string, value: T): void {
    this.entriesInMemory.set(key, value);
  }

  set(key: string, value: T): Promise<void> {
    this.entriesInMemory.set(key, value);
    // Encoded now: the caller may go on changing the object.
    return this.commit({ type: 'put', key: this.prefix + key, value: JSON.stringify(value) });
  }

  delete(key: string): Promise<void> {
    if (!this.entriesInMemory.delete(key)) return Promise.resolve();
    return this.commit({ type: 'del', key: this.prefix + key });
  }

  get size(): number {
    return this.entriesInMemory.size;
  }

  get(key: string): T | undefined {
    return this.entriesInMemory.get(key);
  }

  has(key: string): boolean {
    return this.entriesInMemory.has(key);
  }

  keys(): MapIterator<string> {
    return this.entriesInMemory.keys();
  }

  values(): MapIterator<T> {
    return this.entriesInMemory.values();
  }

  entries(): MapIterator<[string, T]> {
    return this.entriesInMemory.entries();
  }

  [Symbol.iterator](): MapIterator<[string, T]> {
    return this.entriesInMemory.entries();
  }

  forEach(visit: (value: T, key: string, map: ReadonlyMap<string, T>) => void): void {
    for (const [key, value] of this.entriesInMemory) visit(value, key, this);
  }
}

function newCommit(): Commit {
  let settle: Commit['settle'] = () => undefined;
  const written = new Promise<void>((resolve, reject) => {
    settle = (error) => (error === undefined ? resolve() : reject(error));
  });
  return { changes: [], written, settle };
}

function isLocked(error: unknown): boolean {
  return (error as { cause?: { code?: unknown } } | undefined)?.cause?.code === 'LEVEL_LOCKED';
}
