/**
 * The arena: local AWS with everything that a claim makes in it, through the same definition, Crossplane and provider as anywhere.
 *
 * Once the claim is Ready the control plane is stopped: payments must not need it. Many runs can follow each other in one
 * arena, told apart by their transactions' prefix.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LambdaClient, UpdateFunctionCodeCommand } from '@aws-sdk/client-lambda';
import { applyObject, installDefinition } from '../../src/cli/platform/definition-files.js';
import { localProviderConfigs } from '../../src/cli/platform/local-provider-configs.js';
import { HANDLER_BUNDLE, LAMBDA_RUNTIME, PACKAGE_DIR } from '../../src/cli/platform/paths.js';
import { startPlatform } from '../../src/cli/platform/platform.js';
import { until } from '../../src/cli/demonstration/wait.js';
import { DEFAULT_LAG_MS } from '../../src/local/aws/faults/region-network.js';
import { serveAws, type AwsServer, type Faults } from '../../src/local/aws/server.js';
import { awsNames } from '../../src/model/names.js';
import { SITES, type Site } from '../../src/model/regions.js';
import type { Clock } from '../../src/support/clock.js';
import { KubernetesClient } from '../../src/support/kubernetes/client.js';
import { isConditionTrue, type KubernetesObject } from '../../src/support/kubernetes/objects.js';
import { silentLog } from '../../src/support/log.js';
import type { LogSource } from './function-log.js';
import { ADDRESS, OnCall } from './oncall.js';
import { Region } from './region.js';

export type Consistency = 'eventual' | 'strong';

export interface ArenaOptions {
  readonly clock: Clock;
  /** @default eventual */
  readonly consistency?: Consistency;
  /** Handlers to be tested, by name: a name → the bundle's path. `installHandler` takes one of them. */
  readonly handlers?: Readonly<Record<string, string>>;
}

export interface Arena {
  readonly regions: readonly [Region, Region];
  /** Of a table in the strong mode. */
  readonly witness?: string;
  /** Where the functions log. */
  readonly logs: readonly LogSource[];
  /** Who is told of what is given up. */
  readonly onCall: OnCall;
  readonly faults: Faults;
  readonly consistency: Consistency;
  /** How long replication takes without faults. */
  readonly lagMs: number;
  /** How long an invocation can run at most. */
  readonly functionTimeoutMs: number;
  /** From now on both functions run this one of the `handlers`. */
  installHandler(name: string): Promise<void>;
  close(): Promise<void>;
}

const SUFFIX = 'torture';
const REGISTRY = '123456789012';
const REGION_NAMES: Readonly<Record<Site, string>> = {
  primary: 'us-east-1',
  secondary: 'us-west-2',
};
const WITNESS = 'us-east-2';
const FUNCTION_TIMEOUT_SECONDS = 10;
/** How much longer than its function a client waits. */
const CLIENT_MARGIN_MS = 1000;
/** The image that the claim names. */
const REPOSITORY = 'payment-processor';
const CLAIM = { namespace: 'default', name: SUFFIX };
const READY_PATIENCE_MS = 300_000;
/** In AWS minutes, of which no run lasts many. */
const EVENT_PAUSES = { errorsMs: [50, 100], throttlesMs: [50, 800] } as const;

export async function openArena(options: ArenaOptions): Promise<Arena> {
  const { clock, consistency = 'eventual', handlers = {} } = options;
  const directory = await mkdtemp(join(tmpdir(), 'payments-dr-torture-'));
  const removeState = () => rm(directory, { recursive: true, force: true });
  const aws = await serveAws({
    stateDir: join(directory, 'aws'),
    port: 0,
    clock,
    log: silentLog,
    images: new Map([[REPOSITORY, HANDLER_BUNDLE], ...Object.entries(handlers)]),
    lambdaRuntimePath: LAMBDA_RUNTIME,
    eventPauses: EVENT_PAUSES,
  });
  const onCall = new OnCall(aws.url);
  try {
    await makeService(aws, join(directory, 'control-plane'), { clock, consistency });
    await onCall.confirmSubscriptions();
  } catch (error) {
    await aws.close();
    await removeState();
    throw error;
  }
  const regions = [regionOf(aws, 'primary'), regionOf(aws, 'secondary')] as const;
  return {
    regions,
    ...(consistency === 'strong' ? { witness: WITNESS } : {}),
    logs: SITES.map((site) => logOf(aws, site)),
    onCall,
    faults: aws.faults,
    consistency,
    lagMs: DEFAULT_LAG_MS,
    functionTimeoutMs: FUNCTION_TIMEOUT_SECONDS * 1000,
    installHandler: async (name) => {
      for (const site of SITES) await replaceCode(aws, site, name);
    },
    close: async () => {
      for (const region of regions) region.close();
      await aws.close();
      await removeState();
    },
  };
}

/** Where a plan can send payments, and what it can make fail. */
export function placesOf({ regions: [one, other], witness }: Arena) {
  const regions = [one.name, other.name] as const;
  return witness === undefined ? { regions } : { regions, witness };
}

/** Applies a claim by way of the whole control plane, which is gone again afterwards. */
async function makeService(
  aws: AwsServer,
  stateDir: string,
  { clock, consistency }: { readonly clock: Clock; readonly consistency: Consistency },
): Promise<void> {
  const platform = await startPlatform({
    parts: new Set(['kubernetes', 'crossplane', 'provider-aws'] as const),
    stateDir,
    kubernetesPort: 0,
    awsEndpoint: aws.url,
    clock,
    log: silentLog,
  });
  try {
    if (platform.kubeConfig === undefined) throw new TypeError('there is no cluster');
    const client = new KubernetesClient(platform.kubeConfig);
    try {
      await installDefinition({
        client,
        clock,
        packageDir: PACKAGE_DIR,
        withProviders: true,
        ownsCluster: true,
      });
      for (const object of localProviderConfigs(aws)) await applyObject(client, object);
      const claim = claimOf(consistency);
      await applyObject(client, claim);
      const type = await client.resourceType(claim.apiVersion, claim.kind);
      const isReady = async () => {
        const current = await client.read(type, CLAIM);
        return current !== undefined && isConditionTrue(current, 'Ready') ? true : undefined;
      };
      await until(clock, `claim ${CLAIM.name}`, isReady, READY_PATIENCE_MS);
    } finally {
      client.close();
    }
  } finally {
    await platform.close();
  }
}

function claimOf(consistency: Consistency): KubernetesObject {
  return {
    apiVersion: 'payments.example.org/v1alpha1',
    kind: 'PaymentsDR',
    metadata: CLAIM,
    spec: {
      environmentSuffix: SUFFIX,
      consistency,
      regions: consistency === 'strong' ? { ...REGION_NAMES, witness: WITNESS } : REGION_NAMES,
      handler: {
        image: { registryId: REGISTRY, repository: REPOSITORY, tag: 'torture' },
        timeoutSeconds: FUNCTION_TIMEOUT_SECONDS,
      },
      notifications: { email: ADDRESS },
    },
  };
}

function urlOf({ regionUrls }: AwsServer, region: string): string {
  const url = regionUrls.get(region);
  if (url === undefined) throw new RangeError(`the local AWS has no region ${region}`);
  return url;
}

function logOf(aws: AwsServer, site: Site): LogSource {
  const region = REGION_NAMES[site];
  const { credentials } = aws;
  const functionName = awsNames({ environmentSuffix: SUFFIX }).function[site];
  return { region, url: urlOf(aws, region), credentials, functionName };
}

function regionOf(aws: AwsServer, site: Site): Region {
  const name = REGION_NAMES[site];
  const names = awsNames({ environmentSuffix: SUFFIX });
  const requestTimeoutMs = FUNCTION_TIMEOUT_SECONDS * 1000 + CLIENT_MARGIN_MS;
  return new Region(
    name,
    {
      functionName: names.function[site],
      tableName: names.table,
      bucketName: names.bucket[site],
    },
    { url: urlOf(aws, name), credentials: aws.credentials, requestTimeoutMs },
  );
}

async function replaceCode(
  { url, credentials }: AwsServer,
  site: Site,
  repository: string,
): Promise<void> {
  const region = REGION_NAMES[site];
  const lambda = new LambdaClient({ region, endpoint: url, credentials });
  await lambda.send(
    new UpdateFunctionCodeCommand({
      FunctionName: awsNames({ environmentSuffix: SUFFIX }).function[site],
      ImageUri: `${REGISTRY}.dkr.ecr.${region}.amazonaws.com/${repository}:torture`,
    }),
  );
  lambda.destroy();
}
