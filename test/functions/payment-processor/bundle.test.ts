/** The bundle as Lambda runs it: built afresh, imported by a Node of its own, with nothing else around. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { aHandler, BUCKET, CREDENTIALS, TABLE, type TestHandler } from './a-handler.js';

const run = promisify(execFile);

let directory: string;
let bundle: string;
let world: TestHandler;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pdr-handler-'));
  bundle = join(directory, 'functions/payment-processor/index.mjs');
  await run(process.execPath, ['scripts/build.mjs', 'handler', directory]);
  world = await aHandler();
});
afterAll(async () => {
  await world.close();
  await rm(directory, { recursive: true, force: true });
});

const environment = () => ({
  DYNAMODB_TABLE: TABLE,
  S3_BUCKET: BUCKET,
  REGION: 'us-east-1',
  S3_FORCE_PATH_STYLE: 'true',
  AWS_ENDPOINT_URL_DYNAMODB: world.dynamodbUrl,
  AWS_ENDPOINT_URL_S3: world.bucket.url,
  AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
  AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
});

/** What a fresh Node prints that imports the bundle and invokes it with `event`. */
async function invoke(event: unknown, env: NodeJS.ProcessEnv): Promise<string> {
  const script = `
    const { handler } = await import(${JSON.stringify(bundle)});
    process.stdout.write(JSON.stringify(await handler(${JSON.stringify(event)})));`;
  const options = { env, cwd: directory };
  return (await run(process.execPath, ['--input-type=module', '-e', script], options)).stdout;
}

describe('the bundle', () => {
  test('exports a handler that pays through the endpoints of the environment', async () => {
    const answer = await invoke({ transaction_id: 'tx-bundle', amount: '42.50' }, environment());
    expect(JSON.parse(answer)).toMatchObject({ statusCode: 200 });
    expect(await world.records('tx-bundle')).toMatchObject([
      { status: 'COMPLETED', amount: '42.5' },
    ]);
    expect(world.bucket.objects.has('transactions/tx-bundle.json')).toBe(true);
  });

  test('fails as it starts where a setting is missing, and names it', async () => {
    const { S3_BUCKET: _, ...incomplete } = environment();
    await expect(invoke({}, incomplete)).rejects.toThrow('S3_BUCKET is not set');
  });

  test('stays below 400 kB, which a cold start reads whole', async () => {
    expect((await stat(bundle)).size).toBeLessThan(400_000);
  });
});
