/** Every operation that is answered; the rest of the API is refused with UnknownOperationException. */
import type { Operation } from './operation.js';
import { batchGetItem, batchWriteItem } from './operations/batches.js';
import {
  describeContinuousBackups,
  updateContinuousBackups,
} from './operations/continuous-backups.js';
import { createTable } from './operations/create-table.js';
import { deleteTable } from './operations/delete-table.js';
import { describeTableOperation, listTables } from './operations/describe-and-list-tables.js';
import {
  deleteItem,
  getItem,
  putItem,
  query,
  scan,
  updateItem,
} from './operations/items-of-one-table.js';
import { describeEndpoints, describeLimits } from './operations/limits-and-endpoints.js';
import { listTagsOfResource, tagResource, untagResource } from './operations/tags.js';
import { describeTimeToLive, updateTimeToLive } from './operations/time-to-live.js';
import { transactGetItems, transactWriteItems } from './operations/transactions.js';
import { updateTable } from './operations/update-table.js';

export const OPERATIONS: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ['BatchGetItem', batchGetItem],
  ['BatchWriteItem', batchWriteItem],
  ['CreateTable', createTable],
  ['DeleteItem', deleteItem],
  ['DeleteTable', deleteTable],
  ['DescribeContinuousBackups', describeContinuousBackups],
  ['DescribeEndpoints', describeEndpoints],
  ['DescribeLimits', describeLimits],
  ['DescribeTable', describeTableOperation],
  ['DescribeTimeToLive', describeTimeToLive],
  ['GetItem', getItem],
  ['ListTables', listTables],
  ['ListTagsOfResource', listTagsOfResource],
  ['PutItem', putItem],
  ['Query', query],
  ['Scan', scan],
  ['TagResource', tagResource],
  ['TransactGetItems', transactGetItems],
  ['TransactWriteItems', transactWriteItems],
  ['UntagResource', untagResource],
  ['UpdateContinuousBackups', updateContinuousBackups],
  ['UpdateItem', updateItem],
  ['UpdateTable', updateTable],
  ['UpdateTimeToLive', updateTimeToLive],
]);
