/** GetMetricData: series of metrics, and metric math over them. */
import { seriesOfQueries } from '../alarms/alarm-data.js';
import type { MetricDataQuery } from '../alarms/alarm.js';
import type { Series } from '../math/evaluate.js';
import { ExpressionError } from '../math/expression.js';
import { readQueries } from '../metric-data-query.js';
import { validationError } from '../errors.js';
import { type CloudWatchOperation } from '../operation.js';

const MAX_QUERIES = 500;
/** In one answer. More is refused: there are no further pages here. */
const MAX_DATAPOINTS = 100_800;

export const getMetricData: CloudWatchOperation = {
  name: 'GetMetricData',
  parameters: ['MetricDataQueries', 'StartTime', 'EndTime', 'ScanBy'],
  run: (input, call, { metrics }) => {
    call.authorize('cloudwatch:GetMetricData', '*');
    const queries = readQueries(input.structures('MetricDataQueries') ?? [], MAX_QUERIES);
    const [start, endMs] = [input.requiredTimeMs('StartTime'), input.requiredTimeMs('EndTime')];
    if (start >= endMs)
      throw validationError('The parameter EndTime must be greater than StartTime.');
    const periodSeconds = Math.max(1, ...queries.map(periodOf));
    const periodMs = periodSeconds * 1000;
    const range = { startMs: Math.floor(start / periodMs) * periodMs, endMs };
    const returned = queries.filter(({ returnData }) => returnData);
    if (((endMs - start) / periodMs) * returned.length > MAX_DATAPOINTS) {
      throw validationError(
        `More than ${MAX_DATAPOINTS} datapoints are asked for: take longer periods or a shorter time.`,
      );
    }
    const results = seriesOfQueries(queries, call.region, metrics, range, periodSeconds);
    const isAscending =
      input.choice('ScanBy', ['TimestampDescending', 'TimestampAscending']) ===
      'TimestampAscending';
    return {
      MetricDataResults: returned.map((query) => {
        const entries = [...computed(query, () => results.of(query.id))].sort(([a], [b]) =>
          isAscending ? a - b : b - a,
        );
        return {
          Id: query.id,
          Label: query.label ?? query.stat?.name ?? query.id,
          Timestamps: entries.map(([atMs]) => new Date(atMs)),
          Values: entries.map(([, value]) => value),
          StatusCode: 'Complete',
        };
      }),
      Messages: [],
    };
  },
};

function computed({ id }: MetricDataQuery, compute: () => Series): Series {
  try {
    return compute();
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    throw validationError(`Error in expression '${id}': ${error.message}`);
  }
}

function periodOf({ stat, periodSeconds }: MetricDataQuery): number {
  return stat?.periodSeconds ?? periodSeconds ?? 1;
}
