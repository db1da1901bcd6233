/**
 * A connection to the API server of a kubeconfig: requests with its credentials, answers as JSON, refusals as `ApiError`.
 *
 * `@kubernetes/client-node` reads the kubeconfig: certificates, tokens, exec plugins.
 */
import * as http from 'node:http';
import * as https from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import { PdrError } from '../errors.js';
import { ApiError } from './api-error.js';

export interface ConnectionOptions {
  /** How long an answer may take, else PDR1005. A stream, once it is open, may take as long as it likes. @default no limit */
  readonly timeoutMs?: number;
  /** Sockets that connections to one server share, to be ended by whoever made them. @default the connection's own */
  readonly agent?: http.Agent;
}

export class Connection {
  readonly #agent: http.Agent;
  readonly #base: URL;
  #credentials: Promise<https.RequestOptions> | undefined;

  constructor(
    private readonly kubeConfig: KubeConfig,
    private readonly options: ConnectionOptions = {},
  ) {
    const cluster = kubeConfig.getCurrentCluster();
    if (!cluster) {
      throw new PdrError('PDR1001', {
        subject: 'kubeconfig',
        detail: 'it names no current cluster',
      });
    }
    this.#base = new URL(cluster.server.endsWith('/') ? cluster.server : `${cluster.server}/`);
    this.#agent = options.agent ?? agentFor(cluster.server);
  }

  async request<T>(
    method: string,
    path: string,
    body?: unknown,
    contentType = 'application/json',
  ): Promise<T> {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const headers = payload === undefined ? {} : { 'content-type': contentType };
    const { timeoutMs } = this.options;
    const deadline = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs);
    try {
      const response = await this.#send(method, path, payload, headers, deadline);
      const code = response.statusCode ?? 0;
      if (code < 200 || code > 299) {
        if (code === 401) this.#credentials = undefined; // a token may have expired: ask the kubeconfig again next time
        throw await errorOf(response);
      }
      return JSON.parse(await textOf(response)) as T;
    } catch (cause) {
      if (deadline?.aborted !== true) throw cause;
      throw this.#unanswered(tooLate(timeoutMs ?? 0), cause);
    }
  }

  /** The answer to a GET as it comes, until the server ends it or `signal` aborts. */
  async open(path: string, signal: AbortSignal): Promise<http.IncomingMessage> {
    const response = await this.#send('GET', path, undefined, {}, signal);
    if (response.statusCode !== 200) throw await errorOf(response);
    response.on('error', () => response.destroy()); // an aborted stream ends; it is no failure
    return response;
  }

  /** Drops idle sockets, where they are its own. */
  close(): void {
    if (this.options.agent === undefined) this.#agent.destroy();
  }

  async #send(
    method: string,
    path: string,
    payload: string | undefined,
    headers: Record<string, string>,
    signal?: AbortSignal,
  ): Promise<http.IncomingMessage> {
    const credentials = await (this.#credentials ??= this.#readCredentials());
    const url = new URL(path, this.#base);
    const options: https.RequestOptions = {
      ...credentials,
      agent: this.#agent,
      method,
      headers: {
        accept: 'application/json',
        'user-agent': 'payments-dr',
        ...(payload === undefined ? {} : { 'content-length': Buffer.byteLength(payload) }),
        ...(credentials.headers as Record<string, string> | undefined),
        ...headers,
      },
      ...(signal === undefined ? {} : { signal }),
    };
    const { timeoutMs } = this.options;
    return new Promise((resolve, reject) => {
      const send = url.protocol === 'http:' ? http.request : https.request;
      const request = send(url, options, (response) => {
        request.setTimeout(0);
        resolve(response);
      });
      if (timeoutMs !== undefined) {
        request.setTimeout(timeoutMs, () => request.destroy(new Error(tooLate(timeoutMs))));
      }
      request.on('error', (cause) => reject(this.#unanswered(cause.message, cause))).end(payload);
    });
  }

  #unanswered(detail: string, cause: unknown): PdrError {
    return new PdrError('PDR1005', { subject: this.#base.origin, detail, cause });
  }

  async #readCredentials(): Promise<https.RequestOptions> {
    const options: https.RequestOptions = {};
    try {
      await this.kubeConfig.applyToHTTPSOptions(options);
    } catch (cause) {
      // The program that a kubeconfig names for a token may be absent, or fail.
      const detail = cause instanceof Error ? cause.message : String(cause);
      throw new PdrError('PDR1001', { subject: 'kubeconfig', detail, cause });
    }
    return options;
  }
}

/** Keeps connections to the server at this address open for the next request. */
export function agentFor(server: string): http.Agent {
  const options = { keepAlive: true, maxSockets: Infinity, maxFreeSockets: 32 };
  return server.startsWith('http:') ? new http.Agent(options) : new https.Agent(options);
}

async function errorOf(response: http.IncomingMessage): Promise<ApiError> {
  return ApiError.of(response.statusCode ?? 0, await textOf(response));
}

async function textOf(response: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

const tooLate = (timeoutMs: number): string => `no answer within ${timeoutMs / 1000} s`;
