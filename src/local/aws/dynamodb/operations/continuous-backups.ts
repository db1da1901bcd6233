/**
 * DescribeContinuousBackups and UpdateContinuousBackups: point-in-time recovery as a setting of each replica.
 *
 * Restoring is not done here; RestoreTableToPointInTime is refused as an unknown operation.
 */
import type {
  DescribeContinuousBackupsCommandInput,
  UpdateContinuousBackupsCommandInput,
} from '@aws-sdk/client-dynamodb';
import { AwsError } from '../../service.js';
import { needsTable, tableNameOf, type Call, type DynamoDb, type Operation } from '../operation.js';
import type { TableRecord } from '../table-record.js';
import { validationError } from '../tables.js';

const DAY_MS = 24 * 3_600_000;
const MAX_DAYS = 35;
/** AWS can restore to any second but the last five minutes. */
const LATEST_MS = 5 * 60_000;

export const describeContinuousBackups: Operation<DescribeContinuousBackupsCommandInput> = {
  needs: needsTable,
  perform: (db, call) => Promise.resolve(describe(backedUpTable(db, call), db.cloud.clock.now())),
};

export const updateContinuousBackups: Operation<UpdateContinuousBackupsCommandInput> = {
  needs: needsTable,
  async perform(db, call) {
    const specification = call.input.PointInTimeRecoverySpecification;
    if (specification?.PointInTimeRecoveryEnabled === undefined) {
      throw validationError(
        "1 validation error detected: Value null at 'pointInTimeRecoverySpecification.pointInTimeRecoveryEnabled' failed to satisfy constraint: Member must not be null",
      );
    }
    const days = specification.RecoveryPeriodInDays ?? MAX_DAYS;
    if (!Number.isInteger(days) || days < 1 || days > MAX_DAYS) {
      throw validationError(
        `1 validation error detected: Value '${days}' at 'pointInTimeRecoverySpecification.recoveryPeriodInDays' failed to satisfy constraint: Member must have value between 1 and ${MAX_DAYS}`,
      );
    }
    const nowMs = db.cloud.clock.now();
    const changed = await db.tables.change(backedUpTable(db, call), (current) => ({
      ...current,
      recovery:
        specification.PointInTimeRecoveryEnabled === true
          ? { enabledAtMs: current.recovery?.enabledAtMs ?? nowMs, days }
          : undefined,
    }));
    return describe(changed, nowMs);
  },
};

function backedUpTable(db: DynamoDb, call: Call<{ TableName?: string | undefined }>): TableRecord {
  const table = db.tables.find(call.region, tableNameOf(call.input.TableName));
  if (table !== undefined && table.status !== 'DELETING') return table;
  throw new AwsError('TableNotFoundException', `Table not found: ${call.input.TableName ?? ''}`);
}

function describe(table: TableRecord, nowMs: number): object {
  const { recovery } = table;
  return {
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription:
        recovery === undefined
          ? { PointInTimeRecoveryStatus: 'DISABLED' }
          : {
              PointInTimeRecoveryStatus: 'ENABLED',
              RecoveryPeriodInDays: recovery.days,
              EarliestRestorableDateTime:
                Math.max(recovery.enabledAtMs, nowMs - recovery.days * DAY_MS) / 1000,
              LatestRestorableDateTime: Math.max(recovery.enabledAtMs, nowMs - LATEST_MS) / 1000,
            },
    },
  };
}
