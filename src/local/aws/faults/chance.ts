/**
 * Chance: a sequence of numbers that looks random and follows from a seed and a name.
 *
 * Each fault draws from a sequence of its own, so what happens to its n-th call does not depend on what other faults met meanwhile.
 */
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
const STEP = 0x6d2b79f5;

export class Chance {
  private state: number;

  constructor(seed: number, name: string) {
    this.state = Buffer.from(name).reduce(
      (hash, byte) => Math.imul(hash ^ byte, FNV_PRIME),
      FNV_OFFSET ^ seed,
    );
  }

  /** The next number: from 0, below 1 (the generator known as mulberry32). */
  next(): number {
    this.state = (this.state + STEP) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}
