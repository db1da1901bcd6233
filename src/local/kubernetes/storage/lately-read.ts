/**
 * Lately read: the records whose objects are kept beside their JSON, since they are looked at several times in a short
 * while, by a write, by the controllers that follow it and by watchers.
 *
 * Counted, not left to weak references: those hold everything until the next collection of the whole heap, which then
 * has to be many times as large.
 */

const MAX_JSON_LENGTH = 64 * 1024;

/** What is kept of a record. */
export interface Forgetful {
  readonly json: string;
  /** Leaves the JSON alone to be kept. */
  forgetObject(): void;
}

export class LatelyRead {
  /** In the order in which they came. */
  readonly #records = new Set<Forgetful>();
  #length = 0;

  /** Keeps the object of this record, and forgets those of the oldest ones instead. */
  keep(record: Forgetful): void {
    this.#records.add(record);
    this.#length += record.json.length;
    if (this.#length <= MAX_JSON_LENGTH) return;
    for (const oldest of this.#records) {
      if (this.#length <= MAX_JSON_LENGTH || oldest === record) return;
      this.#records.delete(oldest);
      this.#length -= oldest.json.length;
      oldest.forgetObject();
    }
  }
}
