/**
 * The log groups of every region, their streams and events: in memory for reading, on disk before they are acknowledged.
 *
 * Retention is applied to every read, and a sweep removes what has expired. All events together take at most
 * `capacityBytes`: beyond it the oldest batches go first, where AWS would go on and send a bill.
 */
import type { CloudFoundation, DurableMap } from '../cloud.js';
import { EventIndex } from './event-index.js';
import {
  expiryOf,
  sizeOf,
  type LogEvent,
  type LogGroup,
  type LogStream,
  type NewEvent,
} from './log-group.js';

/** The events of one PutLogEvents. Its key is its number, so that the map is in the order of arrival after a restart too. */
interface Batch {
  readonly stream: string;
  readonly ingestedAtMs: number;
  readonly events: readonly NewEvent[];
}

const CAPACITY_BYTES = 32 * 1024 * 1024;
/** Evicting goes on to this part of the capacity, so that it is not done for every batch. */
const EVICTED_TO = 7 / 8;
const SWEEP_MS = 60_000;
const KEY_DIGITS = 16;

type StoreParts = Pick<CloudFoundation, 'clock' | 'clockOf' | 'log'>;

export class LogStore {
  private readonly stopping = new AbortController();
  private readonly index = new EventIndex();
  private sweeping: Promise<void> | undefined;
  private storedBytes = 0;
  private nextBatch = 1;

  private constructor(
    private readonly cloud: StoreParts,
    private readonly groups: DurableMap<LogGroup>,
    private readonly streams: DurableMap<LogStream>,
    private readonly batches: DurableMap<Batch>,
    private readonly capacityBytes: number,
  ) {}

  static async open(cloud: CloudFoundation, capacityBytes = CAPACITY_BYTES): Promise<LogStore> {
    const store = new LogStore(
      cloud,
      await cloud.state.map<LogGroup>('logs.groups'),
      await cloud.state.map<LogStream>('logs.streams'),
      await cloud.state.map<Batch>('logs.batches'),
      capacityBytes,
    );
    for (const [key, batch] of store.batches) store.learn(key, batch);
    store.sweeping = store.sweepRegularly();
    return store;
  }

  async close(): Promise<void> {
    this.stopping.abort();
    await this.sweeping;
  }

  group(region: string, name: string): LogGroup | undefined {
    return this.groups.get(keyOf(region, name));
  }

  groupsOf(region: string): LogGroup[] {
    return [...this.groups.values()].filter((group) => group.region === region).sort(byName);
  }

  saveGroup(group: LogGroup): Promise<void> {
    return this.groups.set(keyOf(group.region, group.name), group);
  }

  /** With all its streams and events. */
  async deleteGroup(group: LogGroup): Promise<void> {
    await Promise.all([
      this.groups.delete(keyOf(group.region, group.name)),
      ...this.streamsOf(group).map((stream) => this.deleteStream(stream)),
    ]);
  }

  stream({ region, name }: LogGroup, streamName: string): LogStream | undefined {
    return this.streams.get(keyOf(region, name, streamName));
  }

  streamsOf(group: LogGroup): LogStream[] {
    return [...this.streams.values()]
      .filter(({ region, groupName }) => region === group.region && groupName === group.name)
      .sort(byName);
  }

  saveStream(stream: LogStream): Promise<void> {
    return this.streams.set(keyOfStream(stream), stream);
  }

  async deleteStream(stream: LogStream): Promise<void> {
    const key = keyOfStream(stream);
    const own = [...this.batches].filter(([, batch]) => batch.stream === key);
    await Promise.all([this.streams.delete(key), this.forget(own)]);
  }

  /** Resolves when the events are on disk. They must be in the order of their timestamps. */
  async append(stream: LogStream, events: readonly NewEvent[]): Promise<void> {
    const ingestedAtMs = this.cloud.clockOf(stream.region).now();
    const batch: Batch = { stream: keyOfStream(stream), ingestedAtMs, events };
    const key = String(this.nextBatch).padStart(KEY_DIGITS, '0');
    this.learn(key, batch);
    const written = [
      this.batches.set(key, batch),
      this.saveStream({ ...stream, lastIngestedAtMs: ingestedAtMs }),
    ];
    if (this.storedBytes > this.capacityBytes) written.push(this.evict());
    await Promise.all(written);
  }

  /** The events of a stream that have not expired, in their order. */
  eventsOf(group: LogGroup, stream: LogStream): readonly LogEvent[] {
    const cutoffMs = expiryOf(group, this.cloud.clockOf(group.region).now());
    return this.index.since(keyOfStream(stream), cutoffMs);
  }

  bytesOf(group: LogGroup): number {
    return this.streamsOf(group)
      .flatMap((stream) => this.eventsOf(group, stream))
      .reduce((sum, { message }) => sum + sizeOf(message), 0);
  }

  private learn(key: string, batch: Batch): void {
    this.nextBatch = Number(key) + 1;
    this.storedBytes += bytesIn(batch);
    this.index.add(batch.stream, key, batch.ingestedAtMs, batch.events);
  }

  private async evict(): Promise<void> {
    const oldest: [string, Batch][] = [];
    let bytes = this.storedBytes;
    for (const entry of this.batches) {
      if (bytes <= this.capacityBytes * EVICTED_TO) break;
      oldest.push(entry);
      bytes -= bytesIn(entry[1]);
    }
    this.cloud.log.warn('the oldest log events make room', { batches: oldest.length });
    await this.forget(oldest);
  }

  private async sweepRegularly(): Promise<void> {
    const { signal } = this.stopping;
    for (;;) {
      await this.cloud.clock.sleep(SWEEP_MS, signal);
      if (signal.aborted) return;
      await this.forget(this.expired());
    }
  }

  /** The batches of which nothing is kept any more. */
  private expired(): [string, Batch][] {
    const cutoffs = new Map<string, number>();
    for (const group of this.groups.values()) {
      if (group.retentionDays === undefined) continue;
      const cutoffMs = expiryOf(group, this.cloud.clockOf(group.region).now());
      for (const stream of this.streamsOf(group)) cutoffs.set(keyOfStream(stream), cutoffMs);
    }
    return [...this.batches].filter(([, { stream, events }]) => {
      const newestMs = events.at(-1)?.timestampMs ?? 0;
      return newestMs < (cutoffs.get(stream) ?? 0);
    });
  }

  private async forget(gone: readonly (readonly [string, Batch])[]): Promise<void> {
    if (gone.length === 0) return;
    const keys = new Set(gone.map(([key]) => key));
    for (const stream of new Set(gone.map(([, batch]) => batch.stream))) {
      this.index.remove(stream, keys);
    }
    this.storedBytes -= gone.reduce((sum, [, batch]) => sum + bytesIn(batch), 0);
    await Promise.all([...keys].map((key) => this.batches.delete(key)));
  }
}

function bytesIn({ events }: Batch): number {
  return events.reduce((sum, { message }) => sum + sizeOf(message), 0);
}

function keyOf(...names: readonly string[]): string {
  return names.join('\n');
}

function keyOfStream({ region, groupName, name }: LogStream): string {
  return keyOf(region, groupName, name);
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
