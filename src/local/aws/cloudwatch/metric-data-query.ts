/** Metric math as a call brings it: the list of queries of PutMetricAlarm and GetMetricData, read and checked. */
import type { Input } from '../protocols/input.js';
import type { MetricDataQuery, MetricStat } from './alarms/alarm.js';
import { ExpressionError, idsIn, parseExpression } from './math/expression.js';
import { isStatistic } from './metrics/bucket.js';
import { validationError } from './errors.js';
import { readDimensions, readMetricName, readNamespace, readUnit } from './operation.js';

const QUERY_PARAMETERS = ['Id', 'MetricStat', 'Expression', 'Label', 'ReturnData', 'Period'];
const STAT_PARAMETERS = ['Metric', 'Period', 'Stat', 'Unit'];

/** Throws `AwsError` ValidationError. */
export function readQueries(inputs: readonly Input[], maxCount: number): MetricDataQuery[] {
  if (inputs.length > maxCount)
    throw validationError(`No more than ${maxCount} metrics are allowed.`);
  const queries = inputs.map(readQuery);
  const ids = new Set(queries.map(({ id }) => id));
  if (ids.size < queries.length) throw validationError('The ids of the metrics must be unique.');
  for (const { id, expression } of queries) {
    if (expression === undefined) continue;
    const unknown = idsOf(id, expression).find((other) => !ids.has(other));
    if (unknown !== undefined) {
      throw validationError(
        `Error in expression '${id}': there is no metric with the id ${unknown}`,
      );
    }
  }
  return queries;
}

function readQuery(input: Input): MetricDataQuery {
  input.allowOnly(QUERY_PARAMETERS);
  const id = input.requiredString('Id');
  if (!/^[a-z][a-zA-Z0-9_]{0,254}$/.test(id)) {
    throw validationError(
      `The value ${id} for parameter Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.`,
    );
  }
  const stat = input.structure('MetricStat');
  const expression = input.string('Expression');
  if ((stat === undefined) === (expression === undefined)) {
    throw validationError(`The metric ${id} must have either MetricStat or Expression.`);
  }
  const period = input.integer('Period');
  return {
    id,
    stat: stat && readMetricStat(stat),
    expression,
    label: input.string('Label'),
    returnData: input.boolean('ReturnData') ?? true,
    ...(period !== undefined && { periodSeconds: checkPeriod(period) }),
  };
}

function readMetricStat(input: Input): MetricStat {
  input.allowOnly(STAT_PARAMETERS);
  const metric = input.structure('Metric');
  if (metric === undefined) throw validationError('The parameter MetricStat.Metric is required.');
  const statistic = input.requiredString('Stat');
  if (!isStatistic(statistic))
    throw validationError(`The statistic ${statistic} is not supported here.`);
  return {
    namespace: readNamespace(metric),
    name: readMetricName(metric),
    dimensions: readDimensions(metric),
    periodSeconds: checkPeriod(input.requiredInteger('Period')),
    statistic,
    unit: readUnit(input),
  };
}

/** 1, 5, 10, 20, 30, or a multiple of 60. */
function checkPeriod(seconds: number): number {
  if ([1, 5, 10, 20, 30].includes(seconds) || (seconds > 0 && seconds % 60 === 0)) return seconds;
  throw validationError(`Period must be 1, 5, 10, 20, 30 or a multiple of 60, not ${seconds}.`);
}

function idsOf(id: string, expression: string): string[] {
  try {
    return idsIn(parseExpression(expression));
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    throw validationError(`Error in expression '${id}': ${error.message}`);
  }
}
