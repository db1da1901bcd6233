/**
 * CloudWatch Logs: groups with retention and tags, streams, and events that can be read, filtered and followed.
 *
 * Lambda writes here what functions say. Refused: Logs Insights queries, live tail, metric and subscription filters, exports,
 * KMS keys, the classes of groups beside STANDARD, and what else the API has.
 */
import type { Cloud } from '../cloud.js';
import { awsJsonProtocol } from '../protocols/aws-json.js';
import { createOperationService } from '../protocols/operation-service.js';
import type { Service } from '../service.js';
import type { LogStore } from './log-store.js';
import { LOGS_WORDING, type LogsOperation } from './operation.js';
import { filterLogEvents } from './operations/filter-log-events.js';
import { getLogEvents } from './operations/get-log-events.js';
import {
  listTagsForResource,
  listTagsLogGroup,
  tagLogGroup,
  tagResource,
  untagLogGroup,
  untagResource,
} from './operations/log-group-tags.js';
import {
  createLogGroup,
  deleteLogGroup,
  deleteRetentionPolicy,
  describeLogGroups,
  putRetentionPolicy,
} from './operations/log-groups.js';
import { createLogStream, deleteLogStream, describeLogStreams } from './operations/log-streams.js';
import { putLogEvents } from './operations/put-log-events.js';

const OPERATIONS: readonly LogsOperation[] = [
  createLogGroup,
  createLogStream,
  deleteLogGroup,
  deleteLogStream,
  deleteRetentionPolicy,
  describeLogGroups,
  describeLogStreams,
  filterLogEvents,
  getLogEvents,
  listTagsForResource,
  listTagsLogGroup,
  putLogEvents,
  putRetentionPolicy,
  tagLogGroup,
  tagResource,
  untagLogGroup,
  untagResource,
];

export function createLogs(cloud: Cloud, store: LogStore): Service {
  return createOperationService<LogStore>({
    signingName: 'logs',
    cloud,
    context: store,
    protocols: [
      awsJsonProtocol({
        targetPrefix: 'Logs_20140328',
        contentType: 'application/x-amz-json-1.1',
      }),
    ],
    wording: LOGS_WORDING,
    operations: OPERATIONS,
    unknownOperationCode: 'UnknownOperationException',
    denial: { code: 'AccessDeniedException', status: 400 },
    close: () => store.close(),
  });
}
