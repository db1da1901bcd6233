/**
 * The metrics of every region: what services record and callers put, in buckets of a minute (or a second, for metrics put so).
 *
 * Kept for a day, where AWS keeps fifteen months. What a caller put is on disk when `put` resolves; what services record
 * is written within `FLUSH_MS`.
 */
import type { Clock } from '../../../../support/clock.js';
import type { Log } from '../../../../support/log.js';
import type { CloudState, DurableMap, MetricDatum, MetricSink } from '../../cloud.js';
import { bucketOf, merge, statisticOf, type Bucket } from './bucket.js';

export interface MetricIdentity {
  readonly region: string;
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** The values of a metric that came in one unit. */
interface Stream extends MetricIdentity {
  readonly id: string;
  readonly unit: string;
  lastAtMs: number;
  readonly buckets: Map<number, Bucket>;
}

type StoredStream = Omit<Stream, 'buckets'>;

export interface Sample extends MetricIdentity {
  readonly bucket: Bucket;
  readonly atMs: number;
  readonly unit: string;
  /** In seconds: 60, or 1 for a high-resolution metric. */
  readonly resolution: 1 | 60;
}

export interface MetricQuery extends MetricIdentity {
  readonly statistic: string;
  readonly periodSeconds: number;
  /** Only values that came in it; undefined takes all. */
  readonly unit?: string | undefined;
}

export interface Datapoint {
  /** Begin of the period. */
  readonly atMs: number;
  readonly value: number;
}

export interface DataBucket {
  readonly atMs: number;
  readonly bucket: Bucket;
  readonly unit: string;
}

const RETENTION_MS = 24 * 3600_000;
const FLUSH_MS = 1000;
const SWEEP_MS = 600_000;

export class MetricStore implements MetricSink {
  /** By identity, then one per unit. */
  private readonly streams = new Map<string, Stream[]>();
  private readonly dirty = new Map<string, { stream: Stream; atMs: number }>();
  private readonly stopping = new AbortController();
  private background: Promise<void> = Promise.resolve();
  private flushed: Promise<void> = Promise.resolve();
  private flushing: Promise<void> | undefined;
  private lastId = 0;

  private constructor(
    private readonly stored: DurableMap<StoredStream>,
    private readonly data: DurableMap<Bucket>,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  static async open(state: CloudState, clock: Clock, log: Log): Promise<MetricStore> {
    const stored = await state.map<StoredStream>('cloudwatch.metrics');
    const data = await state.map<Bucket>('cloudwatch.data');
    const store = new MetricStore(stored, data, clock, log);
    store.load();
    store.background = store
      .sweepAgainAndAgain()
      .catch((error: unknown) => log.error('old metrics are not forgotten any more', { error }));
    return store;
  }

  record({ value, unit = 'None', ...identity }: MetricDatum): void {
    this.add({
      ...identity,
      bucket: bucketOf(value),
      atMs: this.clock.now(),
      unit,
      resolution: 60,
    });
    this.flushing ??= this.flushSoon();
  }

  /** Resolves when the samples are on disk. */
  async put(samples: readonly Sample[]): Promise<void> {
    for (const sample of samples) this.add(sample);
    await this.flush();
  }

  /** The statistic of every period from `startMs` until `endMs` that has data, oldest first. Periods begin at `startMs`. */
  datapoints(query: MetricQuery, startMs: number, endMs: number): Datapoint[] {
    return this.buckets(query, startMs, endMs).flatMap(({ atMs, bucket }) => {
      const value = statisticOf(bucket, query.statistic);
      return value === undefined ? [] : [{ atMs, value }];
    });
  }

  buckets(
    { periodSeconds, unit, ...identity }: Omit<MetricQuery, 'statistic'>,
    startMs: number,
    endMs: number,
  ): DataBucket[] {
    const periodMs = periodSeconds * 1000;
    const found = new Map<number, DataBucket>();
    for (const stream of this.streams.get(keyOf(identity)) ?? []) {
      if (unit !== undefined && stream.unit !== unit) continue;
      for (const [begin, bucket] of stream.buckets) {
        if (begin < startMs || begin >= endMs) continue;
        const atMs = startMs + Math.floor((begin - startMs) / periodMs) * periodMs;
        const before = found.get(atMs);
        const merged = before === undefined ? bucket : merge(before.bucket, bucket);
        found.set(atMs, { atMs, bucket: merged, unit: stream.unit });
      }
    }
    return [...found.values()].sort((a, b) => a.atMs - b.atMs);
  }

  /** Every metric of a region, with when it last had a value. */
  list(region: string): (MetricIdentity & { readonly lastAtMs: number })[] {
    return [...this.streams.values()].flatMap((streams) => {
      const [first] = streams;
      if (first?.region !== region) return [];
      return [{ ...first, lastAtMs: Math.max(...streams.map(({ lastAtMs }) => lastAtMs)) }];
    });
  }

  async close(): Promise<void> {
    this.stopping.abort();
    await this.background;
    await this.flushing;
    await this.flush();
  }

  private add({ bucket, atMs, unit, resolution, ...identity }: Sample): void {
    const stream = this.streamOf(identity, unit);
    const begin = Math.floor(atMs / (resolution * 1000)) * resolution * 1000;
    const before = stream.buckets.get(begin);
    stream.buckets.set(begin, before === undefined ? bucket : merge(before, bucket));
    stream.lastAtMs = Math.max(stream.lastAtMs, begin);
    this.dirty.set(dataKey(stream.id, begin), { stream, atMs: begin });
  }

  private streamOf(identity: MetricIdentity, unit: string): Stream {
    const key = keyOf(identity);
    const streams = this.streams.get(key) ?? [];
    this.streams.set(key, streams);
    const known = streams.find((stream) => stream.unit === unit);
    if (known !== undefined) return known;
    this.lastId += 1;
    const { region, namespace, name, dimensions } = identity;
    const id = this.lastId.toString(36);
    const stream = {
      id,
      region,
      namespace,
      name,
      dimensions,
      unit,
      lastAtMs: 0,
      buckets: new Map<number, Bucket>(),
    };
    streams.push(stream);
    return stream;
  }

  /** Resolves when all that was added is on disk, also what an earlier flush still writes. */
  private flush(): Promise<void> {
    this.flushed = Promise.all([this.flushed, this.writeDirty()]).then(() => undefined);
    return this.flushed;
  }

  private async writeDirty(): Promise<void> {
    const changes = [...this.dirty];
    this.dirty.clear();
    const streams = new Set(changes.map(([, { stream }]) => stream));
    await Promise.all([
      ...[...streams].map(({ buckets: _buckets, ...stored }) => this.stored.set(stored.id, stored)),
      ...changes.map(([key, { stream, atMs }]) => {
        const bucket = stream.buckets.get(atMs);
        return bucket === undefined ? undefined : this.data.set(key, bucket);
      }),
    ]);
  }

  private load(): void {
    const byId = new Map<string, Stream>();
    for (const stored of this.stored.values()) {
      const stream = { ...stored, buckets: new Map<number, Bucket>() };
      byId.set(stored.id, stream);
      const key = keyOf(stored);
      this.streams.set(key, [...(this.streams.get(key) ?? []), stream]);
      this.lastId = Math.max(this.lastId, Number.parseInt(stored.id, 36));
    }
    for (const [key, bucket] of this.data) {
      const [id = '', atMs] = key.split('|');
      byId.get(id)?.buckets.set(Number(atMs), bucket);
    }
  }

  /** Writes what is recorded together, a moment later. Nothing ticks while nothing is recorded. */
  private async flushSoon(): Promise<void> {
    await this.clock.sleep(FLUSH_MS, this.stopping.signal);
    this.flushing = undefined;
    await this.flush().catch((error: unknown) => this.log.error('metrics not stored', { error }));
  }

  private async sweepAgainAndAgain(): Promise<void> {
    while (!this.isStopping()) {
      await this.sweep();
      await this.clock.sleep(SWEEP_MS, this.stopping.signal);
    }
  }

  /** Forgets what is older than it is kept. */
  private async sweep(): Promise<void> {
    const oldest = this.clock.now() - RETENTION_MS;
    const gone: Promise<void>[] = [];
    for (const [key, streams] of this.streams) {
      for (const stream of streams) {
        for (const begin of stream.buckets.keys()) {
          if (begin >= oldest) continue;
          stream.buckets.delete(begin);
          gone.push(this.data.delete(dataKey(stream.id, begin)));
        }
        if (stream.buckets.size === 0) gone.push(this.stored.delete(stream.id));
      }
      const left = streams.filter(({ buckets }) => buckets.size > 0);
      if (left.length > 0) this.streams.set(key, left);
      else this.streams.delete(key);
    }
    await Promise.all(gone);
  }

  private isStopping(): boolean {
    return this.stopping.signal.aborted;
  }
}

function keyOf({ region, namespace, name, dimensions }: MetricIdentity): string {
  const sorted = Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([region, namespace, name, sorted]);
}

function dataKey(id: string, atMs: number): string {
  return `${id}|${atMs}`;
}
