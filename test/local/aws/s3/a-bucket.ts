import {
  CreateBucketCommand,
  GetObjectCommand,
  PutBucketReplicationCommand,
  PutBucketVersioningCommand,
  S3Client,
  type ReplicationRule,
} from '@aws-sdk/client-s3';

export const EAST = 'us-east-1';
export const WEST = 'us-west-2';
export const ROLE = 'arn:aws:iam::123456789012:role/s3-replication-role-dev';

export function aClient(url: string, region: string): S3Client {
  return new S3Client({
    region,
    endpoint: url,
    forcePathStyle: true,
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
}

export async function aBucket(
  client: S3Client,
  Bucket: string,
  { isVersioned = true } = {},
): Promise<string> {
  const region = await client.config.region();
  await client.send(
    new CreateBucketCommand({
      Bucket,
      ...(region !== EAST && {
        CreateBucketConfiguration: { LocationConstraint: region as 'us-west-2' },
      }),
    }),
  );
  if (isVersioned) {
    await client.send(
      new PutBucketVersioningCommand({
        Bucket,
        VersioningConfiguration: { Status: 'Enabled' },
      }),
    );
  }
  return Bucket;
}

/** The rule of the product: DESIGN §3. */
export function aRule(
  destination: string,
  differs: Partial<ReplicationRule> = {},
): ReplicationRule {
  return {
    ID: 'replicate-all',
    Priority: 1,
    Status: 'Enabled',
    Filter: { Prefix: '' },
    DeleteMarkerReplication: { Status: 'Enabled' },
    SourceSelectionCriteria: { ReplicaModifications: { Status: 'Enabled' } },
    Destination: {
      Bucket: `arn:aws:s3:::${destination}`,
      StorageClass: 'STANDARD',
      Metrics: { Status: 'Enabled', EventThreshold: { Minutes: 15 } },
    },
    ...differs,
  };
}

export async function replicate(client: S3Client, Bucket: string, ...rules: ReplicationRule[]) {
  await client.send(
    new PutBucketReplicationCommand({
      Bucket,
      ReplicationConfiguration: { Role: ROLE, Rules: rules },
    }),
  );
}

export async function textOf(
  client: S3Client,
  Bucket: string,
  Key: string,
  VersionId?: string,
): Promise<string | undefined> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, VersionId }));
  return Body?.transformToString();
}

/** Asks until there is an answer; the test's own timeout ends it. */
export async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const answer = await ask().catch(() => undefined);
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
