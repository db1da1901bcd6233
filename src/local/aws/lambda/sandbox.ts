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
import type { RuntimeApi } from './runtime-api.js';

export interface Invocation {
  readonly requestId: string;
  readonly payload: string;
}

/** What came of an event. `functionError` is set when the function failed; the payload then describes how. */
export interface InvocationResult {
  readonly payload: string;
  readonly functionError?: 'Unhandled';
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
  /** Told of each line that the function writes. */
  readonly onLine: (line: string) => void;
}

const LOG_TAIL_BYTES = 4096;
/** Node's own needs beside the heap: below this a process would not even start. */
const MIN_HEAP_MIB = 64;

export class Sandbox {
  readonly id = randomUUID();
  readonly #process: ChildProcess;
  readonly #exited: Promise<string>;
  #tail = '';
  #isDead = false;

  constructor(private readonly options: SandboxOptions) {
    const { record, api, runtimePath } = options;
    api.register(this.id);
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
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => this.#write(text));
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
    this.#write(`START RequestId: ${requestId} Version: $LATEST\n`);
    const startedMs = clock.now();
    const timeoutMs = record.timeoutSeconds * 1000;
    const waited = new AbortController();
    const outcome = await Promise.race([
      api.deliver(this.id, {
        requestId,
        payload,
        deadlineMs: startedMs + timeoutMs,
        functionArn: record.arn,
      }),
      this.#exited.then((how) =>
        failure(
          'Runtime.ExitError',
          `RequestId: ${requestId} Error: Runtime exited with error: ${how}`,
        ),
      ),
      clock
        .sleep(timeoutMs, waited.signal)
        .then(() =>
          failure(
            'Sandbox.Timedout',
            `RequestId: ${requestId} Error: Task timed out after ${record.timeoutSeconds.toFixed(2)} seconds`,
          ),
        ),
    ]);
    waited.abort();
    const durationMs = clock.now() - startedMs;
    if (outcome.fatal) await this.kill();
    this.#write(`END RequestId: ${requestId}\n`);
    this.#write(
      `REPORT RequestId: ${requestId}\tDuration: ${durationMs.toFixed(2)} ms\tBilled Duration: ${Math.ceil(durationMs)} ms\tMemory Size: ${record.memorySizeMiB} MB\n`,
    );
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

  #write(text: string): void {
    this.#tail = (this.#tail + text).slice(-LOG_TAIL_BYTES);
    for (const line of text.split('\n')) if (line !== '') this.options.onLine(line);
  }
}

function failure(errorType: string, errorMessage: string) {
  return { payload: JSON.stringify({ errorType, errorMessage }), failed: true, fatal: true };
}

/** Lambda's own word for a process that the kernel or the runtime ended for want of memory. */
function describeSignal(signal: NodeJS.Signals): string {
  return signal === 'SIGKILL' || signal === 'SIGABRT' ? 'killed' : signal;
}

/** The variables that Lambda defines, the function's own, and the way to the local AWS. */
function environmentOf(id: string, { record, credentials, endpointUrl, api }: SandboxOptions) {
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
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${record.name}`,
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
