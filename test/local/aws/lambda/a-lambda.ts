/** A Lambda service on a cloud of its own, with one handler whose event says what it shall do. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Clock } from '../../../../src/support/clock.js';
import type { LogSink, MetricDatum, NotificationSink } from '../../../../src/local/aws/cloud.js';
import type { SeededMishaps } from '../../../../src/local/aws/faults/mishaps.js';
import { createLambda } from '../../../../src/local/aws/lambda/service.js';
import { AwsError, type Service, type ServiceRequest } from '../../../../src/local/aws/service.js';
import { aCloud } from '../../../builders/a-cloud.js';
import { createLog } from '../../../../src/support/log.js';

const HANDLER = `
  let events = 0;
  export const handler = async (event, context) => {
    events += 1;
    if (event.say) console.log(event.say);
    if (event.fail) throw new TypeError(event.fail);
    if (event.exit !== undefined) process.exit(event.exit);
    if (event.hang) await new Promise((resolve) => setTimeout(resolve, 60_000));
    return { events, env: process.env[event.env], requestId: context.awsRequestId };
  };
`;

export const ROLE = 'arn:aws:iam::123456789012:role/payment-lambda-role-dev';
export const IMAGE = '123456789012.dkr.ecr.us-east-1.amazonaws.com/payment-processor:1.0.0';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Record<string, unknown>;
}

export interface ALambda {
  readonly service: Service;
  readonly metrics: MetricDatum[];
  /** What the function wrote, a line each. */
  readonly lines: string[];
  /** What went to its log group. */
  readonly logged: Parameters<LogSink['write']>[0][];
  /** What was told to topics. */
  readonly published: Parameters<NotificationSink['publish']>[0][];
  call(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer>;
  create(settings?: Record<string, unknown>): Promise<Answer>;
  invoke(event: unknown, headers?: Record<string, string>): Promise<Answer>;
  readonly mishaps: SeededMishaps;
  takeDown(): void;
  bringUp(): void;
  close(): Promise<void>;
}

export async function aLambda(options: { readonly clock?: Clock } = {}): Promise<ALambda> {
  const directory = await mkdtemp(join(tmpdir(), 'lambda-'));
  const bundle = join(directory, 'index.mjs');
  await writeFile(bundle, HANDLER);
  const lines: string[] = [];
  const logged: ALambda['logged'] = [];
  const published: ALambda['published'] = [];
  const bare = await aCloud({
    ...options,
    directory: join(directory, 'state'),
    log: createLog({
      level: 'debug',
      write: (line) => lines.push((JSON.parse(line) as { message: string }).message),
    }),
  });
  const write: LogSink['write'] = (entry) => Promise.resolve(void logged.push(entry));
  const publish: NotificationSink['publish'] = (message) =>
    Promise.resolve(void published.push(message));
  const cloud = { ...bare, logs: { write }, notifications: { publish } };
  cloud.allow(({ action, resource }) => action !== 'sts:AssumeRole' || resource === ROLE);
  const service = await createLambda(cloud, {
    images: new Map([['payment-processor', bundle]]),
    runtimePath: resolve('dist/lambda-runtime.js'),
    endpointOf: () => 'http://127.0.0.1:1',
  });
  let requests = 0;
  const call = async (
    method: string,
    target: string,
    body?: unknown,
    headers = {},
  ): Promise<Answer> => {
    const [path = '', query = ''] = target.split('?');
    const request: ServiceRequest = {
      id: `request-${++requests}`,
      region: 'us-east-1',
      method,
      path,
      query: new URLSearchParams(query),
      headers,
      body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body ?? {})),
      caller: { kind: 'root', accountId: '123456789012', arn: 'arn:aws:iam::123456789012:root' },
    };
    const answer = await service.answer(request).catch((error: unknown) => {
      if (error instanceof AwsError) return service.answerError(error, request);
      throw error;
    });
    const text = String(answer.body ?? '');
    return {
      status: answer.status,
      headers: answer.headers ?? {},
      body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
    };
  };
  return {
    service,
    metrics: cloud.recorded,
    lines,
    logged,
    published,
    call,
    create: (settings = {}) =>
      call('POST', '/2015-03-31/functions', {
        FunctionName: 'pay',
        PackageType: 'Image',
        Code: { ImageUri: IMAGE },
        Role: ROLE,
        ...settings,
      }),
    invoke: (event, headers) =>
      call('POST', '/2015-03-31/functions/pay/invocations', event, headers),
    mishaps: cloud.mishaps,
    takeDown: () => cloud.network.takeDown('us-east-1'),
    bringUp: () => cloud.network.heal(),
    close: async () => {
      await service.close();
      await cloud.close();
      await rm(directory, { recursive: true });
    },
  };
}
