/**
 * The journal: what is acknowledged is on disk.
 *
 * Writes that arrive while one is being flushed go out together in the next batch (group commit), so many writers
 * share one flush. Promises: a resolved `append` survives the death of the process or machine; batches are atomic and
 * land in order; a directory that is damaged, or from which anything acknowledged is missing, is refused with PDR1004,
 * one in use with PDR1003.
 */
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { PdrError } from '../../../support/errors.js';
import { HighWaterMark } from './high-water-mark.js';
import { Seal } from './seal.js';

const SEAL_KEY = 'j/seal';

/** Files of LevelDB that hold entries: where one is, so must be its index. */
const HOLDS_ENTRIES = /^\d+\.(log|ldb|sst)$/;

/** What LevelDB keeps in memory, twice, before it writes a table. It is read at the start only, so nothing is gained by more. */
const WRITE_BUFFER_BYTES = 1024 * 1024;

export interface Put {
  readonly key: string;
  /** Absent: the key is removed. */
  readonly value?: string;
}

interface Waiting {
  readonly puts: readonly Put[];
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

export class Journal {
  #waiting: Waiting[] = [];
  #flushing: Promise<void> | undefined;
  readonly #seal = new Seal();
  /** Why nothing more is written: what follows a failed write in the log may never be read again. */
  #failure: Error | undefined;

  private constructor(
    private readonly level: ClassicLevel,
    private readonly mark: HighWaterMark,
    private readonly directory: string,
  ) {}

  static async open(stateDir: string): Promise<Journal> {
    const directory = join(stateDir, 'objects');
    try {
      await mkdir(directory, { recursive: true, mode: 0o700 });
    } catch (cause) {
      throw unusable(stateDir, cause);
    }
    const isNew = !(await readdir(directory)).some((file) => HOLDS_ENTRIES.test(file));
    const level = new ClassicLevel(directory, {
      compression: true,
      createIfMissing: isNew,
      writeBufferSize: WRITE_BUFFER_BYTES,
    });
    try {
      await level.open();
    } catch (cause) {
      throw refusalOf(stateDir, cause);
    }
    try {
      return new Journal(level, HighWaterMark.open(join(stateDir, 'acknowledged')), directory);
    } catch (cause) {
      await level.close();
      throw unusable(stateDir, cause);
    }
  }

  /** Everything stored, in the order of the keys; rejects at the end where it is not everything. To be read once, before the first `append`. */
  async *read(): AsyncGenerator<[key: string, value: string]> {
    let seal: string | undefined;
    try {
      for await (const [key, value] of this.level.iterator()) {
        if (key === SEAL_KEY) {
          seal = value;
          continue;
        }
        this.#seal.cover(key, value);
        yield [key, value];
      }
    } catch (cause) {
      throw unusable(this.directory, cause);
    }
    this.#verify(seal);
  }

  #verify(seal: string | undefined): void {
    if (seal !== undefined && !this.#seal.resume(seal)) {
      const detail = 'its entries do not add up to what was written: some are damaged or missing';
      throw new PdrError('PDR1004', { subject: this.directory, detail });
    }
    const acknowledged = this.mark.read();
    if (acknowledged > this.#seal.batches) {
      const detail = `it ends at write ${this.#seal.batches}, but ${acknowledged} were acknowledged: its end is cut off`;
      throw new PdrError('PDR1004', { subject: this.directory, detail });
    }
  }

  /** Resolves once all of `puts` are on disk; they land together or not at all. */
  append(puts: readonly Put[]): Promise<void> {
    return new Promise((done, failed) => {
      this.#waiting.push({ puts, done, failed });
      this.#flushing ??= this.#flush();
    });
  }

  async close(): Promise<void> {
    await this.#flushing;
    await this.level.close();
    this.mark.close();
  }

  async #flush(): Promise<void> {
    await Promise.resolve(); // what is written in this turn goes out together
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      try {
        if (this.#failure !== undefined) throw this.#failure;
        const batch = this.level.batch();
        for (const { key, value } of group.flatMap(({ puts }) => puts)) {
          this.#seal.cover(key, value);
          if (value === undefined) batch.del(key);
          else batch.put(key, value);
        }
        batch.put(SEAL_KEY, this.#seal.next());
        await batch.write({ sync: true });
        this.mark.raise(this.#seal.batches);
        for (const { done } of group) done();
      } catch (error) {
        this.#failure = error instanceof Error ? error : new Error(String(error));
        for (const { failed } of group) failed(error);
      }
    }
    this.#flushing = undefined;
  }
}

function refusalOf(stateDir: string, cause: unknown): PdrError {
  const reason =
    cause instanceof Error ? (cause.cause as { code?: string } | undefined) : undefined;
  if (reason?.code === 'LEVEL_LOCKED') return new PdrError('PDR1003', { subject: stateDir, cause });
  return unusable(stateDir, cause);
}

function unusable(subject: string, cause: unknown): PdrError {
  const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const detail = reason instanceof Error ? reason.message : String(reason);
  return new PdrError('PDR1004', { subject, detail, cause });
}
