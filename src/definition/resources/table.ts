/** The table of payments: one global table, with a copy in the secondary region. */
import { Construct } from 'constructs';
import { Table } from '../../model/managed/table.js';
import { NAMES } from '../../model/names.js';
import { ManagedTemplate } from '../template/managed-template.js';
import { mapped, present } from '../template/patches.js';

/** The index by which payments of one status are found. */
export const STATUS_INDEX = 'status-index';

const PROTECTION = {
  required: true,
  transforms: [mapped({ Retain: true, Delete: false })],
} as const;

export class PaymentsTable extends Construct {
  constructor(scope: Construct) {
    super(scope, 'payments');
    new ManagedTemplate(this, 'table', Table, {
      named: NAMES.table,
      site: 'primary',
      holdsData: true,
      forProvider: {
        billingMode: 'PAY_PER_REQUEST',
        attribute: [
          { name: 'transaction_id', type: 'S' },
          { name: 'timestamp', type: 'N' },
          { name: 'status', type: 'S' },
        ],
        hashKey: 'transaction_id',
        rangeKey: 'timestamp',
        globalSecondaryIndex: [
          { name: STATUS_INDEX, hashKey: 'status', rangeKey: 'timestamp', projectionType: 'ALL' },
        ],
        streamEnabled: true,
        streamViewType: 'NEW_AND_OLD_IMAGES',
        // DynamoDB copies neither the setting for backups nor tags nor the protection to a replica: each is said for both.
        pointInTimeRecovery: { enabled: true },
        replica: [{ pointInTimeRecovery: true, propagateTags: true }],
      },
    })
      .copy('spec.regions.secondary', 'spec.forProvider.replica[0].regionName', { required: true })
      .copy('spec.consistency', 'spec.forProvider.replica[0].consistencyMode', {
        transforms: [mapped({ eventual: 'EVENTUAL', strong: 'STRONG' })],
      })
      // Who retains it means to: DynamoDB then refuses its deletion by anybody, until the claim says Delete.
      .copy('spec.dataRetention', 'spec.forProvider.deletionProtectionEnabled', PROTECTION)
      .copy(
        'spec.dataRetention',
        'spec.forProvider.replica[0].deletionProtectionEnabled',
        PROTECTION,
      )
      .copy('spec.encryption.kmsKeyArns.primary', 'spec.forProvider.serverSideEncryption.enabled', {
        transforms: [present(true)],
      })
      .copy('spec.encryption.kmsKeyArns.primary', 'spec.forProvider.serverSideEncryption.kmsKeyArn')
      .copy('spec.encryption.kmsKeyArns.secondary', 'spec.forProvider.replica[0].kmsKeyArn')
      .copy('spec.regions.witness', 'spec.forProvider.globalTableWitness.regionName')
      .report('status.atProvider.id', 'status.table.name')
      .report('status.atProvider.arn', 'status.table.primary.arn')
      .report('status.atProvider.streamArn', 'status.table.primary.streamArn')
      .report(
        'status.atProvider.deletionProtectionEnabled',
        'status.table.primary.deletionProtected',
      )
      .report('status.atProvider.replica[0].arn', 'status.table.secondary.arn')
      .report('status.atProvider.replica[0].streamArn', 'status.table.secondary.streamArn')
      .report(
        'status.atProvider.replica[0].deletionProtectionEnabled',
        'status.table.secondary.deletionProtected',
      );
  }
}
