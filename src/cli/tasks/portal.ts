/** What `payments-dr portal` does: serves the portal until it is stopped. */
import { readFile } from 'node:fs/promises';
import { setFlagsFromString } from 'node:v8';
import { servePortal } from '../../portal/server.js';
import { systemClock } from '../../support/clock.js';
import { PdrError } from '../../support/errors.js';
import { createLog } from '../../support/log.js';
import { readKubeConfig } from '../platform/kube-config.js';
import type { ServeOptions } from '../platform/options.js';
import { untilStopped } from '../platform/signals.js';
import { PAGE_DIR } from '../portal/local-portal.js';

export interface PortalOptions extends Pick<
  ServeOptions,
  'kubeconfig' | 'port' | 'logLevel' | 'awsEndpoint'
> {
  readonly host: string;
  readonly sessionKeyFile?: string;
  readonly awsMetrics?: boolean;
  readonly testPayments?: boolean;
}

/** CloudWatch charges for what it is asked. */
const POLL_MS = 30_000;

/**
 * The young generation keeps its size. V8 lets it grow to 48 MiB for a program that makes much garbage, as a server of many
 * pages does, to save a processor time of which the portal needs little: half as much memory would then be garbage.
 */
const V8_FLAGS = '--semi-space-growth-factor=1';

export async function portal(options: PortalOptions): Promise<void> {
  setFlagsFromString(V8_FLAGS);
  const stopped = untilStopped();
  const { awsMetrics = false, testPayments = false, awsEndpoint, sessionKeyFile } = options;
  const serving = await servePortal({
    kubeConfig: readKubeConfig(options.kubeconfig),
    pageDir: PAGE_DIR,
    port: options.port ?? 0,
    host: options.host,
    ...(sessionKeyFile === undefined ? {} : { sessionKey: await readSessionKey(sessionKeyFile) }),
    ...(awsMetrics || testPayments
      ? {
          aws: {
            metrics: awsMetrics,
            payments: testPayments,
            pollMs: POLL_MS,
            configOf: (region) => ({
              region,
              ...(awsEndpoint === undefined ? {} : { endpoint: awsEndpoint }),
            }),
          },
        }
      : {}),
    clock: systemClock,
    log: createLog({ level: options.logLevel, part: 'portal' }),
  });
  process.stdout.write(`ready portal=${serving.url}\n`);
  await stopped;
  await serving.close();
}

async function readSessionKey(path: string): Promise<Buffer> {
  const unusable = (detail: string, cause?: unknown) =>
    new PdrError('PDR1006', { subject: `--session-key-file ${path}`, detail, cause });
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw unusable(cause instanceof Error ? cause.message : String(cause), cause);
  });
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length === 32) return key;
  throw unusable('it has to hold 32 bytes in base64, such as openssl rand -base64 32 makes');
}
