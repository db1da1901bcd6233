import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { aLambda, ROLE, type ALambda } from './a-lambda.js';

const CONFIGURATION = '/2015-03-31/functions/pay/configuration';

let lambda: ALambda;
beforeEach(async () => {
  lambda = await aLambda();
});
afterEach(() => lambda.close());

describe('invoking a function', () => {
  test('runs the handler under the credentials of its role and its own variables', async () => {
    await lambda.create({ Environment: { Variables: { S3_BUCKET: 'audit' } } });
    const seen = async (env: string) => (await lambda.invoke({ env })).body.env;
    expect([
      await seen('AWS_ACCESS_KEY_ID'),
      await seen('S3_BUCKET'),
      await seen('AWS_REGION'),
    ]).toEqual(['ASIATEST', 'audit', 'us-east-1']);
  });

  test('keeps the process warm for the next event', async () => {
    await lambda.create();
    await lambda.invoke({});
    expect((await lambda.invoke({})).body).toMatchObject({ events: 2 });
  });

  test('takes a fresh process after the configuration changed', async () => {
    await lambda.create();
    await lambda.invoke({});
    await lambda.call('PUT', CONFIGURATION, { MemorySize: 256 });
    expect((await lambda.invoke({})).body).toMatchObject({ events: 1 });
  });

  test.each([
    {
      sentence: 'an error that the handler throws',
      event: { fail: 'no such account' },
      errorType: 'TypeError',
    },
    { sentence: 'a process that exits', event: { exit: 3 }, errorType: 'Runtime.ExitError' },
    {
      sentence: 'an event that takes too long',
      event: { hang: true },
      errorType: 'Sandbox.Timedout',
    },
  ])('reports $sentence as a function error', async ({ event, errorType }) => {
    await lambda.create({ Timeout: 1 });
    const { status, headers, body } = await lambda.invoke(event);
    expect([status, headers['x-amz-function-error'], body.errorType]).toEqual([
      200,
      'Unhandled',
      errorType,
    ]);
    expect(lambda.metrics).toContainEqual(
      expect.objectContaining({
        namespace: 'AWS/Lambda',
        name: 'Errors',
        value: 1,
        dimensions: { FunctionName: 'pay' },
      }),
    );
  });

  test('goes on after a crash', async () => {
    await lambda.create();
    await lambda.invoke({ exit: 1 });
    expect((await lambda.invoke({})).body).toMatchObject({ events: 1 });
  });

  test('is throttled beyond the reserved concurrency', async () => {
    await lambda.create({ Timeout: 1 });
    await lambda.call('PUT', '/2017-10-31/functions/pay/concurrency', {
      ReservedConcurrentExecutions: 1,
    });
    const answers = await Promise.all([
      lambda.invoke({ hang: true }),
      lambda.invoke({ hang: true }),
    ]);
    const throttled = answers.filter(({ status }) => status === 429);
    expect(throttled.map(({ headers }) => headers['x-amzn-errortype'])).toEqual([
      'TooManyRequestsException',
    ]);
    expect(lambda.metrics).toContainEqual(expect.objectContaining({ name: 'Throttles', value: 1 }));
  });

  test('refuses a payload that is no JSON', async () => {
    await lambda.create();
    const { status, headers } = await lambda.invoke('{');
    expect([status, headers['x-amzn-errortype']]).toEqual([400, 'InvalidRequestContentException']);
  });

  test('answers what the function wrote when asked for its log', async () => {
    await lambda.create();
    const { headers } = await lambda.invoke({ say: 'hello auditor' }, { 'x-amz-log-type': 'Tail' });
    const log = Buffer.from(headers['x-amz-log-result'] ?? '', 'base64').toString('utf8');
    expect(log).toMatch(
      /^START RequestId: request-2 [\s\S]*hello auditor[\s\S]*REPORT RequestId: request-2/,
    );
  });

  test('counts the loading of the handler apart, and once', async () => {
    await lambda.create();
    const reports = [];
    for (const event of [{}, {}]) {
      const { headers } = await lambda.invoke(event, { 'x-amz-log-type': 'Tail' });
      const log = Buffer.from(headers['x-amz-log-result'] ?? '', 'base64').toString('utf8');
      const figure = (name: string) =>
        Number(new RegExp(`\\t${name}: (\\S+) ms`).exec(log)?.[1] ?? Number.NaN);
      reports.push({
        duration: figure('Duration'),
        billed: figure('Billed Duration'),
        init: figure('Init Duration'),
      });
    }
    const [cold, warm] = reports;
    expect(cold?.billed).toBe(Math.ceil((cold?.duration ?? 0) + (cold?.init ?? 0)));
    expect(warm).toMatchObject({ billed: Math.ceil(warm?.duration ?? 0), init: Number.NaN });
    const published = lambda.metrics.filter(({ name }) => name === 'Duration');
    expect(published.map(({ value }) => value)).toEqual([cold?.duration, warm?.duration]);
  });

  test('reports the memory of a process that could not load its handler', async () => {
    await lambda.create({ ImageConfig: { Command: ['index.missing'] } });
    const { headers } = await lambda.invoke({}, { 'x-amz-log-type': 'Tail' });
    const tail = Buffer.from(String(headers['x-amz-log-result']), 'base64').toString();
    expect(tail).toMatch(/Max Memory Used: [1-9]\d* MB/);
  });

  test.each([
    {
      sentence: 'what it wrote between START, END and REPORT',
      event: { say: 'one\ntwo' },
      lines: [
        /^START RequestId: request-2 Version: \$LATEST$/,
        /^\S+Z\trequest-2\tINFO\tone\rtwo$/,
        /^END RequestId: request-2$/,
        /^REPORT RequestId: request-2\tDuration: \S+ ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB\tMax Memory Used: [1-9]\d* MB\tInit Duration: \S+ ms$/,
      ],
    },
    {
      sentence: 'the error it threw, with its stack',
      event: { fail: 'no such account' },
      lines: [
        /^START/,
        /\trequest-2\tERROR\tInvoke Error \t\{"errorType":"TypeError","errorMessage":"no such account","stack":\[/,
        /^END/,
        /^REPORT/,
      ],
    },
    {
      sentence: 'that it took too long',
      event: { hang: true },
      lines: [
        /^START/,
        /Z request-2 Task timed out after 1.00 seconds$/,
        /^END/,
        /Status: timeout$/,
      ],
    },
    {
      sentence: 'how its process ended',
      event: { exit: 3 },
      lines: [
        /^START/,
        /^RequestId: request-2 Error: Runtime exited with error: exit status 3$/,
        /^Runtime.ExitError$/,
        /^END/,
        /Status: error\tError Type: Runtime.ExitError$/,
      ],
    },
  ])('leaves in the log of its sandbox $sentence', async ({ event, lines }) => {
    await lambda.create({ Timeout: 1 });
    await lambda.invoke(event);
    const said = () => lambda.logged.flatMap(({ events }) => events.map((e) => e.message));
    while (said().length < lines.length) await new Promise(setImmediate);
    expect(said()).toEqual(lines.map((line) => expect.stringMatching(line)));
    expect(lambda.logged[0]).toMatchObject({
      caller: { kind: 'role', roleArn: ROLE },
      group: '/aws/lambda/pay',
      stream: expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/),
    });
  });

  test('only rehearses a dry run', async () => {
    await lambda.create();
    expect((await lambda.invoke({}, { 'x-amz-invocation-type': 'DryRun' })).status).toBe(204);
    expect(lambda.metrics).toEqual([]);
  });

  test('takes an asynchronous event and runs it afterwards', async () => {
    await lambda.create();
    expect((await lambda.invoke({}, { 'x-amz-invocation-type': 'Event' })).status).toBe(202);
    while (!lambda.metrics.some(({ name }) => name === 'Invocations'))
      await new Promise(setImmediate);
    expect(lambda.metrics).toContainEqual(expect.objectContaining({ name: 'Errors', value: 0 }));
  });

  test('ends what runs in a region that goes down', async () => {
    await lambda.create({ Timeout: 60 });
    const running = lambda.invoke({ say: 'hanging', hang: true });
    while (!lambda.lines.some((line) => line.endsWith('\tINFO\thanging')))
      await new Promise(setImmediate);
    lambda.takeDown();
    expect((await running).body).toMatchObject({ errorType: 'Runtime.ExitError' });
    expect((await lambda.invoke({})).status).toBe(500);
  });
});

describe('a function under faults', () => {
  test('is throttled without running, and counted as throttled', async () => {
    await lambda.create();
    lambda.mishaps.inject({ kind: 'throttle', region: 'us-east-1', resource: 'pay' });
    const { status, headers } = await lambda.invoke({});
    expect([status, headers['x-amzn-errortype']]).toEqual([429, 'TooManyRequestsException']);
    expect(lambda.metrics.map(({ name }) => name)).toEqual(['Throttles']);
  });

  test('is killed in the middle of an event, and starts afresh for the next', async () => {
    await lambda.create({ Timeout: 60 });
    lambda.mishaps.inject({ kind: 'crash', region: 'us-east-1', withinMs: 20 });
    const { headers, body } = await lambda.invoke({ hang: true });
    expect([headers['x-amz-function-error'], body.errorType]).toEqual([
      'Unhandled',
      'Runtime.ExitError',
    ]);
    lambda.mishaps.withdraw({ kind: 'crash', region: 'us-east-1' });
    expect((await lambda.invoke({})).body).toMatchObject({ events: 1 });
  });
});
