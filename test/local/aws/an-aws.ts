/** The whole local AWS, for tests that talk to it as clients do. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { serveAws, type AwsServer } from '../../../src/local/aws/server.js';
import { systemClock, type Clock } from '../../../src/support/clock.js';
import { silentLog } from '../../../src/support/log.js';

export interface AnAws extends AwsServer {
  readonly stateDir: string;
  /** What every SDK client takes to talk to a region. */
  clientOptions(region: string, credentials?: Keys): ClientOptions;
  /** Closes it and removes its state. */
  stop(): Promise<void>;
}

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

interface ClientOptions {
  readonly region: string;
  readonly endpoint: string;
  readonly credentials: Keys;
  readonly maxAttempts: number;
}

interface AnAwsOptions {
  readonly clock?: Clock;
  readonly stateDir?: string;
  /** The bundle that the image `payment-processor` stands for; it runs in the built runtime. */
  readonly bundle?: string;
}

export async function anAws(options: AnAwsOptions = {}): Promise<AnAws> {
  const stateDir = options.stateDir ?? (await mkdtemp(join(tmpdir(), 'pdr-aws-')));
  const server = await serveAws({
    stateDir,
    port: 0,
    clock: options.clock ?? systemClock,
    log: silentLog,
    images: new Map(options.bundle === undefined ? [] : [['payment-processor', options.bundle]]),
    lambdaRuntimePath: resolve('dist/lambda-runtime.js'),
  });
  return {
    ...server,
    stateDir,
    clientOptions: (region, credentials = server.credentials) => ({
      region,
      endpoint: server.regionUrls.get(region) ?? '',
      credentials,
      maxAttempts: 1,
    }),
    stop: async () => {
      await server.close();
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}

export const ACCOUNT = '123456789012';

/** A trust or identity policy of one statement. */
export function policy(...statements: readonly object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}
