/**
 * The local AWS: one gateway for all regions and one endpoint per region, all on 127.0.0.1.
 *
 * This file puts it together: state, network, access and sinks make the `Cloud`; the services stand on it; the gateway
 * stands before them.
 */
import type { RequestListener } from 'node:http';

import type { Clock } from '../../support/clock.js';
import type { Log } from '../../support/log.js';
import { ADMIN_PATH, AdminApi } from './admin/admin-api.js';
import type { Cloud } from './cloud.js';
import { MetricStore } from './cloudwatch/metrics/metric-store.js';
import { createCloudWatch } from './cloudwatch/service.js';
import { createDynamoDb } from './dynamodb/service.js';
import { SeededMishaps } from './faults/mishaps.js';
import { RegionClocks } from './faults/region-clocks.js';
import { createFaults, type Faults } from './faults/region-faults.js';
import { RegionNetwork } from './faults/region-network.js';
import { Addresses } from './gateway/addresses.js';
import { writeAwsConfig } from './gateway/aws-config.js';
import { Gateway } from './gateway/gateway.js';
import { Directory } from './iam/directory.js';
import { KeyRing } from './iam/key-ring.js';
import { RoleAccess } from './iam/role-access.js';
import { createIam } from './iam/service.js';
import type { EventPauses } from './lambda/event-queue.js';
import { createLambda } from './lambda/service.js';
import { LogStore } from './logs/log-store.js';
import { LogWriter } from './logs/log-writer.js';
import { createLogs } from './logs/service.js';
import { createS3 } from './s3/service.js';
import type { Service } from './service.js';
import { createSns, openSns } from './sns/service.js';
import { QueueSender } from './sqs/queue-sender.js';
import { QueueStore } from './sqs/queue-store.js';
import { createSqs } from './sqs/service.js';
import { createSts } from './sts/service.js';
import { DurableState } from './state/durable-state.js';

/** The one account of this AWS. */
export const ACCOUNT_ID = '123456789012';

export interface AwsServerOptions {
  readonly stateDir: string;
  /** The gateway's port; 0 takes any free one. Region endpoints always take free ones. */
  readonly port: number;
  readonly clock: Clock;
  readonly log: Log;
  /** What an ECR repository's image stands for here: the repository's name → the handler bundle's path. */
  readonly images: ReadonlyMap<string, string>;
  /** The built `lambda/runtime.ts`, under which functions run. */
  readonly lambdaRuntimePath: string;
  /** Which calls the faults with a probability strike follows from it. @default 1 */
  readonly faultSeed?: number;
  /** How long asynchronous events of Lambda wait before they are tried again. @default those of AWS, which are minutes */
  readonly eventPauses?: EventPauses;
  /** How long a table that a replica was made from cannot be deleted, in milliseconds; 24 hours in AWS. @default 0 */
  readonly sourceTableHoldMs?: number;
}

export type { Faults };

export interface AwsServer {
  /** Serves every region; the region of a call is the one in its signature. */
  readonly url: string;
  /** One address per region, which refuses connections while that region is down. */
  readonly regionUrls: ReadonlyMap<string, string>;
  /** An AWS shared config file: a profile per region, named after it. */
  readonly awsConfig: string;
  /** The administrator's keys, which all profiles use. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly accountId: string;
  readonly faults: Faults;
  close(): Promise<void>;
}

/**
 * Starts the local AWS on the state in `stateDir`.
 * Throws `PdrError`: PDR1002 port in use, PDR1003 state in use, PDR1004 state unusable.
 */
export async function serveAws(options: AwsServerOptions): Promise<AwsServer> {
  const { clock, log } = options;
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const state = await DurableState.open(options.stateDir);
    closers.push(() => state.close());
    const network = new RegionNetwork();
    const clocks = new RegionClocks(clock);
    const mishaps = new SeededMishaps(options.faultSeed);
    const keys = await KeyRing.open(state, ACCOUNT_ID);
    const directory = await Directory.open(state, ACCOUNT_ID, clock);
    const access = new RoleAccess(directory, keys, clock);
    const metrics = await MetricStore.open(state, clock, log);
    closers.push(() => metrics.close());
    const clockOf = (region: string) => clocks.of(region);
    const gateway = new Gateway({ keys, network, mishaps, clock, clockOf, log });
    const ports = await state.map<number>('gateway.ports');
    const admin = new AdminApi();
    const answerAt = (region?: string): RequestListener =>
      region === undefined
        ? besideAdmin(admin, gateway.listenerFor())
        : gateway.listenerFor(region);
    const addresses = await Addresses.open(answerAt, options.port, ports);
    const services: Service[] = [];
    closers.push(async () => {
      await addresses.close();
      for (const service of services.reverse()) await service.close();
    });
    const endpointOf = (region: string) => addresses.urlOf(region);
    const foundation = {
      ...{ accountId: ACCOUNT_ID, clock, clockOf, log },
      ...{ state, network, mishaps, access, metrics },
    };
    const logs = await LogStore.open(foundation);
    const queues = await QueueStore.open(foundation);
    const beneath = {
      ...foundation,
      logs: new LogWriter(foundation, logs),
      queues: new QueueSender(foundation, queues),
    };
    const sns = await openSns(beneath, endpointOf);
    const cloud: Cloud = { ...beneath, notifications: sns.publication };
    services.push(
      createLogs(cloud, logs),
      createSqs(cloud, { queues, endpointOf }),
      createIam(cloud, directory),
      createSts(cloud, { directory, access }),
      createSns(cloud, sns),
      await createCloudWatch(cloud, metrics),
    );
    const { sourceTableHoldMs = 0 } = options;
    services.push(await createDynamoDb(cloud, { sourceTableHoldMs }), await createS3(cloud));
    services.push(
      await createLambda(cloud, {
        images: options.images,
        runtimePath: options.lambdaRuntimePath,
        endpointOf,
        ...(options.eventPauses && { eventPauses: options.eventPauses }),
      }),
    );
    const faults = createFaults({ network, addresses, clocks, mishaps });
    gateway.serve(services);
    admin.serve({ faults, mailbox: sns.mailbox });
    return {
      url: addresses.url,
      regionUrls: addresses.regionUrls,
      awsConfig: writeAwsConfig(addresses.regionUrls, keys.administratorKeys),
      credentials: keys.administratorKeys,
      accountId: ACCOUNT_ID,
      faults,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The gateway's own address serves the admin API too. */
function besideAdmin(admin: AdminApi, answer: RequestListener): RequestListener {
  return (message, response) => {
    if (message.url?.startsWith(ADMIN_PATH) === true) void admin.answer(message, response);
    else answer(message, response);
  };
}
