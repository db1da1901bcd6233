/**
 * The high-water mark: how many batches were acknowledged, in a file beside the journal.
 *
 * Raised after a batch is on disk and before anyone is told. It is not flushed: after a power failure it may be behind,
 * never ahead, so it can only show too little to be missing.
 */
import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';

/** Each mark covers the one before it whole. */
const WIDTH = 16;

export class HighWaterMark {
  private constructor(private readonly file: number) {}

  static open(path: string): HighWaterMark {
    return new HighWaterMark(openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600));
  }

  /** 0 where there is none, as before the first batch. */
  read(): number {
    const buffer = Buffer.alloc(WIDTH);
    const length = readSync(this.file, buffer, 0, WIDTH, 0);
    const text = buffer.toString('latin1', 0, length);
    return /^\d{16}$/.test(text) ? Number(text) : 0;
  }

  raise(batches: number): void {
    writeSync(this.file, String(batches).padStart(WIDTH, '0'), 0);
  }

  close(): void {
    closeSync(this.file);
  }
}
