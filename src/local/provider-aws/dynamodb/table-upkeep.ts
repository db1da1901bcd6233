/** Changes that a table takes at any time and in any region: its backups and its tags. */
import {
  TagResourceCommand,
  UntagResourceCommand,
  UpdateContinuousBackupsCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { tagChanges, toTagPairs, type Tags } from '../external/tags.js';

export async function setRecovery(
  client: DynamoDBClient,
  name: string,
  enabled: boolean,
  days?: number,
): Promise<void> {
  const PointInTimeRecoverySpecification = {
    PointInTimeRecoveryEnabled: enabled,
    ...(enabled && days !== undefined && { RecoveryPeriodInDays: days }),
  };
  await client.send(
    new UpdateContinuousBackupsCommand({ TableName: name, PointInTimeRecoverySpecification }),
  );
}

export async function retag(
  client: DynamoDBClient,
  arn: string,
  wanted: Tags | undefined,
  actual: Tags | undefined,
): Promise<void> {
  const { set, unset } = tagChanges(wanted, actual);
  if (unset.length > 0) {
    await client.send(new UntagResourceCommand({ ResourceArn: arn, TagKeys: unset }));
  }
  if (Object.keys(set).length > 0) {
    await client.send(new TagResourceCommand({ ResourceArn: arn, Tags: toTagPairs(set) }));
  }
}
