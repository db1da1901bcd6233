/** One writer of an item at a time. Locks of several items are taken in one order, so that nobody waits in a circle. */
export class KeyLocks {
  /** The end of the queue for each key: resolves when the last in it is done. */
  private readonly queues = new Map<string, Promise<void>>();

  isHeld(key: string): boolean {
    return this.queues.has(key);
  }

  async hold<T>(keys: Iterable<string>, work: () => Promise<T>): Promise<T> {
    const releases: (() => void)[] = [];
    try {
      for (const key of [...new Set(keys)].sort()) releases.push(await this.take(key));
      return await work();
    } finally {
      for (const release of releases) release();
    }
  }

  private async take(key: string): Promise<() => void> {
    const before = this.queues.get(key);
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    this.queues.set(key, held);
    await before;
    return () => {
      if (this.queues.get(key) === held) this.queues.delete(key);
      release();
    };
  }
}
