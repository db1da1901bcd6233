/** A Lambda service on a cloud of its own, with one handler whose event says what it shall do. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Cloud, DurableMap, MetricDatum } from '../../../../src/local/aws/cloud.js';
import { createLambda } from '../../../../src/local/aws/lambda/service.js';
import { AwsError, type Service, type ServiceRequest } from '../../../../src/local/aws/service.js';
import { systemClock } from '../../../../src/support/clock.js';
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
  call(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer>;
  create(settings?: Record<string, unknown>): Promise<Answer>;
  invoke(event: unknown, headers?: Record<string, string>): Promise<Answer>;
  takeDown(): void;
  close(): Promise<void>;
}

export async function aLambda(): Promise<ALambda> {
  const directory = await mkdtemp(join(tmpdir(), 'lambda-'));
  const bundle = join(directory, 'index.mjs');
  await writeFile(bundle, HANDLER);
  const metrics: MetricDatum[] = [];
  const network = new SwitchableNetwork();
  const lines: string[] = [];
  const cloud = aCloud(metrics, network, lines);
  const service = await createLambda(cloud, {
    images: new Map([['payment-processor', bundle]]),
    runtimePath: resolve('dist/lambda-runtime.mjs'),
    endpointOf: () => 'http://127.0.0.1:1',
  });
  let requests = 0;
  const call = async (
    method: string,
    path: string,
    body?: unknown,
    headers = {},
  ): Promise<Answer> => {
    const request: ServiceRequest = {
      id: `request-${++requests}`,
      region: 'us-east-1',
      method,
      path,
      query: new URLSearchParams(),
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
    metrics,
    lines,
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
    takeDown: () => network.takeDown(),
    close: async () => {
      await service.close();
      await rm(directory, { recursive: true });
    },
  };
}

class SwitchableNetwork {
  #isUp = true;
  readonly #handlers = new Set<() => void>();
  isUp = () => this.#isUp;
  isConnected = () => this.#isUp;
  lagMs = () => 0;
  onChange = (handler: () => void) => {
    this.#handlers.add(handler);
    return () => this.#handlers.delete(handler);
  };
  takeDown(): void {
    this.#isUp = false;
    for (const handler of this.#handlers) handler();
  }
}

function aCloud(metrics: MetricDatum[], network: Cloud['network'], lines: string[]): Cloud {
  return {
    accountId: '123456789012',
    clock: systemClock,
    log: createLog({
      level: 'debug',
      write: (line) => lines.push((JSON.parse(line) as { message: string }).message),
    }),
    state: {
      map: () => Promise.resolve(new MapInMemory() as never),
      directory: () => Promise.resolve(tmpdir()),
    },
    network,
    access: {
      allows: () => true,
      authorize: () => undefined,
      assumeForService: (roleArn) => {
        if (roleArn !== ROLE)
          return Promise.reject(new AwsError('AccessDenied', 'no such role', 403));
        return Promise.resolve({
          principal: { kind: 'role', accountId: '123456789012', arn: roleArn, roleArn },
          credentials: {
            accessKeyId: 'ASIA0',
            secretAccessKey: 'secret',
            sessionToken: 'token',
            expiresAtMs: systemClock.now() + 3_600_000,
          },
        });
      },
    },
    metrics: { record: (datum) => metrics.push(datum) },
    notifications: {
      publish: () => Promise.reject(new AwsError('NotFound', 'no topics here', 404)),
    },
  };
}

class MapInMemory<T> implements Omit<DurableMap<T>, never> {
  readonly #map = new Map<string, T>();
  get size() {
    return this.#map.size;
  }
  get = (key: string) => this.#map.get(key);
  has = (key: string) => this.#map.has(key);
  keys = () => this.#map.keys();
  values = () => this.#map.values();
  entries = () => this.#map.entries();
  forEach: ReadonlyMap<string, T>['forEach'] = (callback) => {
    this.#map.forEach(callback);
  };
  [Symbol.iterator] = () => this.#map[Symbol.iterator]();
  set(key: string, value: T): Promise<void> {
    this.#map.set(key, value);
    return Promise.resolve();
  }
  delete(key: string): Promise<void> {
    this.#map.delete(key);
    return Promise.resolve();
  }
}
