/**
 * The journal: what is acknowledged is on disk.
 *
 * Writes that arrive while one is being flushed go out together in the next batch (group commit), so many writers
 * share one flush. Promises: a resolved `append` survives the death of the process or machine; batches are atomic and
 * land in order; an unreadable directory is refused with PDR1004, one in use with PDR1003.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { PdrError } from '../../../support/errors.js';

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

  private constructor(
    private readonly level: ClassicLevel,
    private readonly directory: string,
  ) {}

  static async open(stateDir: string): Promise<Journal> {
    const directory = join(stateDir, 'objects');
    try {
      await mkdir(directory, { recursive: true, mode: 0o700 });
    } catch (cause) {
      throw unusable(stateDir, cause);
    }
    const level = new ClassicLevel(directory, { compression: true });
    try {
      await level.open();
    } catch (cause) {
      throw refusalOf(stateDir, cause);
    }
    return new Journal(level, directory);
  }

  /** Everything stored, in the order of the keys. */
  async *read(): AsyncGenerator<[key: string, value: string]> {
    try {
      for await (const entry of this.level.iterator()) yield entry;
    } catch (cause) {
      throw unusable(this.directory, cause);
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
  }

  async #flush(): Promise<void> {
    await Promise.resolve(); // what is written in this turn goes out together
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      try {
        const batch = this.level.batch();
        for (const { key, value } of group.flatMap(({ puts }) => puts)) {
          if (value === undefined) batch.del(key);
          else batch.put(key, value);
        }
        await batch.write({ sync: true });
        for (const { done } of group) done();
      } catch (error) {
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
