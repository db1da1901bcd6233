/**
 * Throttling: refuses a call whose table is over what it can take just now, with the metrics that DynamoDB publishes of it.
 *
 * Tables here have no limit of their own: only the fault `throttle` makes one. It comes after the permissions and before the work,
 * so a call that is throttled has done nothing. A batch is throttled as a whole. A fault that names a table throttles its items only.
 */
import type { Cloud } from '../cloud.js';
import { AwsError } from '../service.js';
import type { Tables } from './tables.js';

const READS = ['GetItem', 'BatchGetItem', 'Query', 'Scan', 'TransactGetItems'];
const WRITES = ['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'TransactWriteItems'];

const ON_DEMAND_MESSAGE =
  'Throughput exceeds the current capacity of your table or index. DynamoDB is automatically scaling your table or index so please try again shortly. If exceptions persist, check if you have a hot key: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html';
const PROVISIONED_MESSAGE =
  'The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.';

/** Throws ThrottlingException, or ProvisionedThroughputExceededException where the table's capacity is provisioned. */
export function refuseThrottled(
  { cloud, tables }: { readonly cloud: Cloud; readonly tables: Tables },
  call: {
    readonly region: string;
    readonly operation: string;
    /** The ARNs of the tables and indexes that the call is about. */
    readonly resources: readonly string[];
  },
): void {
  const { region, operation, resources } = call;
  const isRead = READS.includes(operation);
  if (!isRead && !WRITES.includes(operation)) {
    refuseThrottledControl(cloud, region);
    return;
  }
  for (const name of new Set(resources.map(tableIn))) {
    const place = { region, service: 'dynamodb', resource: name };
    if (cloud.mishaps.strikes('throttle', place) === undefined) continue;
    const record = (metric: string, dimensions: Record<string, string>) =>
      cloud.metrics.record({
        ...{ region, namespace: 'AWS/DynamoDB', name: metric, dimensions },
        ...{ value: 1, unit: 'Count' },
      });
    record(isRead ? 'ReadThrottleEvents' : 'WriteThrottleEvents', { TableName: name });
    record('ThrottledRequests', { TableName: name, Operation: operation });
    throw tables.find(region, name)?.shared.billing.mode === 'PROVISIONED'
      ? new AwsError('ProvisionedThroughputExceededException', PROVISIONED_MESSAGE)
      : new AwsError('ThrottlingException', ON_DEMAND_MESSAGE);
  }
}

/** Calls that are not about items share the region's limit, whatever table they name. */
function refuseThrottledControl({ mishaps }: Cloud, region: string): void {
  if (mishaps.strikes('throttle', { region, service: 'dynamodb' }) === undefined) return;
  throw new AwsError('ThrottlingException', 'Rate exceeded');
}

function tableIn(arn: string): string {
  return /:table\/([^/]+)/.exec(arn)?.[1] ?? '';
}
