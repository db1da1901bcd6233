/** The role that S3 takes on to replicate audit objects, both ways: exactly what replication needs, on these buckets only. */
import { Construct } from 'constructs';
import { DUTY_LABEL } from '../../model/labels.js';
import { Role, RolePolicy } from '../../model/managed/roles.js';
import { NAMES } from '../../model/names.js';
import {
  atBothSites,
  bucketArn,
  keyRights,
  policyDocument,
  trustIn,
  type Statement,
} from '../policy.js';
import { ManagedTemplate } from '../template/managed-template.js';
import { ofSameClaim } from '../template/selectors.js';

export class ReplicationRole extends Construct {
  constructor(scope: Construct) {
    super(scope, 'replication');
    const labels = { [DUTY_LABEL]: 'replication' };
    const common = { named: NAMES.replicationRole, site: 'primary', labels } as const;
    new ManagedTemplate(this, 'replication-role', Role, {
      ...common,
      forProvider: {
        description: 'Taken on by S3 to replicate the audit buckets of payments.',
        assumeRolePolicy: trustIn('s3.amazonaws.com'),
      },
    });
    new ManagedTemplate(this, 'replication-role-policy', RolePolicy, {
      ...common,
      forProvider: { roleSelector: ofSameClaim(labels) },
    })
      .fill('spec.forProvider.policy', policyDocument(...RIGHTS), { required: true })
      // Of two patches of a field the later counts, if it can be made: the keys are in the claim only with SSE-KMS.
      .fill('spec.forProvider.policy', policyDocument(...RIGHTS, ...KEY_RIGHTS));
  }
}

const BUCKETS = atBothSites(bucketArn);
const OBJECTS = BUCKETS.map((arn) => `${arn}/*`);

const RIGHTS: readonly Statement[] = [
  {
    Sid: 'FindWhatToReplicate',
    Effect: 'Allow',
    Action: ['s3:GetReplicationConfiguration', 's3:ListBucket'],
    Resource: BUCKETS,
  },
  {
    Sid: 'ReadVersions',
    Effect: 'Allow',
    // Without the right to read tags S3 replicates objects without them, and says nothing.
    Action: [
      's3:GetObjectVersionForReplication',
      's3:GetObjectVersionAcl',
      's3:GetObjectVersionTagging',
    ],
    Resource: OBJECTS,
  },
  {
    Sid: 'WriteReplicas',
    Effect: 'Allow',
    Action: ['s3:ReplicateObject', 's3:ReplicateDelete', 's3:ReplicateTags'],
    Resource: OBJECTS,
  },
];

const KEY_RIGHTS = atBothSites((site) =>
  keyRights(site, 'UseKeyFor', 's3', 'kms:Decrypt', 'kms:Encrypt'),
);
