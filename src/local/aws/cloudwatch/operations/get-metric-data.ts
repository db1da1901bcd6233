/** GetMetricData: series of metrics, and metric math over them. */
import type { Output } from '../../protocols/protocol.js';
import { seriesOfQueries } from '../alarms/alarm-data.js';
import type { MetricDataQuery } from '../alarms/alarm.js';
import type { Series } from '../math/evaluate.js';
import { ExpressionError } from '../math/expression.js';
import { readQueries } from '../metric-data-query.js';
import { validationError } from '../errors.js';
import { page, type CloudWatchOperation } from '../operation.js';

const MAX_QUERIES = 500;
/** In one answer; the rest is on further pages. */
const MAX_DATAPOINTS = 100_800;

export const getMetricData: CloudWatchOperation = {
  name: 'GetMetricData',
  parameters: ['MetricDataQueries', 'StartTime', 'EndTime', 'ScanBy', 'MaxDatapoints', 'NextToken'],
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
    const most = input.integer('MaxDatapoints') ?? MAX_DATAPOINTS;
    if (most < 1 || most > MAX_DATAPOINTS) {
      throw validationError(`MaxDatapoints must be between 1 and ${MAX_DATAPOINTS}.`);
    }
    const results = seriesOfQueries(queries, call.region, metrics, range, periodSeconds);
    const isAscending =
      input.choice('ScanBy', ['TimestampDescending', 'TimestampAscending']) ===
      'TimestampAscending';
    const whole = returned.map((query) => ({
      query,
      datapoints: [...computed(query, () => results.of(query.id))].sort(([a], [b]) =>
        isAscending ? a - b : b - a,
      ),
    }));
    const flat = whole.flatMap(({ query, datapoints }) =>
      datapoints.map((datapoint) => ({ query, datapoint })),
    );
    const { items, NextToken } = page(flat, input, most);
    const isFirst = !input.has('NextToken');
    return {
      MetricDataResults: whole.flatMap(({ query, datapoints }) => {
        const shown = items.filter((item) => item.query === query);
        if (shown.length === 0 && (datapoints.length > 0 || !isFirst)) return [];
        return [describe(query, shown, shown.at(-1)?.datapoint === datapoints.at(-1))];
      }),
      Messages: [],
      NextToken,
    };
  },
};

interface Shown {
  readonly datapoint: readonly [atMs: number, value: number];
}

/** A metric whose datapoints go on behind this page is not complete. */
function describe(query: MetricDataQuery, shown: readonly Shown[], isComplete: boolean): Output {
  return {
    Id: query.id,
    Label: query.label ?? query.stat?.name ?? query.id,
    Timestamps: shown.map(({ datapoint: [atMs] }) => new Date(atMs)),
    Values: shown.map(({ datapoint: [, value] }) => value),
    StatusCode: isComplete ? 'Complete' : 'PartialData',
  };
}

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
