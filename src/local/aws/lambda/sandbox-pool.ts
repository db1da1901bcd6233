/**
 * The sandboxes of all functions: started when an event finds none idle, kept warm, ended when they are out of date.
 *
 * `invoke.ts` borrows from here. A sandbox serves one event at a time; a function runs at most its reserved
 * concurrency (or the account's) at once, and one event more is throttled, as in Lambda.
 */
import type { Cloud } from '../cloud.js';
import { AwsError } from '../service.js';
import { FunctionLog } from './function-log.js';
import type { FunctionRecord } from './function-record.js';
import { RuntimeApi } from './runtime-api.js';
import { Sandbox, type Invocation, type InvocationResult } from './sandbox.js';

/** What this machine can bear; an AWS account starts with 1,000 (or 10, for new ones). */
export const ACCOUNT_CONCURRENCY = 10;
/** A sandbox is not used when its credentials end sooner than its longest event could run. */
const CREDENTIAL_MARGIN_MS = 15 * 60 * 1000;

export interface SandboxPoolOptions {
  readonly cloud: Cloud;
  /** Path of the built `runtime.ts`. */
  readonly runtimePath: string;
  /** The AWS endpoint of a region, for the functions in it. */
  readonly endpointOf: (region: string) => string;
}

export class SandboxPool {
  readonly #sandboxes = new Map<string, Set<Sandbox>>();
  readonly #idle = new Map<string, Sandbox[]>();
  readonly #busy = new Map<string, number>();
  readonly #logs = new Set<FunctionLog>();

  private constructor(
    private readonly options: SandboxPoolOptions,
    private readonly api: RuntimeApi,
  ) {}

  static async open(options: SandboxPoolOptions): Promise<SandboxPool> {
    return new SandboxPool(options, await RuntimeApi.serve());
  }

  /**
   * Runs one event. Throws TooManyRequestsException where all of the function's concurrency is taken,
   * ServiceException while the region is down, and what IAM says where the role cannot be assumed any more.
   */
  async run(record: FunctionRecord, invocation: Invocation): Promise<InvocationResult> {
    const { arn } = record;
    const running = this.#busy.get(arn) ?? 0;
    this.#refuseWhileDown(record);
    this.#admit(record, running);
    this.#busy.set(arn, running + 1);
    try {
      const sandbox = this.#takeIdle(record) ?? (await this.#start(record));
      const result = await this.#runAtRisk(sandbox, invocation);
      const wasEnded = result.functionError !== undefined && !this.#has(sandbox);
      await this.#giveBack(sandbox);
      return wasEnded ? { ...result, wasEnded } : result;
    } finally {
      this.#busy.set(arn, (this.#busy.get(arn) ?? 1) - 1);
    }
  }

  concurrencyOf(record: FunctionRecord): number {
    return this.#busy.get(record.arn) ?? 0;
  }

  /** Ends a function's sandboxes; events that run in them fail as a crash. */
  async endOf(arn: string): Promise<void> {
    this.#idle.delete(arn);
    const sandboxes = [...(this.#sandboxes.get(arn) ?? [])];
    this.#sandboxes.delete(arn);
    await Promise.all(sandboxes.map((sandbox) => sandbox.kill()));
  }

  /** Lets the sandboxes of a function's earlier configuration finish, and take no new events. */
  async retire(arn: string): Promise<void> {
    const idle = this.#idle.get(arn) ?? [];
    this.#idle.delete(arn);
    await Promise.all(idle.map((sandbox) => this.#end(sandbox)));
  }

  async endOfRegion(region: string): Promise<void> {
    const arns = [...this.#sandboxes.keys()].filter((arn) => arn.split(':')[3] === region);
    await Promise.all(arns.map((arn) => this.endOf(arn)));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#sandboxes.keys()].map((arn) => this.endOf(arn)));
    await Promise.all([...this.#logs].map((log) => log.close()));
    await this.api.close();
  }

  /** Runs the event; where a crash strikes, its process is killed at that moment unless it has answered by then. */
  async #runAtRisk(sandbox: Sandbox, invocation: Invocation): Promise<InvocationResult> {
    const { mishaps, clock } = this.options.cloud;
    const { region, name: resource } = sandbox.record;
    const crash = mishaps.strikes('crash', { region, service: 'lambda', resource });
    const running = sandbox.run(invocation);
    if (crash === undefined) return running;
    const answered = new AbortController();
    const crashed = clock.sleep(crash.atMs, answered.signal).then(async () => {
      if (!answered.signal.aborted) await sandbox.kill();
    });
    const result = await running;
    answered.abort();
    await crashed;
    return result;
  }

  #refuseWhileDown({ region }: FunctionRecord): void {
    if (this.options.cloud.network.isUp(region)) return;
    throw new AwsError('ServiceException', `Lambda in ${region} is down.`, 500);
  }

  #admit(record: FunctionRecord, running: number): void {
    const limit = record.reservedConcurrency ?? ACCOUNT_CONCURRENCY;
    const { metrics, mishaps } = this.options.cloud;
    const { region, name: resource } = record;
    const isStruck =
      mishaps.strikes('throttle', { region, service: 'lambda', resource }) !== undefined;
    if (running < limit && !isStruck) return;
    const dimensions = { FunctionName: record.name };
    metrics.record({
      region: record.region,
      namespace: 'AWS/Lambda',
      name: 'Throttles',
      dimensions,
      value: 1,
      unit: 'Count',
    });
    throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429, {
      Reason: isStruck ? 'CallerRateLimitExceeded' : reasonOf(record),
      Type: 'User',
    });
  }

  #takeIdle(record: FunctionRecord): Sandbox | undefined {
    const idle = this.#idle.get(record.arn) ?? [];
    for (let sandbox = idle.pop(); sandbox !== undefined; sandbox = idle.pop()) {
      if (this.#isCurrent(sandbox, record)) return sandbox;
      void this.#end(sandbox);
    }
    return undefined;
  }

  #isCurrent(sandbox: Sandbox, record: FunctionRecord): boolean {
    const expiresInMs = sandbox.credentialsExpireAtMs - this.options.cloud.clock.now();
    return (
      !sandbox.isDead &&
      sandbox.record.revisionId === record.revisionId &&
      expiresInMs > CREDENTIAL_MARGIN_MS
    );
  }

  async #start(record: FunctionRecord): Promise<Sandbox> {
    const { cloud, runtimePath, endpointOf } = this.options;
    const { credentials, principal } = await cloud.access.assumeForService(
      record.role,
      'lambda.amazonaws.com',
      record.name,
    );
    this.#refuseWhileDown(record); // the region may have gone while the role was assumed
    const log = cloud.log.child(`lambda.${record.name}`);
    const functionLog = new FunctionLog(cloud, record, principal);
    this.#logs.add(functionLog);
    const sandbox = new Sandbox({
      record,
      credentials,
      endpointUrl: endpointOf(record.region),
      runtimePath,
      api: this.api,
      clock: cloud.clock,
      logStreamName: functionLog.streamName,
      onLine: (line) => {
        log.debug(line);
        functionLog.say(line);
      },
      onClose: () => void functionLog.close().finally(() => this.#logs.delete(functionLog)),
    });
    const sandboxes = this.#sandboxes.get(record.arn) ?? new Set();
    this.#sandboxes.set(record.arn, sandboxes.add(sandbox));
    return sandbox;
  }

  async #giveBack(sandbox: Sandbox): Promise<void> {
    const { arn } = sandbox.record;
    if (!this.#has(sandbox) || sandbox.isDead) {
      await this.#end(sandbox);
      return;
    }
    this.#idle.set(arn, [...(this.#idle.get(arn) ?? []), sandbox]);
  }

  /** False once `endOf` has ended it. */
  #has(sandbox: Sandbox): boolean {
    return this.#sandboxes.get(sandbox.record.arn)?.has(sandbox) === true;
  }

  async #end(sandbox: Sandbox): Promise<void> {
    this.#sandboxes.get(sandbox.record.arn)?.delete(sandbox);
    await sandbox.kill();
  }
}

function reasonOf({ reservedConcurrency }: FunctionRecord): string {
  return reservedConcurrency === undefined
    ? 'ConcurrentInvocationLimitExceeded'
    : 'ReservedFunctionConcurrentInvocationLimitExceeded';
}
