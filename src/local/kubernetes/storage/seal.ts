/**
 * The seal: what all entries of the journal add up to, written with each batch.
 *
 * LevelDB skips a damaged part of its log and goes on with what follows. What was skipped or altered is missing in the
 * sum; what was cut off the end is missing in the count of batches, which is kept a second time outside of LevelDB.
 */
import { crc32 } from 'node:zlib';

/** Sums stay exact integers: two summands below it are far from 2^53. */
const MODULUS = 2 ** 48;

export class Seal {
  readonly #checksums = new Map<string, number>();
  #sum = 0;
  #batches = 0;

  get batches(): number {
    return this.#batches;
  }

  /** Takes in what is stored under a key from now on; undefined for nothing. */
  cover(key: string, value: string | undefined): void {
    const before = this.#checksums.get(key) ?? 0;
    const after = value === undefined ? 0 : crc32(value, crc32(key));
    if (value === undefined) this.#checksums.delete(key);
    else this.#checksums.set(key, after);
    this.#sum = (this.#sum + MODULUS - before + after) % MODULUS;
  }

  /** The text to store with the next batch. */
  next(): string {
    this.#batches += 1;
    return `${this.#batches} ${this.#sum}`;
  }

  /** Goes on from the text that was stored last; false where what was covered since does not add up to it. */
  resume(text: string): boolean {
    const [batches = NaN, sum = NaN] = text.split(' ').map(Number);
    this.#batches = batches;
    return Number.isSafeInteger(batches) && sum === this.#sum;
  }
}
