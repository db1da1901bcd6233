/** The handler on the local platform: cold start, warm latency, and how long a payment takes to the other region. */
import { ListTablesCommand, QueryCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { UpdateFunctionConfigurationCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { FUNCTIONS, TABLE, type BenchService } from './service.js';
import { quantile, spread, type Row } from './table.js';

const COLD_STARTS = 10;
const WARM_CALLS = 300;
const REPLICATED_PAYMENTS = 50;

export async function measureHandler({ primary, secondary }: BenchService): Promise<Row[]> {
  const coldMs: number[] = [];
  for (let start = 0; start < COLD_STARTS; start++) {
    await makeCold(primary.lambda, start);
    coldMs.push(await timed(() => primary.pay(`bench-cold-${start}`)));
  }
  const warmMs: number[] = [];
  const bareMs: number[] = [];
  for (let call = 0; call < WARM_CALLS; call++) {
    warmMs.push(await timed(() => primary.pay(`bench-warm-${call}`)));
    bareMs.push(await timed(() => primary.dynamodb.send(new ListTablesCommand({}))));
  }
  const lagMs: number[] = [];
  for (let payment = 0; payment < REPLICATED_PAYMENTS; payment++) {
    const id = `bench-lag-${payment}`;
    await primary.pay(id);
    lagMs.push(await timed(() => untilReplicated(secondary.dynamodb, id)));
  }
  const warmP50 = quantile(warmMs, 0.5);
  return [
    {
      figure: 'handler, cold start',
      measured: spread(coldMs, 'ms'),
      ratio: `${(quantile(coldMs, 0.5) / warmP50).toFixed(1)} × warm`,
    },
    {
      figure: 'handler, warm p50',
      measured: `${warmP50.toFixed(1)} ms`,
      ratio: `${(warmP50 / quantile(bareMs, 0.5)).toFixed(1)} × one DynamoDB call`,
    },
    { figure: 'handler, warm p99', measured: `${quantile(warmMs, 0.99).toFixed(1)} ms` },
    {
      figure: 'replication lag',
      measured: spread(lagMs, 'ms'),
      ratio: `${(quantile(lagMs, 0.5) / warmP50).toFixed(1)} × warm`,
    },
  ];
}

/** A changed configuration retires every warm process. */
async function makeCold(lambda: LambdaClient, version: number): Promise<void> {
  await lambda.send(
    new UpdateFunctionConfigurationCommand({
      FunctionName: FUNCTIONS['us-east-1'],
      Description: `bench ${version}`,
    }),
  );
  await new Promise((resolve) => setTimeout(resolve, 150));
}

async function untilReplicated(dynamoDb: DynamoDBClient, id: string): Promise<void> {
  for (;;) {
    const { Count = 0 } = await dynamoDb.send(
      new QueryCommand({
        TableName: TABLE,
        KeyConditionExpression: 'transaction_id = :id',
        ExpressionAttributeValues: { ':id': { S: id } },
      }),
    );
    if (Count > 0) return;
  }
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await run();
  return performance.now() - began;
}
