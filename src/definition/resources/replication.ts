/**
 * Replication of audit objects, one direction: from the bucket of a site to that of the other.
 *
 * Both directions are made, so that failback finds what the survivor wrote. S3 does not copy copies, so nothing goes round.
 */
import { Construct } from 'constructs';
import { DUTY_LABEL, SITE_LABEL, VERSIONING_ANNOTATION } from '../../model/labels.js';
import { BucketReplicationConfiguration } from '../../model/managed/buckets.js';
import { NAMES } from '../../model/names.js';
import { otherSite, type Site } from '../../model/regions.js';
import { ManagedTemplate } from '../template/managed-template.js';
import { present } from '../template/patches.js';
import { ofSameClaim } from '../template/selectors.js';

/** Its id, by which S3's metrics name it too. */
export const REPLICATION_RULE = 'replicate-all';

export class BucketReplication extends Construct {
  constructor(scope: Construct, from: Site) {
    super(scope, `replication-from-${from}`);
    const to = otherSite(from);
    new ManagedTemplate(this, `bucket-replication-${from}`, BucketReplicationConfiguration, {
      named: NAMES.bucket[from],
      site: from,
      forProvider: {
        bucketSelector: ofSameClaim({ [SITE_LABEL]: from }),
        roleSelector: ofSameClaim({ [DUTY_LABEL]: 'replication' }),
        rule: [
          {
            id: REPLICATION_RULE,
            priority: 1,
            status: 'Enabled',
            filter: { prefix: '' },
            deleteMarkerReplication: { status: 'Enabled' },
            // On both sides, or changed metadata of a copy never comes back.
            sourceSelectionCriteria: { replicaModifications: { status: 'Enabled' } },
            // Without them nobody can tell how far behind the copies are.
            destination: { storageClass: 'STANDARD', metrics: { status: 'Enabled' } },
          },
        ],
      },
    })
      // Written out instead of selected: `rule` is an atomic list, so each apply of Crossplane's would take away what the
      // provider had resolved into it, and the two would write against each other for ever.
      .fill('spec.forProvider.rule[0].destination.bucket', `arn:aws:s3:::${NAMES.bucket[to]}`, {
        required: true,
      })
      // S3 refuses replication from or to a bucket that does not keep versions: it is not asked for before both do.
      .annotate(
        VERSIONING_ANNOTATION,
        '{status.primary.bucket.versioning} {status.secondary.bucket.versioning}',
        {
          required: true,
        },
      )
      .copy(
        'spec.encryption.kmsKeyArns.primary',
        'spec.forProvider.rule[0].sourceSelectionCriteria.sseKmsEncryptedObjects.status',
        { transforms: [present('Enabled')] },
      )
      .copy(
        `spec.encryption.kmsKeyArns.${to}`,
        'spec.forProvider.rule[0].destination.encryptionConfiguration.replicaKmsKeyId',
      );
  }
}
