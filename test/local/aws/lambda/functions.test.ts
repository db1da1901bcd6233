import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { aLambda, IMAGE, type ALambda } from './a-lambda.js';

const FUNCTIONS = '/2015-03-31/functions';

let lambda: ALambda;
beforeEach(async () => {
  lambda = await aLambda();
});
afterEach(() => lambda.close());

describe('creating a function', () => {
  test('answers its configuration, Pending until the image is optimised', async () => {
    const { status, body } = await lambda.create({ MemorySize: 512, Timeout: 30 });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      FunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:pay',
      State: 'Pending',
      MemorySize: 512,
      Timeout: 30,
      PackageType: 'Image',
    });
  });

  test.each([
    {
      sentence: 'whose image is in another region',
      settings: { Code: { ImageUri: IMAGE.replace('us-east-1', 'us-west-2') } },
    },
    {
      sentence: 'whose repository has no bundle',
      settings: { Code: { ImageUri: IMAGE.replace('payment-processor', 'other') } },
    },
    {
      sentence: 'whose image has neither tag nor digest',
      settings: { Code: { ImageUri: IMAGE.replace(':1.0.0', '') } },
    },
    { sentence: 'from a Zip package', settings: { PackageType: 'Zip', Code: { ZipFile: 'UEs=' } } },
    {
      sentence: 'whose role cannot be assumed',
      settings: { Role: 'arn:aws:iam::123456789012:role/other' },
    },
    {
      sentence: 'with less memory than Lambda has',
      settings: { MemorySize: 127 },
      code: 'ValidationException',
    },
    {
      sentence: 'with a longer timeout than Lambda has',
      settings: { Timeout: 901 },
      code: 'ValidationException',
    },
    { sentence: 'with a version to publish', settings: { Publish: true } },
    { sentence: 'with a tag that AWS keeps for itself', settings: { Tags: { 'aws:team': 'x' } } },
    { sentence: 'with tracing of an unknown mode', settings: { TracingConfig: { Mode: 'Some' } } },
    { sentence: 'with two architectures', settings: { Architectures: ['x86_64', 'arm64'] } },
    {
      sentence: 'with a reserved variable',
      settings: { Environment: { Variables: { AWS_REGION: 'eu-west-1' } } },
    },
    {
      sentence: 'with a setting that is not supported',
      settings: { VpcConfig: { SubnetIds: ['subnet-1'] } },
    },
  ])('$sentence is refused', async ({ settings, code = 'InvalidParameterValueException' }) => {
    const { status, headers } = await lambda.create(settings);
    expect([status, headers['x-amzn-errortype']]).toEqual([400, code]);
    expect((await lambda.call('GET', `${FUNCTIONS}/pay`)).status).toBe(404);
  });

  test('twice under one name is a conflict', async () => {
    await lambda.create();
    const { status, headers } = await lambda.create();
    expect([status, headers['x-amzn-errortype']]).toEqual([409, 'ResourceConflictException']);
  });
});

describe('a function', () => {
  test('is found by name and by ARN', async () => {
    const { body } = await lambda.create();
    for (const name of ['pay', String(body.FunctionArn), `${String(body.FunctionArn)}:$LATEST`]) {
      const found = await lambda.call(
        'GET',
        `${FUNCTIONS}/${encodeURIComponent(name)}/configuration`,
      );
      expect(found.body).toMatchObject({ FunctionName: 'pay' });
    }
  });

  test.each(['pay:prod', 'arn:aws:lambda:us-west-2:123456789012:function:pay'])(
    'is not found as %s',
    async (name) => {
      await lambda.create();
      const { status } = await lambda.call('GET', `${FUNCTIONS}/${encodeURIComponent(name)}`);
      expect(status).toBe(404);
    },
  );

  test('is gone once deleted', async () => {
    await lambda.create();
    expect((await lambda.call('DELETE', `${FUNCTIONS}/pay`)).status).toBe(204);
    expect((await lambda.call('GET', `${FUNCTIONS}/pay`)).status).toBe(404);
  });

  test('is not deleted with its only version', async () => {
    await lambda.create();
    const deleted = await lambda.call('DELETE', `${FUNCTIONS}/pay?Qualifier=$LATEST`);
    expect(deleted.status).toBe(400);
    expect((await lambda.call('GET', `${FUNCTIONS}/pay`)).status).toBe(200);
  });

  test('keeps no more concurrency to itself than the account has', async () => {
    await lambda.create();
    const reserve = (ReservedConcurrentExecutions: number) =>
      lambda.call('PUT', '/2017-10-31/functions/pay/concurrency', { ReservedConcurrentExecutions });
    expect((await reserve(11)).status).toBe(400);
    expect((await reserve(4)).status).toBe(200);
    const settings = await lambda.call('GET', '/2016-08-19/account-settings');
    expect(settings.body.AccountLimit).toMatchObject({
      ConcurrentExecutions: 10,
      UnreservedConcurrentExecutions: 6,
    });
  });

  test.each([
    { path: 'FunctionVersion=SOME', status: 400 },
    { path: 'MaxItems=0', status: 400 },
    { path: 'Marker=zzz', status: 400 },
    { path: 'FunctionVersion=ALL&MaxItems=1', status: 200 },
  ])('is listed by $path with $status', async ({ path, status }) => {
    await lambda.create();
    expect((await lambda.call('GET', `${FUNCTIONS}?${path}`)).status).toBe(status);
  });

  test.each([
    { path: '/2015-03-31/functions/pay/aliases', status: 200 },
    { path: '/2015-03-31/functions/pay/aliases/live', status: 404 },
    { path: '/2015-03-31/event-source-mappings', status: 200 },
    { path: '/2021-10-31/functions/pay/urls', status: 200 },
    { path: '/2021-10-31/functions/pay/url', status: 404 },
    { path: '/2019-09-30/functions/pay/provisioned-concurrency?List=ALL', status: 200 },
    { path: '/2019-09-30/functions/pay/provisioned-concurrency?Qualifier=$LATEST', status: 404 },
    { path: '/2019-09-25/functions/pay/event-invoke-config/list', status: 200 },
  ])('has nothing at $path, and says so with $status', async ({ path, status }) => {
    await lambda.create();
    const read = await lambda.call('GET', path);
    expect(read.status).toBe(status);
    expect(read.headers['x-amzn-errortype']).not.toBe('UnknownOperationException');
    expect(Object.values(read.body).filter(Array.isArray)).toEqual(status === 200 ? [[]] : []);
  });

  test('has its treatment of events put as a whole, and updated in part', async () => {
    await lambda.create();
    const path = '/2019-09-25/functions/pay/event-invoke-config';
    expect((await lambda.call('POST', path, { MaximumRetryAttempts: 0 })).status).toBe(404);
    await lambda.call('PUT', path, { MaximumRetryAttempts: 1, MaximumEventAgeInSeconds: 60 });
    const updated = await lambda.call('POST', path, { MaximumRetryAttempts: 0 });
    expect(updated.body).toMatchObject({ MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 });
    const put = await lambda.call('PUT', path, { MaximumRetryAttempts: 0 });
    expect(put.body).toMatchObject({ MaximumEventAgeInSeconds: 21_600 });
  });

  test('takes fifty tags, however they come', async () => {
    const tags = (from: number, count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`tag-${from + i}`, 'x']));
    const { body } = await lambda.create({ Tags: tags(0, 30) });
    const path = `/2017-03-31/tags/${encodeURIComponent(String(body.FunctionArn))}`;
    expect((await lambda.call('POST', path, { Tags: tags(30, 21) })).status).toBe(400);
    expect((await lambda.call('POST', path, { Tags: tags(30, 20) })).status).toBe(204);
  });

  test('keeps, adds and removes tags', async () => {
    const { body } = await lambda.create({ Tags: { team: 'payments' } });
    const path = `/2017-03-31/tags/${encodeURIComponent(String(body.FunctionArn))}`;
    await lambda.call('POST', path, { Tags: { stage: 'dev' } });
    expect((await lambda.call('GET', path)).body).toEqual({
      Tags: { team: 'payments', stage: 'dev' },
    });
  });

  test.each([
    { header: 'x-amz-invocation-type', value: 'Some', code: 'ValidationException' },
    { header: 'x-amz-log-type', value: 'Some', code: 'ValidationException' },
    { header: 'x-amz-client-context', value: 'e30=', code: 'InvalidParameterValueException' },
  ])('is not called with $header of $value', async ({ header, value, code }) => {
    await lambda.create();
    const { status, headers } = await lambda.invoke({}, { [header]: value });
    expect([status, headers['x-amzn-errortype']]).toEqual([400, code]);
  });

  test('an operation that is not there is refused by its path', async () => {
    const { status, headers } = await lambda.call('GET', '/2018-10-31/layers');
    expect([status, headers['x-amzn-errortype']]).toEqual([404, 'UnknownOperationException']);
  });
});
