/** BucketVersioning (s3). Versioning that was once on can only be suspended: that is what its deletion does. */
import {
  GetBucketVersioningCommand,
  PutBucketVersioningCommand,
  type BucketVersioningStatus,
  type MFADelete,
} from '@aws-sdk/client-s3';
import { bucketSetting, type BucketSettingParameters } from './bucket-setting.js';

interface BucketVersioningParameters extends BucketSettingParameters {
  readonly mfa?: string;
  readonly versioningConfiguration: { readonly status: string; readonly mfaDelete?: string };
}

export const bucketVersioning = bucketSetting<BucketVersioningParameters>({
  fields: ['mfa', 'versioningConfiguration.status', 'versioningConfiguration.mfaDelete'],
  comparison: { settings: ['mfa'] },
  async read(client, Bucket) {
    const { Status, MFADelete } = await client.send(new GetBucketVersioningCommand({ Bucket }));
    return {
      versioningConfiguration: {
        status: Status ?? 'Disabled',
        ...(MFADelete && { mfaDelete: MFADelete }),
      },
    };
  },
  async write(client, Bucket, { versioningConfiguration: { status, mfaDelete }, mfa }) {
    if (status === 'Disabled') {
      const { Status } = await client.send(new GetBucketVersioningCommand({ Bucket }));
      if (Status !== undefined) {
        throw new Error(
          `versioning_configuration.status cannot be updated from '${Status}' to 'Disabled'`,
        );
      }
      return;
    }
    await client.send(
      new PutBucketVersioningCommand({
        Bucket,
        ...(mfa !== undefined && { MFA: mfa }),
        VersioningConfiguration: {
          Status: status as BucketVersioningStatus,
          ...(mfaDelete !== undefined && { MFADelete: mfaDelete as MFADelete }),
        },
      }),
    );
  },
  async clear(client, Bucket) {
    const { Status } = await client.send(new GetBucketVersioningCommand({ Bucket }));
    if (Status === 'Enabled') {
      const VersioningConfiguration = { Status: 'Suspended' } as const;
      await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
    }
    return 'left';
  },
});
