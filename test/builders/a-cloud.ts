/**
 * A `Cloud` for tests of one service: its state in a directory of its own, links and permissions as the test sets them, and
 * every metric kept for the test to read.
 */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  AccessControl,
  AccessRequest,
  Cloud,
  MetricDatum,
  Network,
} from '../../src/local/aws/cloud.js';
import { SeededMishaps } from '../../src/local/aws/faults/mishaps.js';
import { AwsError } from '../../src/local/aws/service.js';
import { DurableState } from '../../src/local/aws/state/durable-state.js';
import { systemClock, type Clock } from '../../src/support/clock.js';
import { silentLog, type Log } from '../../src/support/log.js';

export interface TestCloud extends Cloud {
  readonly network: TestNetwork;
  readonly mishaps: SeededMishaps;
  readonly recorded: MetricDatum[];
  /** Decides from now on; everything is allowed until it is set. */
  allow(decide: (request: AccessRequest) => boolean): void;
  /** Stops using the state; the same directory can then be opened again. */
  close(): Promise<void>;
  readonly directory: string;
}

export interface TestNetwork extends Network {
  lag: number;
  takeDown(region: string): void;
  cut(one: string, other: string): void;
  heal(): void;
}

export const ACCOUNT = '123456789012';

export async function aCloud(
  options: { readonly clock?: Clock; readonly directory?: string; readonly log?: Log } = {},
): Promise<TestCloud> {
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'pdr-aws-')));
  const state = await DurableState.open(directory);
  const clock = options.clock ?? systemClock;
  const recorded: MetricDatum[] = [];
  let decide: (request: AccessRequest) => boolean = () => true;
  const access: AccessControl = {
    allows: (request) => decide(request),
    authorize: (request) => {
      if (decide(request)) return;
      throw new AwsError(
        'AccessDenied',
        `User is not authorized to perform: ${request.action} on resource: ${request.resource}`,
        403,
      );
    },
    assumeForService: async (roleArn, service, sessionName) => {
      access.authorize({
        caller: { kind: 'service', service, accountId: ACCOUNT },
        action: 'sts:AssumeRole',
        resource: roleArn,
      });
      return Promise.resolve({
        principal: { kind: 'role', accountId: ACCOUNT, arn: `${roleArn}/${sessionName}`, roleArn },
        credentials: {
          accessKeyId: 'ASIATEST',
          secretAccessKey: 'secret',
          sessionToken: 'token',
          expiresAtMs: Number.MAX_SAFE_INTEGER,
        },
      });
    },
  };
  return {
    accountId: ACCOUNT,
    clock,
    clockOf: () => clock,
    log: options.log ?? silentLog,
    state,
    network: aNetwork(),
    mishaps: new SeededMishaps(),
    access,
    metrics: { record: (datum) => recorded.push(datum) },
    queues: { send: () => Promise.resolve() },
    logs: { write: () => Promise.resolve() },
    notifications: { publish: () => Promise.resolve() },
    recorded,
    allow: (next) => {
      decide = next;
    },
    close: () => state.close(),
    directory,
  };
}

/** A cloud on the state as a kill at this moment would leave it: what is in files, without anything being closed. */
export async function aKilledCopy(cloud: TestCloud): Promise<TestCloud> {
  const directory = await mkdtemp(join(tmpdir(), 'pdr-aws-killed-'));
  await cp(cloud.directory, directory, { recursive: true });
  return aCloud({ directory });
}

export function removeCloud(cloud: TestCloud): Promise<void> {
  return rm(cloud.directory, { recursive: true, force: true });
}

function aNetwork(): TestNetwork {
  const cuts = new Set<string>();
  const down = new Set<string>();
  const handlers = new Set<() => void>();
  const link = (one: string, other: string) => [one, other].sort().join(' ');
  const changed = () => {
    for (const handler of handlers) handler();
  };
  return {
    lag: 0,
    isUp: (region) => !down.has(region),
    isConnected: (from, to) => !cuts.has(link(from, to)) && !down.has(from) && !down.has(to),
    lagMs() {
      return this.lag;
    },
    onChange: (handler) => {
      handlers.add(handler);
      return () => handlers.delete(handler);
    },
    takeDown: (region) => {
      down.add(region);
      changed();
    },
    cut: (one, other) => {
      cuts.add(link(one, other));
      changed();
    },
    heal: () => {
      cuts.clear();
      down.clear();
      changed();
    },
  };
}
