/**
 * CloudWatch: metrics that services record and callers put, and alarms on them that are really evaluated.
 *
 * Spoken: AWS JSON (the SDK for JavaScript), RPC v2 CBOR (boto3, the AWS CLI) and the query protocol (older clients).
 * Refused: anomaly detection, dashboards, metric streams, insight rules.
 */
import type { Cloud } from '../cloud.js';
import { awsJsonProtocol } from '../protocols/aws-json.js';
import { createOperationService } from '../protocols/operation-service.js';
import { queryProtocol } from '../protocols/query.js';
import { rpcCborProtocol } from '../protocols/rpc-cbor.js';
import type { Service } from '../service.js';
import { AlarmStore } from './alarms/alarm-store.js';
import { Evaluator } from './alarms/evaluator.js';
import type { MetricStore } from './metrics/metric-store.js';
import { ERROR_SHAPES } from './errors.js';
import {
  CLOUDWATCH_WORDING,
  type CloudWatchContext,
  type CloudWatchOperation,
} from './operation.js';
import { disableAlarmActions, enableAlarmActions } from './operations/alarm-actions.js';
import { listTagsForResource, tagResource, untagResource } from './operations/alarm-tags.js';
import { deleteAlarms } from './operations/delete-alarms.js';
import { describeAlarmHistory } from './operations/describe-alarm-history.js';
import { describeAlarms, describeAlarmsForMetric } from './operations/describe-alarms.js';
import { getMetricData } from './operations/get-metric-data.js';
import { getMetricStatistics } from './operations/get-metric-statistics.js';
import { listMetrics } from './operations/list-metrics.js';
import { putCompositeAlarm } from './operations/put-composite-alarm.js';
import { putMetricAlarm } from './operations/put-metric-alarm.js';
import { putMetricData } from './operations/put-metric-data.js';
import { setAlarmState } from './operations/set-alarm-state.js';

const OPERATIONS: readonly CloudWatchOperation[] = [
  deleteAlarms,
  describeAlarmHistory,
  describeAlarms,
  describeAlarmsForMetric,
  disableAlarmActions,
  enableAlarmActions,
  getMetricData,
  getMetricStatistics,
  listMetrics,
  listTagsForResource,
  putCompositeAlarm,
  putMetricAlarm,
  putMetricData,
  setAlarmState,
  tagResource,
  untagResource,
];

const API_NAME = 'GraniteServiceVersion20100801';

export async function createCloudWatch(cloud: Cloud, metrics: MetricStore): Promise<Service> {
  const alarms = await AlarmStore.open(cloud.state);
  const evaluator = new Evaluator(cloud, alarms, metrics);
  evaluator.start();
  return createOperationService<CloudWatchContext>({
    signingName: 'monitoring',
    cloud,
    context: { alarms, metrics, evaluator },
    protocols: [
      queryProtocol({
        xmlNamespace: 'http://monitoring.amazonaws.com/doc/2010-08-01/',
        version: '2010-08-01',
      }),
      rpcCborProtocol({ serviceName: API_NAME, errorShapes: ERROR_SHAPES }),
      awsJsonProtocol({
        targetPrefix: API_NAME,
        contentType: 'application/x-amz-json-1.0',
        errorShapes: ERROR_SHAPES,
      }),
    ],
    wording: CLOUDWATCH_WORDING,
    operations: OPERATIONS,
    close: () => evaluator.close(),
  });
}
