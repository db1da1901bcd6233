/** DescribeAlarmHistory. */
import { HISTORY_TYPES } from '../alarms/alarm-store.js';
import { validationError } from '../errors.js';
import { alarmArn, page, type CloudWatchOperation } from '../operation.js';

export const describeAlarmHistory: CloudWatchOperation = {
  name: 'DescribeAlarmHistory',
  parameters: [
    'AlarmName',
    'AlarmTypes',
    'HistoryItemType',
    'StartDate',
    'EndDate',
    'MaxRecords',
    'NextToken',
    'ScanBy',
  ],
  run: (input, call, { alarms }) => {
    const name = input.string('AlarmName');
    call.authorize('cloudwatch:DescribeAlarmHistory', alarmArn(call, name ?? '*'));
    const types = input.strings('AlarmTypes') ?? ['MetricAlarm'];
    const type = input.choice('HistoryItemType', HISTORY_TYPES);
    const startMs = input.timeMs('StartDate') ?? 0;
    const endMs = input.timeMs('EndDate') ?? Number.MAX_SAFE_INTEGER;
    const maxRecords = input.integer('MaxRecords') ?? 100;
    if (maxRecords < 1 || maxRecords > 100)
      throw validationError('MaxRecords must be between 1 and 100.');
    const found = alarms
      .listHistory(call.region)
      .filter(
        (item) =>
          types.includes(item.alarmType ?? 'MetricAlarm') &&
          (name === undefined || item.alarmName === name) &&
          (type === undefined || item.type === type) &&
          item.atMs >= startMs &&
          item.atMs <= endMs,
      );
    const isAscending =
      input.choice('ScanBy', ['TimestampDescending', 'TimestampAscending']) ===
      'TimestampAscending';
    const { items, NextToken } = page(isAscending ? found.reverse() : found, input, maxRecords);
    return {
      AlarmHistoryItems: items.map((item) => ({
        AlarmName: item.alarmName,
        AlarmType: item.alarmType ?? 'MetricAlarm',
        Timestamp: new Date(item.atMs),
        HistoryItemType: item.type,
        HistorySummary: item.summary,
        HistoryData: item.data,
      })),
      NextToken,
    };
  },
};
