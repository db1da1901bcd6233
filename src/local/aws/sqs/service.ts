/**
 * SQS: standard queues, which SNS topics and Lambda's on-failure destinations send to, and whoever wants to.
 *
 * Refused: FIFO queues, keys of KMS, permissions by AddPermission, moving messages back from dead-letter queues, and the query
 * protocol of clients from before 2023.
 */
import type { Cloud } from '../cloud.js';
import { awsJsonProtocol } from '../protocols/aws-json.js';
import { createOperationService } from '../protocols/operation-service.js';
import type { Service } from '../service.js';
import { SQS_ERROR_SHAPES, SQS_WORDING, type SqsContext, type SqsOperation } from './operation.js';
import {
  createQueue,
  deleteQueue,
  getQueueAttributes,
  getQueueUrl,
  listQueues,
  listQueueTags,
  purgeQueue,
  setQueueAttributes,
  tagQueue,
  untagQueue,
} from './operations/queues.js';
import { receiveMessage } from './operations/receive-message.js';
import {
  changeMessageVisibility,
  changeMessageVisibilityBatch,
  deleteMessage,
  deleteMessageBatch,
} from './operations/receipts.js';
import { sendMessage, sendMessageBatch } from './operations/send-message.js';

const OPERATIONS: readonly SqsOperation[] = [
  changeMessageVisibility,
  changeMessageVisibilityBatch,
  createQueue,
  deleteMessage,
  deleteMessageBatch,
  deleteQueue,
  getQueueAttributes,
  getQueueUrl,
  listQueueTags,
  listQueues,
  purgeQueue,
  receiveMessage,
  sendMessage,
  sendMessageBatch,
  setQueueAttributes,
  tagQueue,
  untagQueue,
];

export function createSqs(cloud: Cloud, context: SqsContext): Service {
  return createOperationService<SqsContext>({
    signingName: 'sqs',
    cloud,
    context,
    protocols: [
      awsJsonProtocol({
        targetPrefix: 'AmazonSQS',
        contentType: 'application/x-amz-json-1.0',
        errorShapes: SQS_ERROR_SHAPES,
      }),
    ],
    wording: SQS_WORDING,
    operations: OPERATIONS,
  });
}
