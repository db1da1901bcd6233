/** BucketLifecycleConfiguration (s3): when S3 moves or deletes objects and their old versions. */
import {
  DeleteBucketLifecycleCommand,
  GetBucketLifecycleConfigurationCommand,
  PutBucketLifecycleConfigurationCommand,
  type TransitionDefaultMinimumObjectSize,
} from '@aws-sdk/client-s3';
import { bucketSetting, type BucketSettingParameters } from './bucket-setting.js';
import {
  fromLifecycleRule,
  toLifecycleRule,
  type LifecycleRuleParameters,
} from './lifecycle-rule.js';

interface BucketLifecycleParameters extends BucketSettingParameters {
  readonly rule: readonly LifecycleRuleParameters[];
  readonly transitionDefaultMinimumObjectSize?: string;
}

export const bucketLifecycle = bucketSetting<BucketLifecycleParameters>({
  fields: [
    'rule.id',
    'rule.status',
    'rule.prefix',
    'rule.filter.prefix',
    'rule.filter.objectSizeGreaterThan',
    'rule.filter.objectSizeLessThan',
    'rule.filter.tag.key',
    'rule.filter.tag.value',
    'rule.filter.and.prefix',
    'rule.filter.and.objectSizeGreaterThan',
    'rule.filter.and.objectSizeLessThan',
    'rule.filter.and.tags',
    'rule.expiration.date',
    'rule.expiration.days',
    'rule.expiration.expiredObjectDeleteMarker',
    'rule.noncurrentVersionExpiration.noncurrentDays',
    'rule.noncurrentVersionExpiration.newerNoncurrentVersions',
    'rule.noncurrentVersionTransition.noncurrentDays',
    'rule.noncurrentVersionTransition.newerNoncurrentVersions',
    'rule.noncurrentVersionTransition.storageClass',
    'rule.transition.date',
    'rule.transition.days',
    'rule.transition.storageClass',
    'rule.abortIncompleteMultipartUpload.daysAfterInitiation',
    'transitionDefaultMinimumObjectSize',
  ],
  comparison: { maps: ['rule.filter.and.tags'] },
  absentAs: 'NoSuchLifecycleConfiguration',
  async read(client, Bucket) {
    const found = await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
    const size = found.TransitionDefaultMinimumObjectSize;
    return {
      rule: (found.Rules ?? []).map(fromLifecycleRule),
      ...(size !== undefined && { transitionDefaultMinimumObjectSize: size }),
    };
  },
  write: (client, Bucket, { rule, transitionDefaultMinimumObjectSize: size }) =>
    client.send(
      new PutBucketLifecycleConfigurationCommand({
        Bucket,
        ...(size !== undefined && {
          TransitionDefaultMinimumObjectSize: size as TransitionDefaultMinimumObjectSize,
        }),
        LifecycleConfiguration: { Rules: rule.map(toLifecycleRule) },
      }),
    ),
  async clear(client, Bucket) {
    await client.send(new DeleteBucketLifecycleCommand({ Bucket }));
    return 'requested';
  },
});
