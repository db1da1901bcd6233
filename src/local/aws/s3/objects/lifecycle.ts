/**
 * Lifecycle: applies the rules of each bucket, as S3 does once a day; here a sweep an hour.
 *
 * What lifecycle removes is never replicated. Ages are counted in whole days of 24 hours from when a version was written, or became noncurrent.
 */
import type { BucketRecord, LifecycleRule } from '../bucket-record.js';
import { matches } from '../rule-filter.js';
import type { S3 } from '../operation.js';
import type { VersionRecord } from './version-record.js';

const SWEEP_MS = 3_600_000;
const DAY_MS = 24 * 3_600_000;

export class Lifecycle {
  private readonly stopping = new AbortController();
  private sweeping: Promise<void> | undefined;

  constructor(private readonly s3: S3) {}

  start(): void {
    this.sweeping = this.sweepRegularly();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.sweeping;
  }

  private async sweepRegularly(): Promise<void> {
    const { clock, log } = this.s3.cloud;
    const { signal } = this.stopping;
    for (;;) {
      await clock.sleep(SWEEP_MS, signal);
      if (signal.aborted) return;
      for (const bucket of this.s3.buckets.all()) {
        if (!this.s3.cloud.network.isUp(bucket.region)) continue;
        await this.sweep(bucket).catch((error: unknown) => {
          log.error('lifecycle rules will be applied again', { bucket: bucket.name, error });
        });
      }
    }
  }

  private async sweep(bucket: BucketRecord): Promise<void> {
    const rules = (bucket.lifecycle ?? []).filter(({ isEnabled }) => isEnabled);
    if (rules.length === 0) return;
    for await (const versions of this.versionsByKey(bucket)) {
      for (const rule of rules) await this.apply(bucket, rule, versions);
    }
    for (const upload of await this.s3.uploads.of(bucket)) {
      const isOver = rules.some(
        ({ filter, abortUploadsAfterDays: days }) =>
          days !== undefined &&
          upload.key.startsWith(filter.prefix) &&
          this.isOld(upload.startedAtMs, days),
      );
      if (isOver) await this.s3.uploads.abort(upload);
    }
  }

  /** All versions of one key after the other, newest first. */
  private async *versionsByKey(bucket: BucketRecord): AsyncGenerator<VersionRecord[]> {
    let versions: VersionRecord[] = [];
    for await (const version of this.s3.objects.storage.versions(bucket.id, '')) {
      if (versions.length > 0 && versions[0]?.key !== version.key) {
        yield versions;
        versions = [];
      }
      versions.push(version);
    }
    if (versions.length > 0) yield versions;
  }

  private async apply(
    bucket: BucketRecord,
    { filter, expiration, noncurrent }: LifecycleRule,
    [current, ...older]: VersionRecord[],
  ): Promise<void> {
    if (current === undefined) return;
    const isStillCurrent = (now: VersionRecord | undefined) => now?.order === current.order;
    if (expiration !== undefined && matches(filter, current.key, current.tags)) {
      const { days, dateMs, removesLoneMarkers } = expiration;
      const isOver =
        (days !== undefined && this.isOld(current.modifiedAtMs, days)) ||
        (dateMs !== undefined && this.s3.cloud.clock.now() >= dateMs);
      if (isOver && !current.isMarker) await this.s3.objects.expire(bucket, current);
      const isLoneMarker = current.isMarker && older.length === 0;
      if (isLoneMarker && (removesLoneMarkers === true || isOver)) {
        await this.s3.objects.removeIf(bucket, current, isStillCurrent);
      }
    }
    if (noncurrent === undefined) return;
    let becameNoncurrentAtMs = current.modifiedAtMs;
    for (const [index, version] of older.entries()) {
      const isOver =
        index >= (noncurrent.keeps ?? 0) && this.isOld(becameNoncurrentAtMs, noncurrent.days);
      becameNoncurrentAtMs = version.modifiedAtMs;
      if (!isOver || !matches(filter, version.key, version.tags)) continue;
      await this.s3.objects.removeIf(
        bucket,
        version,
        (now) => now !== undefined && now.order > version.order,
      );
    }
  }

  private isOld(sinceMs: number, days: number): boolean {
    return this.s3.cloud.clock.now() - sinceMs >= days * DAY_MS;
  }
}
