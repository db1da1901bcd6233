/** An AWS for the provider's calls: the local one, or moto, which nobody here wrote. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveAws, type AwsServer, type AwsServerOptions } from '../../../src/local/aws/server.js';
import { systemClock } from '../../../src/support/clock.js';
import { silentLog } from '../../../src/support/log.js';
import { startMoto } from './moto.js';

export interface AnAws {
  readonly url: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  stop(): Promise<void>;
}

/** Functions can be created, not invoked: there is no runtime for them. */
export async function theLocalAws(
  options: Partial<Pick<AwsServerOptions, 'clock' | 'sourceTableHoldMs'>> = {},
): Promise<AnAws & Pick<AwsServer, 'faults'>> {
  const stateDir = await mkdtemp(join(tmpdir(), 'provider-aws-'));
  const bundle = join(stateDir, 'bundle.mjs');
  await writeFile(bundle, 'export const handler = () => ({});');
  const server = await serveAws({
    stateDir,
    port: 0,
    clock: systemClock,
    log: silentLog,
    images: new Map([['payment-processor', bundle]]),
    lambdaRuntimePath: join(stateDir, 'runtime.mjs'),
    ...options,
  });
  return {
    url: server.url,
    credentials: server.credentials,
    faults: server.faults,
    stop: async () => {
      await server.close();
      await rm(stateDir, { recursive: true });
    },
  };
}

export async function moto(): Promise<AnAws> {
  const server = await startMoto();
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
  return { url: server.url, credentials, stop: () => server.stop() };
}
