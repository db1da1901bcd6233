/** The audit bucket of one region: versioned, encrypted, never public, reached by TLS only. */
import { Construct } from 'constructs';
import { NOTHING } from '../../model/claim/status.js';
import { SITE_LABEL } from '../../model/labels.js';
import {
  Bucket,
  BucketLifecycleConfiguration,
  BucketPolicy,
  BucketPublicAccessBlock,
  BucketServerSideEncryptionConfiguration,
  BucketVersioning,
} from '../../model/managed/buckets.js';
import { NAMES } from '../../model/names.js';
import type { Site } from '../../model/regions.js';
import { bucketArn, policyDocument } from '../policy.js';
import { ManagedTemplate } from '../template/managed-template.js';
import { mapped, present } from '../template/patches.js';
import { ofSameClaim } from '../template/selectors.js';

export class AuditBucket extends Construct {
  constructor(scope: Construct, site: Site) {
    super(scope, `audit-${site}`);
    // The settings share the fate of the bucket: a bucket that is retained stays versioned, private and encrypted.
    const setting = { named: NAMES.bucket[site], site, holdsData: true } as const;
    const bucketSelector = ofSameClaim({ [SITE_LABEL]: site });

    new ManagedTemplate(this, `bucket-${site}`, Bucket, { ...setting, forProvider: {} })
      // S3 deletes only empty buckets, and forceDestroy counts as it was stored before the deletion.
      .copy('spec.dataRetention', 'spec.forProvider.forceDestroy', {
        transforms: [mapped({ Retain: false, Delete: true })],
      })
      .report('status.atProvider.id', `status.${site}.bucket.name`)
      .report('status.atProvider.arn', `status.${site}.bucket.arn`);

    new ManagedTemplate(this, `bucket-versioning-${site}`, BucketVersioning, {
      ...setting,
      forProvider: { bucketSelector, versioningConfiguration: { status: 'Enabled' } },
    })
      .report(
        'status.atProvider.versioningConfiguration.status',
        `status.${site}.bucket.versioning`,
      )
      .report(
        'status.atProvider.versioningConfiguration.status',
        `status.waitsFor.${site}Versioning`,
        present(NOTHING),
      );

    new ManagedTemplate(this, `bucket-public-access-block-${site}`, BucketPublicAccessBlock, {
      ...setting,
      forProvider: {
        bucketSelector,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
    });

    new ManagedTemplate(
      this,
      `bucket-encryption-${site}`,
      BucketServerSideEncryptionConfiguration,
      {
        ...setting,
        forProvider: { bucketSelector, rule: [{ applyServerSideEncryptionByDefault: {} }] },
      },
    )
      .copy(
        'spec.encryption.mode',
        'spec.forProvider.rule[0].applyServerSideEncryptionByDefault.sseAlgorithm',
        {
          required: true,
          transforms: [mapped({ 'SSE-S3': 'AES256', 'SSE-KMS': 'aws:kms' })],
        },
      )
      .copy('spec.encryption.mode', 'spec.forProvider.rule[0].bucketKeyEnabled', {
        transforms: [mapped({ 'SSE-S3': false, 'SSE-KMS': true })],
      })
      .copy(
        `spec.encryption.kmsKeyArns.${site}`,
        'spec.forProvider.rule[0].applyServerSideEncryptionByDefault.kmsMasterKeyId',
      );

    new ManagedTemplate(this, `bucket-lifecycle-${site}`, BucketLifecycleConfiguration, {
      ...setting,
      forProvider: {
        bucketSelector,
        rule: [
          {
            id: 'clear-what-is-not-current',
            status: 'Enabled',
            filter: [{ prefix: '' }],
            noncurrentVersionExpiration: [{}],
            abortIncompleteMultipartUpload: [{}],
          },
        ],
      },
    })
      .copy(
        'spec.auditRetention.noncurrentVersionDays',
        'spec.forProvider.rule[0].noncurrentVersionExpiration[0].noncurrentDays',
        { required: true },
      )
      .copy(
        'spec.auditRetention.incompleteUploadDays',
        'spec.forProvider.rule[0].abortIncompleteMultipartUpload[0].daysAfterInitiation',
        { required: true },
      );

    new ManagedTemplate(this, `bucket-policy-${site}`, BucketPolicy, {
      ...setting,
      forProvider: { bucketSelector },
    }).fill('spec.forProvider.policy', tlsOnly(site), { required: true });
  }
}

function tlsOnly(site: Site): string {
  const arn = bucketArn(site);
  return policyDocument({
    Sid: 'TlsOnly',
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: [arn, `${arn}/*`],
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  });
}
