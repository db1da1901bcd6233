/**
 * A client for any Kubernetes API server and any kind, custom or built in.
 *
 * Objects pass through here unchanged, since the typed models of `@kubernetes/client-node` drop fields that they do not know and
 * turn timestamps into dates (docs/decisions/0002-dynamic-kubernetes-client.md). Errors are `ApiError`; a missing object is
 * `undefined` from `read`.
 */
import { createInterface } from 'node:readline';
import type { KubeConfig } from '@kubernetes/client-node';
import { ApiError, isApiError, type Status } from './api-error.js';
import { Connection, type ConnectionOptions } from './connection.js';
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

/** So many objects a chunk: as kubectl asks for. */
const CHUNK = 500;

const PATCH_TYPES = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
} as const;

export class KubernetesClient {
  readonly #connection: Connection;
  readonly #types = new Map<string, readonly ResourceType[]>();

  constructor(kubeConfig: KubeConfig, options: ConnectionOptions = {}) {
    this.#connection = new Connection(kubeConfig, options);
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
      return await this.#connection.request<Stored<T>>('GET', pathOf(type, key));
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
    return this.#connection.request<Stored<T>>('POST', path, object);
  }

  /** Replaces the object; `metadata.resourceVersion`, where set, guards against a change in between (`Conflict`). */
  replace<T extends KubernetesObject>(type: ResourceType, object: T, options: WriteOptions = {}) {
    return this.#connection.request<Stored<T>>('PUT', writePath(type, object, options), object);
  }

  patch<T extends KubernetesObject>(
    type: ResourceType,
    key: ObjectKey,
    patch: unknown,
    options: WriteOptions & { readonly type?: keyof typeof PATCH_TYPES } = {},
  ) {
    const path = pathOf(type, key, options.subresource, writeQuery(options));
    return this.#connection.request<Stored<T>>(
      'PATCH',
      path,
      patch,
      PATCH_TYPES[options.type ?? 'merge'],
    );
  }

  /** Server-side apply: the fields of `object` become this field manager's; those it had and left out are removed. */
  apply<T extends KubernetesObject>(
    type: ResourceType,
    object: T,
    options: WriteOptions & { readonly fieldManager: string; readonly force?: boolean },
  ) {
    const path = writePath(type, object, options, { force: String(options.force ?? false) });
    return this.#connection.request<Stored<T>>(
      'PATCH',
      path,
      object,
      'application/apply-patch+yaml',
    );
  }

  /** Asks for deletion; `false` when there was nothing to delete. */
  async delete(type: ResourceType, key: ObjectKey, options: DeleteOptions = {}): Promise<boolean> {
    try {
      await this.#connection.request('DELETE', pathOf(type, key), {
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
    return this.#connection.request<T>('GET', path.replace(/^\//, ''));
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
    const path = listPath(type, options.namespace, query);
    const response = await this.#connection.open(path, signal);
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

  /** Drops idle sockets, where they are its own. */
  close(): void {
    this.#connection.close();
  }

  async #listed<T extends KubernetesObject>(
    type: ResourceType,
    namespace: string | undefined,
    query: URLSearchParams,
  ): Promise<ListChunk<T> & { readonly continue: string }> {
    const { items, metadata } = await this.#connection.request<{
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
      const { resources } = await this.#connection.request<{
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
