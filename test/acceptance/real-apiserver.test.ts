/**
 * The main job with a real kube-apiserver in the place of the local one: our engine, provider and AWS, its API.
 *
 * Skipped by name where `npm run real-apiserver` has not built one. No controllers run beside it, so the test plays the
 * garbage collector, by which composed resources go.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { startedPlatform, type APlatform } from '../builders/a-platform.js';
import { isInstalled } from '../builders/a-program.js';
import {
  aRealApiserver,
  isRealApiserverBuilt,
  type RealApiserver,
} from '../builders/a-real-apiserver.js';

const REGIONS = ['us-east-1', 'us-west-2'] as const;
const OF_TEAM = ['-n', 'team-payments'] as const;

const canRun = isRealApiserverBuilt() && isInstalled('kubectl', 'version', '--client');
const onRealApiserver = canRun ? test : test.skip;

let apiserver: RealApiserver | undefined;
let platform: APlatform;

beforeAll(async () => {
  if (!canRun) return;
  apiserver = await aRealApiserver();
  platform = await startedPlatform({
    kubeconfig: apiserver.kubeconfig,
    args: ['--only', 'crossplane,provider-aws,aws'],
  });
}, 90_000);
afterAll(async () => {
  if (apiserver === undefined) return;
  await platform.stop();
  await apiserver.stop();
}, 60_000);

describe('on a real kube-apiserver', () => {
  onRealApiserver('the definition and the guard of environments are installed', async () => {
    const guard = await platform.kubectl('apply', '-f', 'deploy/environment-guard.yaml');
    expect(guard).toMatchObject({ code: 0 });
    const { stdout } = await platform.kubectl('get', 'xrd', '-o', 'name');
    expect(stdout.trim().split('\n')).toHaveLength(2);
  });

  onRealApiserver(
    'the example becomes Ready, with every managed resource synced',
    async () => {
      await platform.applyExample();
      const { stdout } = await platform.kubectl('get', 'managed', '-o', 'json');
      const { items } = JSON.parse(stdout) as {
        items: { status: { conditions: { type: string; status: string }[] } }[];
      };
      const conditions = items.flatMap(({ status }) => status.conditions);
      expect(items.length).toBeGreaterThanOrEqual(17);
      expect(conditions.filter(({ status }) => status !== 'True')).toEqual([]);
    },
    90_000,
  );

  onRealApiserver('a payment goes through either region', async () => {
    for (const [index, side] of ['primary', 'secondary'].entries()) {
      const lambda = new LambdaClient(platform.clientConfig(REGIONS[index] ?? ''));
      const { Payload } = await lambda.send(
        new InvokeCommand({
          FunctionName: `payment-processor-${side}-dev`,
          Payload: JSON.stringify({ transaction_id: side, amount: '10.00', currency: 'EUR' }),
        }),
      );
      expect(JSON.parse(Buffer.from(Payload ?? []).toString())).toMatchObject({ statusCode: 200 });
    }
  });

  onRealApiserver('kubectl explains the fields of a claim', async () => {
    const { stdout } = await platform.kubectl('explain', 'pdr.spec.handler');
    expect(stdout).toContain('memorySizeMiB');
  });

  onRealApiserver(
    'a deleted claim leaves its data in AWS and nothing else',
    async () => {
      const deleted = await platform.kubectl('delete', 'pdr', ...OF_TEAM, 'checkout');
      expect(deleted).toMatchObject({ code: 0 });
      await platform.kubectl('wait', '--for=delete', 'xpaymentsdr', '--all', '--timeout=30s');
      const collected = await platform.kubectl('delete', 'managed', '--all', '--timeout=60s');
      expect(collected).toMatchObject({ code: 0 });
      for (const region of REGIONS) {
        const config = platform.clientConfig(region);
        const { Functions } = await new LambdaClient(config).send(new ListFunctionsCommand({}));
        const { TableNames } = await new DynamoDBClient(config).send(new ListTablesCommand({}));
        expect({ Functions, TableNames }).toEqual({
          Functions: [],
          TableNames: ['payments-table-dev'],
        });
      }
    },
    90_000,
  );
});
