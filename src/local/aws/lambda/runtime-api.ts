/**
 * The Lambda Runtime API, served to the sandboxes' processes: `next` waits for an event, `response` and `error` answer it.
 *
 * One server for all sandboxes; the first segment of the path says whose request it is.
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
import { once } from 'node:events';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';

import { MAX_MEMORY_HEADER } from './max-memory-header.js';

export interface RuntimeEvent {
  readonly requestId: string;
  readonly payload: string;
  readonly deadlineMs: number;
  readonly functionArn: string;
}

export interface RuntimeOutcome {
  readonly payload: string;
  readonly failed: boolean;
  /** The process cannot take another event. */
  readonly fatal: boolean;
  /** The most memory that the process has used so far, where it said so. */
  readonly maxMemoryMiB?: number;
}

interface Sandbox {
  /** The process's `next` request, while it waits. */
  waiting?: http.ServerResponse;
  /** The event given to `deliver` that the process has not taken or not answered yet. */
  current?: { readonly event: RuntimeEvent; readonly settle: (outcome: RuntimeOutcome) => void };
  /** The handler could not be loaded: every event is answered with this. */
  initError?: RuntimeOutcome;
  /** Resolves when the process first asks for an event, or says that it cannot. */
  readonly initialised: Promise<void>;
  readonly endInit: () => void;
}

const PATH =
  /^\/(?<sandbox>[^/]+)\/2018-06-01\/runtime\/(?:(?<next>invocation\/next)|invocation\/(?<id>[^/]+)\/(?<answer>response|error)|(?<init>init\/error))$/;

/** Lambda's limit for a synchronous response, in bytes. */
const MAX_RESPONSE_BYTES = 6 * 1024 * 1024;

export class RuntimeApi {
  readonly #sandboxes = new Map<string, Sandbox>();

  private constructor(private readonly server: http.Server) {
    server.on('request', (request, response) => void this.#serve(request, response));
  }

  static async serve(): Promise<RuntimeApi> {
    const server = http.createServer({ keepAliveTimeout: 0 }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new RuntimeApi(server);
  }

  /** `host:port`. */
  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  register(sandbox: string): void {
    let endInit: () => void = () => undefined;
    const initialised = new Promise<void>((resolve) => (endInit = resolve));
    this.#sandboxes.set(sandbox, { initialised, endInit });
  }

  /** Resolves when a sandbox's process has loaded its handler, or failed to; never, if it dies first. */
  initialised(sandbox: string): Promise<void> {
    return this.#sandboxes.get(sandbox)?.initialised ?? new Promise(() => undefined);
  }

  unregister(sandbox: string): void {
    this.#sandboxes.get(sandbox)?.waiting?.destroy();
    this.#sandboxes.delete(sandbox);
  }

  /** Hands one event to a sandbox and resolves with its answer; never, if the process dies first. */
  deliver(id: string, event: RuntimeEvent): Promise<RuntimeOutcome> {
    return new Promise((settle) => {
      const sandbox = this.#sandboxes.get(id);
      if (sandbox === undefined) return; // its process is dead, which the caller sees by itself
      if (sandbox.initError !== undefined) {
        settle(sandbox.initError);
        return;
      }
      sandbox.current = { event, settle };
      handOver(sandbox);
    });
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  async #serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const match = PATH.exec(request.url ?? '')?.groups;
    const sandbox = this.#sandboxes.get(match?.sandbox ?? '');
    if (match === undefined || sandbox === undefined) {
      response.writeHead(404).end();
      return;
    }
    sandbox.endInit();
    if (match.next !== undefined) {
      sandbox.waiting = response;
      handOver(sandbox);
      return;
    }
    const payload = await textOf(request);
    const maxMemoryMiB = Number(request.headers[MAX_MEMORY_HEADER] ?? 0);
    if (match.init !== undefined) {
      sandbox.initError = { payload, failed: true, fatal: true, maxMemoryMiB };
      sandbox.current?.settle(sandbox.initError);
    } else {
      const { current } = sandbox;
      if (current !== undefined && current.event.requestId === match.id) {
        delete sandbox.current;
        current.settle({ ...outcomeOf(payload, match.answer === 'error'), maxMemoryMiB });
      }
    }
    response.writeHead(202).end('{"status":"OK"}');
  }
}

function outcomeOf(payload: string, failed: boolean): RuntimeOutcome {
  if (Buffer.byteLength(payload) <= MAX_RESPONSE_BYTES) return { payload, failed, fatal: false };
  return {
    payload: JSON.stringify({
      errorType: 'Function.ResponseSizeTooLarge',
      errorMessage: `Response payload size exceeded maximum allowed payload size (${MAX_RESPONSE_BYTES} bytes).`,
    }),
    failed: true,
    fatal: false,
  };
}

function handOver(sandbox: Sandbox): void {
  if (sandbox.waiting === undefined || sandbox.current === undefined) return;
  const { requestId, deadlineMs, functionArn, payload } = sandbox.current.event;
  sandbox.waiting
    .writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': requestId,
      'lambda-runtime-deadline-ms': String(deadlineMs),
      'lambda-runtime-invoked-function-arn': functionArn,
    })
    .end(payload);
  delete sandbox.waiting;
}

async function textOf(request: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
