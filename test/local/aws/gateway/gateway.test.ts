import { Sha256 } from '@aws-crypto/sha256-js';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SignatureV4 } from '@smithy/signature-v4';

import { anAws, type AnAws, type Keys } from '../an-aws.js';

interface Signing {
  readonly keys?: Keys;
  readonly service?: string;
  readonly region?: string;
  readonly at?: number;
  readonly url?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

describe('the gateway', () => {
  let aws: AnAws;

  beforeAll(async () => {
    aws = await anAws();
  });
  afterAll(() => aws.stop());

  async function sign({
    keys,
    service = 'sts',
    region = 'us-west-2',
    at = Date.now(),
    ...rest
  }: Signing) {
    const url = new URL(rest.url ?? aws.regionUrls.get(region) ?? '');
    const signer = new SignatureV4({
      credentials: keys ?? aws.credentials,
      region,
      service,
      sha256: Sha256,
      uriEscapePath: service !== 's3',
    });
    const body = rest.body ?? 'Action=GetCallerIdentity&Version=2011-06-15';
    const request = {
      method: 'POST',
      protocol: 'http:',
      hostname: url.hostname,
      port: Number(url.port),
      path: '/',
      query: {},
      headers: {
        host: url.host,
        'content-type': 'application/x-www-form-urlencoded',
        ...rest.headers,
      },
      body,
    };
    const signed = await signer.sign(request, { signingDate: new Date(at) });
    return { url, init: { method: 'POST', headers: signed.headers, body } };
  }

  async function send(
    signing: Signing,
    change: (init: { headers: Record<string, string>; body: string }) => void = () => undefined,
  ) {
    const { url, init } = await sign(signing);
    change(init);
    const { host: _host, ...headers } = init.headers;
    const response = await fetch(url, { ...init, headers });
    return { status: response.status, text: await response.text() };
  }

  test("answers a call signed with the administrator's keys", async () => {
    await expect(send({})).resolves.toMatchObject({ status: 200 });
  });

  test('takes the region of a call from its signature at the address of all regions', async () => {
    const { text } = await send({
      url: aws.url,
      service: 'sns',
      region: 'eu-west-3',
      body: 'Action=CreateTopic&Version=2010-03-31&Name=here',
    });
    expect(text).toContain('arn:aws:sns:eu-west-3:123456789012:here');
  });

  test.each([
    {
      sentence: 'a wrong secret key',
      signing: { keys: { accessKeyId: '', secretAccessKey: 'wrong' } },
      code: 'SignatureDoesNotMatch',
      status: 403,
    },
    {
      sentence: 'a signature of twenty minutes ago',
      signing: { at: Date.now() - 20 * 60_000 },
      code: 'SignatureDoesNotMatch',
      status: 403,
    },
    {
      sentence: 'a signature of the future',
      signing: { at: Date.now() + 20 * 60_000 },
      code: 'SignatureDoesNotMatch',
      status: 403,
    },
    {
      sentence: 'a token this AWS never gave',
      signing: { keys: { accessKeyId: '', secretAccessKey: 's', sessionToken: 'AAAA'.repeat(40) } },
      code: 'InvalidClientTokenId',
      status: 403,
    },
    {
      sentence: "a region's address for another region",
      signing: { service: 'sns', url: 'elsewhere' },
      code: 'SignatureDoesNotMatch',
      status: 403,
    },
    {
      sentence: 'a service that is not here',
      signing: { service: 'kms' },
      code: 'UnsupportedServiceException',
      status: 400,
    },
  ] as { sentence: string; signing: Signing; code: string; status: number }[])(
    'refuses $sentence',
    async ({ signing, code, status }) => {
      const accessKeyId = aws.credentials.accessKeyId;
      const url = signing.url === 'elsewhere' ? aws.regionUrls.get('us-east-1') : signing.url;
      const answer = await send({
        ...signing,
        ...(url !== undefined && { url }),
        ...(signing.keys && { keys: { ...signing.keys, accessKeyId } }),
      });
      expect(answer.status).toBe(status);
      expect(answer.text).toContain(code);
    },
  );

  test.each([
    {
      sentence: 'of keys that nobody has',
      signing: { keys: { accessKeyId: 'AKIAUNKNOWN', secretAccessKey: 's' } },
      status: 403,
      code: 'InvalidAccessKeyId',
      message: 'The AWS Access Key Id you provided does not exist in our records.',
    },
    {
      sentence: 'of a wrong secret key',
      signing: { keys: { accessKeyId: '', secretAccessKey: 'wrong' } },
      status: 403,
      code: 'SignatureDoesNotMatch',
      message:
        'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    },
    {
      sentence: 'of a token that it never gave',
      signing: { keys: { accessKeyId: '', secretAccessKey: 's', sessionToken: 'AAAA'.repeat(40) } },
      status: 400,
      code: 'InvalidToken',
      message: 'The provided token is malformed or otherwise invalid.',
    },
    {
      sentence: 'of another time',
      signing: { at: Date.now() - 20 * 60_000 },
      status: 403,
      code: 'RequestTimeTooSkewed',
      message: 'The difference between the request time and the current time is too large.',
    },
  ])(
    'refuses a signature $sentence in the words of S3, for S3',
    async ({ signing, status, code, message }) => {
      const { keys, ...rest } = { keys: undefined, ...signing };
      const accessKeyId = aws.credentials.accessKeyId;
      const answer = await send({
        ...rest,
        ...(keys && { keys: { ...keys, accessKeyId: keys.accessKeyId || accessKeyId } }),
        service: 's3',
        headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
      });
      expect(answer.status).toBe(status);
      expect(answer.text).toContain(`<Code>${code}</Code><Message>${message}</Message>`);
    },
  );

  test('refuses an access key it does not know', async () => {
    const keys = { accessKeyId: 'AKIAUNKNOWN', secretAccessKey: aws.credentials.secretAccessKey };
    const { text } = await send({ keys });
    expect(text).toContain('<Code>InvalidClientTokenId</Code>');
  });

  test.each([
    {
      what: 'body',
      change: (init: { body: string }) => {
        init.body += '&X=1';
      },
    },
    {
      what: 'signed header',
      change: (init: { headers: Record<string, string> }) =>
        void Object.assign(init.headers, { 'content-type': 'text/plain' }),
    },
  ])('refuses a call whose $what was changed after it was signed', async ({ change }) => {
    const { text } = await send({}, change);
    expect(text).toContain('<Code>SignatureDoesNotMatch</Code>');
  });

  test('refuses a call without a signature', async () => {
    const body = 'Action=ListTopics&Version=2010-03-31';
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const response = await fetch(aws.url, { method: 'POST', headers, body });
    expect(response.status).toBe(403);
  });

  test('refuses a header of another kind of authorization rather than take the caller for anonymous', async () => {
    const response = await fetch(`${aws.url}/bucket/key`, {
      headers: { authorization: 'AWS a:b' },
    });
    expect(await response.text()).toContain('Please use AWS4-HMAC-SHA256');
  });

  test('says what it is when the body is too large, and goes on', async () => {
    const body = 'a'.repeat(17 * 1024 * 1024);
    await expect(send({ body })).resolves.toMatchObject({ status: 413 });
    await expect(send({})).resolves.toMatchObject({ status: 200 });
  });

  test.each([
    { given: '604801', says: 'X-Amz-Expires must be less than a week' },
    { given: '-1', says: 'X-Amz-Expires must be non-negative' },
    { given: 'soon', says: 'X-Amz-Expires must be a number' },
  ])('refuses a link to an object that holds for $given seconds', async ({ given, says }) => {
    const query = new URLSearchParams({
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Credential': `${aws.credentials.accessKeyId}/20260101/us-west-2/s3/aws4_request`,
      'X-Amz-Date': '20260101T000000Z',
      'X-Amz-Expires': given,
      'X-Amz-SignedHeaders': 'host',
      'X-Amz-Signature': '00',
    });
    const answer = await fetch(
      `${aws.regionUrls.get('us-west-2') ?? ''}/bucket/key?${query.toString()}`,
    );
    expect(answer.status).toBe(400);
    const text = await answer.text();
    expect(text).toContain('<Code>AuthorizationQueryParametersError</Code>');
    expect(text).toContain(says);
  });

  test('drops every call to a region that is down, and answers again after', async () => {
    const client = new STSClient(aws.clientOptions('eu-north-1'));
    await aws.faults.takeDown('eu-north-1');
    await expect(client.send(new GetCallerIdentityCommand({}))).rejects.toThrow('ECONNREFUSED');
    await expect(send({ url: aws.url, region: 'eu-north-1' })).rejects.toThrow('fetch failed');
    await expect(send({ url: aws.url })).resolves.toMatchObject({ status: 200 });
    await aws.faults.bringUp('eu-north-1');
    await expect(client.send(new GetCallerIdentityCommand({}))).resolves.toMatchObject({
      Account: '123456789012',
    });
    client.destroy();
  });

  test('loses IAM with its home region, but not the sessions and decisions of others', async () => {
    const iam = { url: aws.url, service: 'iam', body: 'Action=ListRoles&Version=2010-05-08' };
    await aws.faults.takeDown('us-east-1');
    await expect(send(iam)).rejects.toThrow('fetch failed');
    await expect(send({ url: aws.url })).resolves.toMatchObject({ status: 200 });
    await aws.faults.bringUp('us-east-1');
    await expect(send(iam)).resolves.toMatchObject({ status: 200 });
  });
});

describe('the addresses', () => {
  test('and the keys are the same after a restart', async () => {
    const first = await anAws();
    await first.close();
    const second = await anAws({ stateDir: first.stateDir });
    expect(second.awsConfig).toBe(first.awsConfig);
    expect(second.url).toBe(first.url);
    await second.stop();
  });

  test('are in the shared config, a profile for each region', async () => {
    const aws = await anAws();
    const profile = aws.awsConfig
      .split('\n\n')
      .find((text) => text.startsWith('[profile ap-south-1]'));
    expect(profile?.split('\n')).toEqual(
      expect.arrayContaining([
        'region = ap-south-1',
        `endpoint_url = ${aws.regionUrls.get('ap-south-1') ?? ''}`,
      ]),
    );
    await aws.stop();
  });

  test('are refused with PDR1002 where the port is taken', async () => {
    const aws = await anAws();
    const port = Number(new URL(aws.url).port);
    const { serveAws } = await import('../../../../src/local/aws/server.js');
    const { systemClock } = await import('../../../../src/support/clock.js');
    const { silentLog } = await import('../../../../src/support/log.js');
    const options = {
      port,
      clock: systemClock,
      log: silentLog,
      images: new Map<string, string>(),
      lambdaRuntimePath: '',
    };
    await expect(serveAws({ ...options, stateDir: `${aws.stateDir}-other` })).rejects.toMatchObject(
      { code: 'PDR1002' },
    );
    // What the failed start had opened is closed: the state can be used.
    await (await anAws({ stateDir: `${aws.stateDir}-other` })).stop();
    await aws.stop();
  });
});
