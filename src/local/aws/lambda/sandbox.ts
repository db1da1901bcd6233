/**
 * A sandbox: one process that runs one function's handler, one event at a time, as Lambda's execution environments do.
 *
 * Started by `sandbox-pool.ts`; talks to its process through the Runtime API (`runtime-api.ts`). A process that times out,
 * crashes or runs out of memory answers its event as Lambda would, and the sandbox is then dead.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { dirname } from 'node:path';
import type { Clock } from '../../../support/clock.js';
import type { SessionCredentials } from '../cloud.js';
import type { FunctionRecord } from './function-record.js';
import { readLines } from './line-reader.js';
import { logGroupOf } from './log-group-name.js';
import type { RuntimeApi, RuntimeOutcome } from './runtime-api.js';

export interface Invocation {
  readonly requestId: string;
  readonly payload: string;
}

/** What came of an event. `functionError` is set when the function failed; the payload then describes how. */
export interface InvocationResult {
  readonly payload: string;
  readonly functionError?: 'Unhandled';
  /** Lambda itself ended the sandbox under the event: the error says nothing about the function. */
  readonly wasEnded?: true;
  /** Of the handler, without what came before its first event. */
  readonly durationMs: number;
  /** The last 4 KiB that the function wrote, with Lambda's START, END and REPORT lines. */
  readonly logTail: string;
}

export interface SandboxOptions {
  readonly record: FunctionRecord;
  readonly credentials: SessionCredentials;
  /** The AWS endpoint that the function's SDK clients call: its own region's. */
  readonly endpointUrl: string;
  /** Path of the built `runtime.ts`. */
  readonly runtimePath: string;
  readonly api: RuntimeApi;
  readonly clock: Clock;
  /** The stream of the function's log group that `onLine` leads to. */
  readonly logStreamName: string;
  /** Told of each line that the function writes, and of Lambda's own. */
  readonly onLine: (line: string) => void;
  /** Told that nothing more will be written. */
  readonly onClose: () => void;
}

const LOG_TAIL_BYTES = 4096;
/** As long may a handler take to load before its time counts as that of the event. */
const MAX_INIT_MS = 10_000;
/** Node's own needs beside the heap: below this a process would not even start. */
const MIN_HEAP_MIB = 64;

export class Sandbox {
  readonly id = randomUUID();
  readonly #process: ChildProcess;
  readonly #exited: Promise<string>;
  #tail = '';
  #isDead = false;
  #maxMemoryMiB = 0;
  readonly #spawnedMs: number;
  #isInitialised = false;

  constructor(private readonly options: SandboxOptions) {
    const { record, api, runtimePath } = options;
    api.register(this.id);
    this.#spawnedMs = options.clock.now();
    const heapMiB = Math.max(MIN_HEAP_MIB, record.memorySizeMiB);
    this.#process = spawn(process.execPath, [`--max-old-space-size=${heapMiB}`, runtimePath], {
      env: environmentOf(this.id, options),
      cwd: dirname(record.bundle),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#exited = new Promise((resolve) => {
      this.#process.once('error', (error) => resolve(error.message));
      this.#process.once('exit', (code, signal) =>
        resolve(signal === null ? `exit status ${code ?? 0}` : `signal: ${describeSignal(signal)}`),
      );
    });
    void this.#exited.then(() => {
      this.#isDead = true;
      api.unregister(this.id);
    });
    this.#process.once('close', () => options.onClose());
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      if (stream !== null) readLines(stream, (line) => this.#write(line));
    }
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  get credentialsExpireAtMs(): number {
    return this.options.credentials.expiresAtMs;
  }

  get record(): FunctionRecord {
    return this.options.record;
  }

  /** Runs the handler on one event. Never rejects: every failure is a result. */
  async run({ requestId, payload }: Invocation): Promise<InvocationResult> {
    const { api, clock, record } = this.options;
    this.#tail = '';
    const initMs = await this.#initialise();
    this.#write(`START RequestId: ${requestId} Version: $LATEST`);
    const startedMs = clock.now();
    const timeoutMs = record.timeoutSeconds * 1000;
    const waited = new AbortController();
    const outcome: Outcome = await Promise.race([
      api.deliver(this.id, {
        requestId,
        payload,
        deadlineMs: startedMs + timeoutMs,
        functionArn: record.arn,
      }),
      this.#exited.then((how) =>
        failure('Runtime.ExitError', requestId, `Runtime exited with error: ${how}`),
      ),
      clock
        .sleep(timeoutMs, waited.signal)
        .then(() =>
          failure(
            'Sandbox.Timedout',
            requestId,
            `Task timed out after ${record.timeoutSeconds.toFixed(2)} seconds`,
          ),
        ),
    ]);
    waited.abort();
    const durationMs = clock.now() - startedMs;
    // What the process wrote before it answered is read in the same turn as the answer: its lines come before the end.
    await new Promise(setImmediate);
    if (outcome.fatal) await this.kill();
    this.#writeEnd(requestId, durationMs, initMs, outcome);
    return {
      payload: outcome.payload,
      durationMs,
      logTail: this.#tail,
      ...(outcome.failed ? { functionError: 'Unhandled' as const } : {}),
    };
  }

  /** Ends the process; what it was doing answers as a crash. */
  async kill(): Promise<void> {
    this.#isDead = true;
    this.#process.kill('SIGKILL');
    await this.#exited;
  }

  /** How long the first event waited for the handler to be loaded, in milliseconds; undefined for those after it. */
  async #initialise(): Promise<number | undefined> {
    if (this.#isInitialised) return undefined;
    this.#isInitialised = true;
    const { api, clock } = this.options;
    const waited = new AbortController();
    await Promise.race([
      api.initialised(this.id),
      this.#exited,
      clock.sleep(MAX_INIT_MS, waited.signal),
    ]);
    waited.abort();
    return clock.now() - this.#spawnedMs;
  }

  #write(line: string): void {
    this.#tail = `${this.#tail}${line}\n`.slice(-LOG_TAIL_BYTES);
    this.options.onLine(line);
  }

  /** Lambda's last lines about an event. The most memory used is not known of a process that was ended. */
  #writeEnd(
    requestId: string,
    durationMs: number,
    initMs: number | undefined,
    { ended, maxMemoryMiB }: Outcome,
  ): void {
    const { memorySizeMiB } = this.options.record;
    this.#maxMemoryMiB = Math.min(memorySizeMiB, maxMemoryMiB ?? this.#maxMemoryMiB);
    if (ended?.errorType === 'Sandbox.Timedout') {
      this.#write(`${new Date(this.options.clock.now()).toISOString()} ${requestId} ${ended.why}`);
    } else if (ended !== undefined) {
      this.#write(`RequestId: ${requestId} Error: ${ended.why}`);
      this.#write(ended.errorType);
    }
    this.#write(`END RequestId: ${requestId}`);
    this.#write(
      [
        `REPORT RequestId: ${requestId}`,
        `Duration: ${durationMs.toFixed(2)} ms`,
        // The first event pays for the handler's loading too.
        `Billed Duration: ${Math.ceil(durationMs + (initMs ?? 0))} ms`,
        `Memory Size: ${memorySizeMiB} MB`,
        `Max Memory Used: ${this.#maxMemoryMiB} MB`,
        ...(initMs === undefined ? [] : [`Init Duration: ${initMs.toFixed(2)} ms`]),
        ...statusOf(ended),
      ].join('\t'),
    );
  }
}

interface Outcome extends RuntimeOutcome {
  /** How the process ended under the event. */
  readonly ended?: { readonly errorType: string; readonly why: string };
}

function failure(errorType: string, requestId: string, why: string): Outcome {
  const errorMessage = `RequestId: ${requestId} Error: ${why}`;
  const payload = JSON.stringify({ errorType, errorMessage });
  return { payload, failed: true, fatal: true, ended: { errorType, why } };
}

function statusOf(ended: Outcome['ended']): string[] {
  if (ended === undefined) return [];
  if (ended.errorType === 'Sandbox.Timedout') return ['Status: timeout'];
  return ['Status: error', `Error Type: ${ended.errorType}`];
}

/** Lambda's own word for a process that the kernel or the runtime ended for want of memory. */
function describeSignal(signal: NodeJS.Signals): string {
  return signal === 'SIGKILL' || signal === 'SIGABRT' ? 'killed' : signal;
}

/** The variables that Lambda defines, the function's own, and the way to the local AWS. */
function environmentOf(
  id: string,
  { record, credentials, endpointUrl, api, logStreamName }: SandboxOptions,
) {
  return {
    PATH: process.env.PATH ?? '',
    TZ: ':UTC',
    LANG: 'en_US.UTF-8',
    ...record.environment,
    _HANDLER: record.handler,
    LAMBDA_TASK_ROOT: dirname(record.bundle),
    AWS_LAMBDA_RUNTIME_API: `${api.address}/${id}`,
    AWS_LAMBDA_FUNCTION_NAME: record.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(record.memorySizeMiB),
    AWS_LAMBDA_LOG_GROUP_NAME: logGroupOf(record.name),
    AWS_LAMBDA_LOG_STREAM_NAME: logStreamName,
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_EXECUTION_ENV: 'AWS_Lambda_Image',
    AWS_REGION: record.region,
    AWS_DEFAULT_REGION: record.region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    AWS_ENDPOINT_URL: endpointUrl,
    // AWS's runtimes keep their Node up to date; what this machine's is, is no news to a function's log.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    // Bucket names are no host names on the loopback.
    S3_FORCE_PATH_STYLE: 'true',
  };
}
