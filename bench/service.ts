/** The service of the example's claim on the local platform, as the measurements of this directory use it. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { startedPlatform } from '../test/builders/a-platform.js';

export const REGIONS = ['us-east-1', 'us-west-2'] as const;
export type RegionName = (typeof REGIONS)[number];

export const TABLE = 'payments-table-dev';
export const FUNCTIONS: Readonly<Record<RegionName, string>> = {
  'us-east-1': 'payment-processor-primary-dev',
  'us-west-2': 'payment-processor-secondary-dev',
};

export interface BenchRegion {
  readonly name: RegionName;
  readonly lambda: LambdaClient;
  readonly dynamodb: DynamoDBClient;
  /** Resolves when the payment is acknowledged; throws otherwise, after one try and so long at most. */
  pay(id: string, patienceMs?: number): Promise<void>;
}

export interface BenchService {
  readonly primary: BenchRegion;
  readonly secondary: BenchRegion;
  /** Switches a fault, as `payments-dr region` does. */
  wish(fault: object): Promise<void>;
  stop(): Promise<void>;
}

/** Longer than the function may run. */
const PATIENCE_MS = 35_000;

export async function startService(stateDir: string): Promise<BenchService> {
  const platform = await startedPlatform({ stateDir });
  await platform.applyExample();
  const regionOf = (name: RegionName): BenchRegion => {
    const config = platform.clientConfig(name);
    const lambda = new LambdaClient({ ...config, maxAttempts: 1 });
    const dynamodb = new DynamoDBClient(config);
    const pay = async (id: string, patienceMs = PATIENCE_MS) => {
      const event = { transaction_id: id, amount: '10.00', currency: 'USD' };
      const { Payload, FunctionError } = await lambda.send(
        new InvokeCommand({ FunctionName: FUNCTIONS[name], Payload: JSON.stringify(event) }),
        { abortSignal: AbortSignal.timeout(patienceMs) },
      );
      const answer = Buffer.from(Payload ?? []).toString('utf8');
      const isPaid = FunctionError === undefined && answer.includes('"statusCode":200');
      if (!isPaid) throw new Error(answer);
    };
    return { name, lambda, dynamodb, pay };
  };
  const [primary, secondary] = [regionOf('us-east-1'), regionOf('us-west-2')];
  return {
    primary,
    secondary,
    wish: async (fault) => {
      const response = await fetch(new URL('/_payments-dr/faults', platform.awsUrl), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(fault),
      });
      if (!response.ok) throw new Error(await response.text());
    },
    stop: async () => {
      for (const { lambda, dynamodb } of [primary, secondary]) {
        lambda.destroy();
        dynamodb.destroy();
      }
      await platform.stop();
    },
  };
}
