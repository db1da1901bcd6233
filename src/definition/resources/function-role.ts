/** The role under which payments are taken, the same for the functions of both regions. */
import { Construct } from 'constructs';
import { NOTHING } from '../../model/claim/status.js';
import { DUTY_LABEL } from '../../model/labels.js';
import { Role, RolePolicy } from '../../model/managed/roles.js';
import { NAMES } from '../../model/names.js';
import {
  arnAt,
  atBothSites,
  bucketArn,
  keyRights,
  policyDocument,
  topicArn,
  trustIn,
  type Statement,
} from '../policy.js';
import { ManagedTemplate } from '../template/managed-template.js';
import { extracted, present } from '../template/patches.js';
import { ofSameClaim } from '../template/selectors.js';
import { STATUS_INDEX } from './table.js';

export class FunctionRole extends Construct {
  constructor(scope: Construct) {
    super(scope, 'function');
    const labels = { [DUTY_LABEL]: 'payments' };
    const common = { named: NAMES.functionRole, site: 'primary', labels } as const;
    new ManagedTemplate(this, 'function-role', Role, {
      ...common,
      forProvider: {
        description: 'Taken on by the Lambda functions that take payments.',
        assumeRolePolicy: trustIn('lambda.amazonaws.com'),
      },
    })
      // The first ARN that is known, and with it the account: from there on every other ARN can be said in full.
      .report(
        'status.atProvider.arn',
        'status.accountId',
        extracted('^arn:[^:]+:iam::([0-9]{12}):'),
      )
      .report('status.atProvider.arn', 'status.waitsFor.account', present(NOTHING));
    new ManagedTemplate(this, 'function-role-policy', RolePolicy, {
      ...common,
      forProvider: { roleSelector: ofSameClaim(labels) },
    })
      .fill('spec.forProvider.policy', policyDocument(...RIGHTS), { required: true })
      .fill('spec.forProvider.policy', policyDocument(...RIGHTS, ...KEY_RIGHTS));
  }
}

const RIGHTS: readonly Statement[] = [
  {
    Sid: 'KeepPayments',
    Effect: 'Allow',
    Action: ['dynamodb:PutItem', 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
    // In both regions: the replica has an ARN of its own, and the survivor must be let in.
    Resource: atBothSites((site) => {
      const table = arnAt(site, 'dynamodb', `table/${NAMES.table}`);
      return [table, `${table}/index/${STATUS_INDEX}`];
    }).flat(),
  },
  {
    Sid: 'KeepAuditObjects',
    Effect: 'Allow',
    Action: ['s3:PutObject', 's3:GetObject'],
    Resource: atBothSites((site) => `${bucketArn(site)}/transactions/*`),
  },
  {
    // Lambda tells of payments that were given up, under this role.
    Sid: 'TellOfPaymentsGivenUp',
    Effect: 'Allow',
    Action: 'sns:Publish',
    Resource: atBothSites(topicArn),
  },
  {
    Sid: 'WriteLogs',
    Effect: 'Allow',
    Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
    Resource: atBothSites((site) => {
      const group = arnAt(site, 'logs', `log-group:/aws/lambda/${NAMES.function[site]}`);
      return [group, `${group}:*`];
    }).flat(),
  },
];

const KEY_RIGHTS: readonly Statement[] = [
  // A data key for each new object, and its decryption to read it again.
  ...atBothSites((site) =>
    keyRights(site, 'EncryptAuditObjects', 's3', 'kms:Decrypt', 'kms:GenerateDataKey'),
  ),
  // DynamoDB decrypts the key of the table in the name of whoever reads or writes it.
  ...atBothSites((site) => keyRights(site, 'OpenTable', 'dynamodb', 'kms:Decrypt')),
];
