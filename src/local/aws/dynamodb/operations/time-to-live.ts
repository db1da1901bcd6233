/** DescribeTimeToLive and UpdateTimeToLive; `items/expiry.ts` deletes what has expired. */
import type {
  DescribeTimeToLiveCommandInput,
  UpdateTimeToLiveCommandInput,
} from '@aws-sdk/client-dynamodb';
import { needsTable, tableOf, type Operation } from '../operation.js';
import { validationError } from '../tables.js';

export const describeTimeToLive: Operation<DescribeTimeToLiveCommandInput> = {
  needs: needsTable,
  perform(db, call) {
    const { ttlAttribute } = tableOf(db, call).shared;
    return Promise.resolve({
      TimeToLiveDescription:
        ttlAttribute === undefined
          ? { TimeToLiveStatus: 'DISABLED' }
          : { TimeToLiveStatus: 'ENABLED', AttributeName: ttlAttribute },
    });
  },
};

export const updateTimeToLive: Operation<UpdateTimeToLiveCommandInput> = {
  needs: needsTable,
  async perform(db, call) {
    const { AttributeName, Enabled } = call.input.TimeToLiveSpecification ?? {};
    if (AttributeName === undefined || AttributeName === '' || Enabled === undefined) {
      throw validationError(
        "1 validation error detected: Value null at 'timeToLiveSpecification' failed to satisfy constraint: Member must not be null",
      );
    }
    const table = tableOf(db, call);
    const { ttlAttribute, consistency } = table.shared;
    if (consistency === 'STRONG') {
      throw validationError(
        'Time to live is not supported on global tables with multi-Region strong consistency',
      );
    }
    if (Enabled && ttlAttribute !== undefined) {
      throw validationError('TimeToLive is already enabled');
    }
    if (!Enabled && ttlAttribute === undefined) {
      throw validationError('TimeToLive is already disabled');
    }
    if (!Enabled && ttlAttribute !== AttributeName) {
      throw validationError(
        'TimeToLive is active on a different AttributeName: current AttributeName is ' +
          (ttlAttribute ?? ''),
      );
    }
    const changed = await db.sharing.change(table, (shared) => ({
      ...shared,
      ttlAttribute: Enabled ? AttributeName : undefined,
    }));
    db.lifecycle.advance(changed);
    return { TimeToLiveSpecification: { AttributeName, Enabled } };
  },
};
