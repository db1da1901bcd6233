/** BucketServerSideEncryptionConfiguration (s3): with which key S3 encrypts new objects of a bucket. */
import {
  DeleteBucketEncryptionCommand,
  GetBucketEncryptionCommand,
  PutBucketEncryptionCommand,
  type ServerSideEncryption,
} from '@aws-sdk/client-s3';
import { bucketSetting, type BucketSettingParameters } from './bucket-setting.js';

interface BucketEncryptionParameters extends BucketSettingParameters {
  readonly rule: readonly {
    readonly applyServerSideEncryptionByDefault?: {
      readonly sseAlgorithm: string;
      readonly kmsMasterKeyId?: string;
    };
    readonly bucketKeyEnabled?: boolean;
  }[];
}

export const bucketEncryption = bucketSetting<BucketEncryptionParameters>({
  fields: [
    'rule.applyServerSideEncryptionByDefault.sseAlgorithm',
    'rule.applyServerSideEncryptionByDefault.kmsMasterKeyId',
    'rule.bucketKeyEnabled',
  ],
  absentAs: 'ServerSideEncryptionConfigurationNotFoundError',
  async read(client, Bucket) {
    const { ServerSideEncryptionConfiguration } = await client.send(
      new GetBucketEncryptionCommand({ Bucket }),
    );
    return {
      rule: (ServerSideEncryptionConfiguration?.Rules ?? []).map((rule) => {
        const { SSEAlgorithm, KMSMasterKeyID } = rule.ApplyServerSideEncryptionByDefault ?? {};
        return {
          ...(SSEAlgorithm && {
            applyServerSideEncryptionByDefault: {
              sseAlgorithm: SSEAlgorithm,
              ...(KMSMasterKeyID && { kmsMasterKeyId: KMSMasterKeyID }),
            },
          }),
          bucketKeyEnabled: rule.BucketKeyEnabled ?? false,
        };
      }),
    };
  },
  async write(client, Bucket, { rule }) {
    const Rules = rule.map(
      ({ applyServerSideEncryptionByDefault: byDefault, bucketKeyEnabled }) => ({
        ...(byDefault && {
          ApplyServerSideEncryptionByDefault: {
            SSEAlgorithm: byDefault.sseAlgorithm as ServerSideEncryption,
            ...(byDefault.kmsMasterKeyId && { KMSMasterKeyID: byDefault.kmsMasterKeyId }),
          },
        }),
        ...(bucketKeyEnabled !== undefined && { BucketKeyEnabled: bucketKeyEnabled }),
      }),
    );
    const ServerSideEncryptionConfiguration = { Rules };
    await client.send(
      new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration }),
    );
  },
  async clear(client, Bucket) {
    // S3 encrypts with its own key from now on, and says so: there is no bucket without a setting.
    await client.send(new DeleteBucketEncryptionCommand({ Bucket }));
    return 'left';
  },
});
