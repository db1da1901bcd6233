/** The buckets of all regions. Names are unique among all of them, as in AWS. */
import type { Cloud, DurableMap } from '../cloud.js';
import { AwsError } from '../service.js';
import type { BucketRecord } from './bucket-record.js';

export class Buckets {
  private constructor(private readonly records: DurableMap<BucketRecord>) {}

  static async open(cloud: Cloud): Promise<Buckets> {
    return new Buckets(await cloud.state.map<BucketRecord>('s3-buckets'));
  }

  find(name: string): BucketRecord | undefined {
    return this.records.get(name);
  }

  /** Throws NoSuchBucket. */
  get(name: string): BucketRecord {
    const bucket = this.find(name);
    if (bucket !== undefined) return bucket;
    throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404, {
      BucketName: name,
    });
  }

  all(): BucketRecord[] {
    return [...this.records.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  async change(
    bucket: BucketRecord,
    change: (current: BucketRecord) => BucketRecord,
  ): Promise<void> {
    await this.records.set(bucket.name, change(this.get(bucket.name)));
  }

  save(bucket: BucketRecord): Promise<void> {
    return this.records.set(bucket.name, bucket);
  }

  remove(bucket: BucketRecord): Promise<void> {
    return this.records.delete(bucket.name);
  }
}
