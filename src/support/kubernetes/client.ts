/**
 * A client for any Kubernetes API server and any kind, custom or built in.
 *
 * `@kubernetes/client-node` reads the kubeconfig (certificates, tokens, exec plugins); objects pass through here
 * unchanged, since its typed models drop fields that they do not know and turn timestamps into dates
 * (docs/decisions/0002-dynamic-kubernetes-client.md). Errors are `ApiError`; a missing object is `undefined` from `read`.
 */
import * as http from 'node:http';
import * as https from 'node:https';
import { createInterface } from 'node:readline';
import type { KubeConfig } from '@kubernetes/client-node';
import { PdrError } from '../errors.js';
import { ApiError, isApiError, type Status } from './api-error.js';
import { parseApiVersion, type KubernetesObject, type ObjectKey, type Stored } from './objects.js';

/** A kind as discovery names it: enough to build its addresses. */
export interface ResourceType {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

export interface ListOptions {
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
}

export interface ListChunk<T extends KubernetesObject = KubernetesObject> {
  readonly items: Stored<T>[];
  readonly resourceVersion: string;
}

export interface WatchEvent<T extends KubernetesObject = KubernetesObject> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly object: Stored<T>;
}

export type PropagationPolicy = 'Background' | 'Foreground' | 'Orphan';

export interface DeleteOptions {
  readonly propagationPolicy?: PropagationPolicy;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

export interface WriteOptions {
  readonly subresource?: string;
  readonly fieldManager?: string;
  readonly dryRun?: boolean;
}

export interface ClientOptions {
  /** After how long without an answer a request fails with PDR1005. A watch may be silent for as long as it likes. @default never */
  readonly timeoutMs?: number;
  /** Connections that clients of one cluster share, to be ended by whoever made them. @default the client's own */
  readonly agent?: http.Agent;
}

/** So many objects a chunk: as kubectl asks for. */
const CHUNK = 500;

const PATCH_TYPES = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
} as const;

export interface ClientOptions {
  /** How long one answer may take; watches, once they are open, take as long as they like. @default no limit */
  readonly requestTimeoutMs?: number;
}

export class KubernetesClient {
  readonly #agent: http.Agent;
  readonly #base: URL;
  readonly #types = new Map<string, readonly ResourceType[]>();
  #credentials: Promise<https.RequestOptions> | undefined;

  constructor(
    private readonly kubeConfig: KubeConfig,
    private readonly options: ClientOptions = {},
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

  /** The kind's addresses. Discovery is asked again whenever a kind is not yet known. Rejects with `NoKindMatch`. */
  async resourceType(apiVersion: string, kind: string): Promise<ResourceType> {
    const find = () => this.#types.get(apiVersion)?.find((type) => type.kind === kind);
    const known = find();
    if (known !== undefined) return known;
    await this.#discover(apiVersion);
    const found = find();
    if (found === undefined) {
      throw new ApiError(
        404,
        'NoKindMatch',
        `no matches for kind "${kind}" in version "${apiVersion}"`,
      );
    }
    return found;
  }

  async read<T extends KubernetesObject>(
    type: ResourceType,
    key: ObjectKey,
  ): Promise<Stored<T> | undefined> {
    try {
      return await this.#request<Stored<T>>('GET', pathOf(type, key));
    } catch (error) {
      if (isApiError(error) && error.code === 404) return undefined;
      throw error;
    }
  }

  /** All objects of a kind, with the `resourceVersion` from which a watch goes on. */
  async list<T extends KubernetesObject>(
    type: ResourceType,
    options: ListOptions = {},
  ): Promise<ListChunk<T>> {
    return this.#listed<T>(type, options.namespace, selectors(options));
  }

  /**
   * The same in chunks, all of one `resourceVersion`: each can be forgotten before the next is read. Throws `ApiError` with
   * reason `Expired` when the server has given that version up in between: begin anew.
   */
  async *chunks<T extends KubernetesObject>(
    type: ResourceType,
    options: ListOptions = {},
  ): AsyncGenerator<ListChunk<T>, void, undefined> {
    const query = selectors(options);
    query.set('limit', String(CHUNK));
    for (;;) {
      const chunk = await this.#listed<T>(type, options.namespace, query);
      yield chunk;
      if (chunk.continue === '') return;
      query.set('continue', chunk.continue);
    }
  }

  create<T extends KubernetesObject>(type: ResourceType, object: T, options: WriteOptions = {}) {
    const path = listPath(type, object.metadata.namespace, writeQuery(options));
    return this.#request<Stored<T>>('POST', path, object);
  }

  /** Replaces the object; `metadata.resourceVersion`, where set, guards against a change in between (`Conflict`). */
  replace<T extends KubernetesObject>(type: ResourceType, object: T, options: WriteOptions = {}) {
    return this.#request<Stored<T>>('PUT', writePath(type, object, options), object);
  }

  patch<T extends KubernetesObject>(
    type: ResourceType,
    key: ObjectKey,
    patch: unknown,
    options: WriteOptions & { readonly type?: keyof typeof PATCH_TYPES } = {},
  ) {
    const path = pathOf(type, key, options.subresource, writeQuery(options));
    return this.#request<Stored<T>>('PATCH', path, patch, PATCH_TYPES[options.type ?? 'merge']);
  }

  /** Server-side apply: the fields of `object` become this field manager's; those it had and left out are removed. */
  apply<T extends KubernetesObject>(
    type: ResourceType,
    object: T,
    options: WriteOptions & { readonly fieldManager: string; readonly force?: boolean },
  ) {
    const path = writePath(type, object, options, { force: String(options.force ?? false) });
    return this.#request<Stored<T>>('PATCH', path, object, 'application/apply-patch+yaml');
  }

  /** Asks for deletion; `false` when there was nothing to delete. */
  async delete(type: ResourceType, key: ObjectKey, options: DeleteOptions = {}): Promise<boolean> {
    try {
      await this.#request('DELETE', pathOf(type, key), {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        ...options,
      });
      return true;
    } catch (error) {
      if (isApiError(error) && error.code === 404) return false;
      throw error;
    }
  }

  /** An address of the server that is no object: `/version`, `/openapi/v3`. */
  raw<T>(path: string): Promise<T> {
    return this.#request<T>('GET', path.replace(/^\//, ''));
  }

  /**
   * The changes of a kind after `resourceVersion`, bookmarks included, until the server ends the stream or `signal` aborts.
   * Throws `ApiError` with reason `Expired` when that version is too old: list again.
   */
  async *watch<T extends KubernetesObject>(
    type: ResourceType,
    options: ListOptions & { readonly resourceVersion: string },
    signal: AbortSignal,
  ): AsyncGenerator<WatchEvent<T>, void, undefined> {
    const query = new URLSearchParams(selectors(options));
    query.set('watch', 'true');
    query.set('allowWatchBookmarks', 'true');
    query.set('resourceVersion', options.resourceVersion);
    const response = await this.#send(
      'GET',
      listPath(type, options.namespace, query),
      undefined,
      {},
      signal,
    );
    if (response.statusCode !== 200) throw await errorOf(response);
    response.on('error', () => response.destroy()); // an aborted stream ends the loop; it is no failure
    try {
      for await (const line of createInterface({ input: response, crlfDelay: Infinity })) {
        if (line === '') continue;
        const event = JSON.parse(line) as WatchEvent<T> | { type: 'ERROR'; object: Status };
        if (event.type === 'ERROR')
          throw ApiError.of(event.object.code ?? 500, JSON.stringify(event.object));
        yield event;
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      response.destroy();
    }
  }

  /** Drops idle connections, where they are its own. */
  close(): void {
    if (this.options.agent === undefined) this.#agent.destroy();
  }

  async #listed<T extends KubernetesObject>(
    type: ResourceType,
    namespace: string | undefined,
    query: URLSearchParams,
  ): Promise<ListChunk<T> & { readonly continue: string }> {
    const { items, metadata } = await this.#request<{
      items: Stored<T>[];
      metadata: { resourceVersion: string; continue?: string };
    }>('GET', listPath(type, namespace, query));
    for (const item of items) {
      item.apiVersion = type.apiVersion; // servers leave both out of the items of a list
      item.kind = type.kind;
    }
    return {
      items,
      resourceVersion: metadata.resourceVersion,
      continue: metadata.continue ?? '',
    };
  }

  async #discover(apiVersion: string): Promise<void> {
    const { group } = parseApiVersion(apiVersion);
    const path = group === '' ? `api/${apiVersion}` : `apis/${apiVersion}`;
    try {
      const { resources } = await this.#request<{
        resources: { name: string; kind: string; namespaced: boolean }[];
      }>('GET', path);
      this.#types.set(
        apiVersion,
        resources
          .filter(({ name }) => !name.includes('/'))
          .map(({ name, kind, namespaced }) => ({ apiVersion, kind, plural: name, namespaced })),
      );
    } catch (error) {
      if (!isApiError(error) || error.code !== 404) throw error;
    }
  }

  async #request<T>(
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
      const detail = `no answer within ${timeoutMs ?? 0} ms`;
      throw new PdrError('PDR1005', { subject: this.#base.origin, detail, cause });
    }
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
    const { requestTimeoutMs } = this.options;
    return new Promise((resolve, reject) => {
      const send = url.protocol === 'http:' ? http.request : https.request;
      const request = send(url, options, (response) => {
        if (signal !== undefined) request.setTimeout(0);
        resolve(response);
      });
      if (requestTimeoutMs !== undefined) {
        request.setTimeout(requestTimeoutMs, () =>
          request.destroy(new Error(`no answer within ${requestTimeoutMs / 1000} s`)),
        );
      }
      request
        .on('error', (cause) =>
          reject(
            new PdrError('PDR1005', { subject: this.#base.origin, detail: cause.message, cause }),
          ),
        )
        .end(payload);
    });
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

function pathOf(
  type: ResourceType,
  { name, namespace }: ObjectKey,
  subresource?: string,
  query = new URLSearchParams(),
): string {
  const collection = listPath(type, namespace);
  const parts = [
    collection,
    encodeURIComponent(name),
    ...(subresource === undefined ? [] : [subresource]),
  ];
  return parts.join('/') + suffixOf(query);
}

function listPath(
  type: ResourceType,
  namespace: string | undefined,
  query: URLSearchParams = new URLSearchParams(),
): string {
  const root = type.apiVersion.includes('/') ? `apis/${type.apiVersion}` : `api/${type.apiVersion}`;
  const scope =
    type.namespaced && namespace !== undefined
      ? `/namespaces/${encodeURIComponent(namespace)}`
      : '';
  return `${root}${scope}/${type.plural}${suffixOf(query)}`;
}

function writePath(
  type: ResourceType,
  object: KubernetesObject,
  options: WriteOptions,
  more: Record<string, string> = {},
): string {
  const { name, namespace } = object.metadata;
  if (name === undefined)
    throw new TypeError(`a ${type.kind} without metadata.name cannot be addressed`);
  const query = writeQuery(options);
  for (const [key, value] of Object.entries(more)) query.set(key, value);
  return pathOf(
    type,
    namespace === undefined ? { name } : { name, namespace },
    options.subresource,
    query,
  );
}

function suffixOf(query: URLSearchParams): string {
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

function selectors({ labelSelector, fieldSelector }: ListOptions): URLSearchParams {
  const query = new URLSearchParams();
  if (labelSelector !== undefined) query.set('labelSelector', labelSelector);
  if (fieldSelector !== undefined) query.set('fieldSelector', fieldSelector);
  return query;
}

function writeQuery({ fieldManager, dryRun }: WriteOptions): URLSearchParams {
  const query = new URLSearchParams();
  if (fieldManager !== undefined) query.set('fieldManager', fieldManager);
  if (dryRun === true) query.set('dryRun', 'All');
  return query;
}

async function errorOf(response: http.IncomingMessage): Promise<ApiError> {
  return ApiError.of(response.statusCode ?? 0, await textOf(response));
}

async function textOf(response: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
