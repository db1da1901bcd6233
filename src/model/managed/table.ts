/** DynamoDB: a global table is one Table with its replicas inside (never the separate kind TableReplica). */
import { flag, list, number, object, text } from '../schema.js';
import { arn, id, region, tags, tagsAll } from './fields.js';
import { defineKind } from './kind.js';

const kmsKeyArn = text('The ARN of the KMS key that encrypts it, in its own region.');

export const Table = defineKind({
  kind: 'Table',
  plural: 'tables',
  service: 'dynamodb',
  clusterVersion: 'v1beta2',
  description: 'A DynamoDB table, with its replicas in other regions.',
  externalName: 'given',
  needs: [],
  forProvider: object(
    'What is asked of DynamoDB.',
    {
      region,
      tags,
      attribute: list(
        'The attributes that keys and indexes use; others need no declaration.',
        object('An attribute.', {
          name: text('Its name.'),
          type: text('S for strings, N for numbers, B for bytes.'),
        }),
      ),
      hashKey: text('The attribute by which items are spread over partitions.'),
      rangeKey: text('The attribute that orders items of one hash key.'),
      billingMode: text('PAY_PER_REQUEST or PROVISIONED.'),
      globalSecondaryIndex: list(
        'Indexes with keys of their own.',
        object('An index.', {
          name: text('Its name.'),
          hashKey: text('Its hash key.'),
          rangeKey: text('Its range key.'),
          projectionType: text('What it copies of an item: ALL, KEYS_ONLY or INCLUDE.'),
        }),
      ),
      streamEnabled: flag('Whether changes are written to a stream; replication needs it.'),
      streamViewType: text(
        'What the stream carries of a changed item, such as NEW_AND_OLD_IMAGES.',
      ),
      pointInTimeRecovery: object('Continuous backup of the table in its own region.', {
        enabled: flag('Whether it is on.'),
        recoveryPeriodInDays: number('How many days back one can restore, 1 to 35.'),
      }),
      deletionProtectionEnabled: flag(
        'Whether DynamoDB refuses to delete the table in its own region.',
      ),
      serverSideEncryption: object(
        'Encryption with a KMS key instead of a key that DynamoDB owns.',
        {
          enabled: flag('Whether it is on.'),
          kmsKeyArn,
        },
      ),
      replica: list(
        'Copies of the table in other regions. What is not said here is not copied from the table: backup, tags, protection.',
        object('A copy.', {
          regionName: text('The region it is in.'),
          consistencyMode: text(
            'EVENTUAL or STRONG; STRONG needs a witness, or a third copy. It can never be changed.',
          ),
          pointInTimeRecovery: flag('Whether its continuous backup is on.'),
          deletionProtectionEnabled: flag('Whether DynamoDB refuses to delete it.'),
          propagateTags: flag("Whether it gets the table's tags."),
          kmsKeyArn,
        }),
      ),
      globalTableWitness: object(
        'The third region that strong consistency needs, without a copy to read.',
        {
          regionName: text('The region it is in.'),
        },
      ),
    },
    { required: ['region'] },
  ),
  observed: {
    arn,
    id,
    streamArn: text("The ARN of the table's stream."),
    streamLabel: text('The time at which the stream began, as part of its ARN.'),
    tagsAll,
    replica: list(
      'The copies.',
      object('A copy.', {
        arn,
        streamArn: text('The ARN of its stream.'),
        streamLabel: text('The time at which the stream began.'),
      }),
    ),
  },
});
