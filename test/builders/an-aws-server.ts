/** The whole local AWS in a directory of its own, with the config file that the AWS CLI and boto3 read. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveAws, type AwsServer } from '../../src/local/aws/server.js';
import { systemClock } from '../../src/support/clock.js';
import { silentLog } from '../../src/support/log.js';

export interface TestAwsServer extends AwsServer {
  /** What a program needs to reach it: add to `process.env`. */
  readonly environment: Readonly<Record<string, string>>;
}

export async function anAwsServer(): Promise<TestAwsServer> {
  const directory = await mkdtemp(join(tmpdir(), 'pdr-aws-server-'));
  const server = await serveAws({
    stateDir: join(directory, 'state'),
    port: 0,
    clock: systemClock,
    log: silentLog,
    images: new Map(),
    lambdaRuntimePath: join(directory, 'no-runtime.js'),
  });
  const config = join(directory, 'aws-config');
  await writeFile(config, server.awsConfig);
  return {
    ...server,
    environment: { AWS_CONFIG_FILE: config, AWS_PAGER: '', AWS_EC2_METADATA_DISABLED: 'true' },
    async close() {
      await server.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
