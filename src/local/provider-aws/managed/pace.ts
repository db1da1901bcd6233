/**
 * How soon a resource is looked at again after a change.
 *
 * At once at first, since many take several steps; then more and more slowly: AWS may accept a change and never show it.
 */
const FIRST_MS = 10;
/** More steps in a row than any kind needs. */
const FUTILE_AFTER = 8;

export class Pace {
  readonly #changes = new Map<string, number>();

  constructor(private readonly maxMs: number) {}

  /** The pause after one more change of this resource in a row. */
  nextMs(uid: string): number {
    const changes = this.#changes.get(uid) ?? 0;
    this.#changes.set(uid, changes + 1);
    return Math.min(this.maxMs, FIRST_MS * 2 ** changes);
  }

  /** Whether so many changes in a row cannot be steps of one. */
  isFutile(uid: string): boolean {
    return (this.#changes.get(uid) ?? 0) >= FUTILE_AFTER;
  }

  settled(uid: string): void {
    this.#changes.delete(uid);
  }
}
