/** A server of its own for a test file: a temporary state directory, any free port, and plain requests to it. */
import * as https from 'node:https';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { serveKubernetes, type KubernetesServer } from '../../../src/local/kubernetes/server.js';
import { systemClock } from '../../../src/support/clock.js';
import { silentLog } from '../../../src/support/log.js';

export const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

export interface Reply {
  readonly code: number;
  readonly body: Body;
  readonly headers: Record<string, unknown>;
}

/** As much of any object or Status as tests look at. */
export interface Body {
  readonly kind?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: { readonly causes?: { field?: string; reason?: string; message?: string }[] };
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly generation?: number;
    readonly deletionTimestamp?: string;
    readonly finalizers?: string[];
    readonly ownerReferences?: unknown[];
    readonly labels?: Record<string, string>;
    readonly managedFields?: { manager: string; fieldsV1: unknown }[];
    readonly continue?: string;
  };
  readonly spec?: unknown;
  readonly status?: {
    phase?: string;
    conditions?: { type: string; status: string }[];
    token?: string;
    allowed?: boolean;
  };
  readonly data?: Record<string, string>;
  readonly items?: Body[];
}

const PATCH_TYPES = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
};

export class Cluster {
  readonly #agent = new https.Agent({ keepAlive: true });

  private constructor(
    readonly server: KubernetesServer,
    readonly stateDir: string,
  ) {}

  static async start(stateDir?: string): Promise<Cluster> {
    const dir = stateDir ?? (await mkdtemp(join(tmpdir(), 'kubernetes-')));
    return new Cluster(
      await serveKubernetes({ stateDir: dir, port: 0, clock: systemClock, log: silentLog }),
      dir,
    );
  }

  get token(): string {
    const config = parse(this.server.kubeconfig) as { users: { user: { token: string } }[] };
    return config.users[0]?.user.token ?? '';
  }

  get ca(): string {
    const config = parse(this.server.kubeconfig) as {
      clusters: { cluster: Record<string, string> }[];
    };
    return Buffer.from(
      config.clusters[0]?.cluster['certificate-authority-data'] ?? '',
      'base64',
    ).toString();
  }

  async request(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Reply> {
    const { code, text, headers: received } = await this.send(method, path, body, headers);
    return { code, body: JSON.parse(text) as Body, headers: received };
  }

  send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const payload =
      typeof body === 'string' ? body : body === undefined ? undefined : JSON.stringify(body);
    const length = String(Buffer.byteLength(payload ?? ''));
    const type: Record<string, string> =
      payload === undefined ? {} : { 'content-type': 'application/json', 'content-length': length };
    const all = { authorization: `Bearer ${this.token}`, ...type, ...headers };
    return new Promise<{ code: number; text: string; headers: Record<string, unknown> }>(
      (resolve, reject) => {
        https
          .request(
            this.server.url + path,
            { method, ca: this.ca, agent: this.#agent, headers: all },
            (response) => {
              let text = '';
              response.setEncoding('utf8');
              response.on('data', (chunk: string) => (text += chunk));
              response.on('end', () =>
                resolve({ code: response.statusCode ?? 0, text, headers: response.headers }),
              );
            },
          )
          .on('error', reject)
          .end(payload);
      },
    );
  }

  patch(path: string, patch: unknown, type: keyof typeof PATCH_TYPES = 'merge'): Promise<Reply> {
    return this.request('PATCH', path, patch, { 'content-type': PATCH_TYPES[type] });
  }

  /** The events of a watch, until `count` came; once it has begun it is not read before `meanwhile` is done. */
  watch(
    path: string,
    count: number,
    meanwhile: () => Promise<void> = () => Promise.resolve(),
  ): Promise<{ type: string; object: Body & { code?: number } }[]> {
    return new Promise((resolve, reject) => {
      const events: { type: string; object: Body }[] = [];
      let rest = '';
      const request = https.request(
        this.server.url + path,
        { ca: this.ca, headers: { authorization: `Bearer ${this.token}` } },
        (response) => {
          response.setEncoding('utf8').pause();
          meanwhile().then(() => response.resume(), reject);
          response.on('data', (chunk: string) => {
            const lines = (rest + chunk).split('\n');
            rest = lines.pop() ?? '';
            events.push(...lines.map((line) => JSON.parse(line) as (typeof events)[number]));
            if (events.length < count) return;
            resolve(events);
            request.destroy();
          });
          response.on('end', () => resolve(events));
        },
      );
      request.on('error', (error) => (events.length < count ? reject(error) : undefined));
      request.end();
    });
  }

  /** A kind `Widget` of a group of its own, with this schema of its spec; resolves with the path of its collection. */
  async widgets(group: string, spec: object, version: object = {}): Promise<string> {
    const free = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
    const schema = { openAPIV3Schema: { type: 'object', properties: { spec, status: free } } };
    const names = { plural: 'widgets', kind: 'Widget' };
    const definition = aDefinition(group, names, {
      schema,
      subresources: { status: {} },
      ...version,
    });
    const made = await this.request('POST', DEFINITIONS, definition);
    if (made.code !== 201) throw new Error(made.body.message);
    return `/apis/${group}/v1/namespaces/default/widgets`;
  }

  async until(holds: () => Promise<boolean>): Promise<void> {
    const endMs = systemClock.now() + 10_000;
    while (!(await holds())) {
      if (systemClock.now() > endMs) throw new Error('it never came to be');
      await systemClock.sleep(20);
    }
  }

  async stop(): Promise<void> {
    this.#agent.destroy();
    await this.server.close();
  }

  async discard(): Promise<void> {
    await this.stop();
    await rm(this.stateDir, { recursive: true, force: true });
  }
}

/** A CustomResourceDefinition with one version, which `version` says more of. */
export function aDefinition(
  group: string,
  names: { readonly plural: string; readonly kind: string },
  version: object,
  spec: object = {},
) {
  const versions = [{ name: 'v1', served: true, storage: true, ...version }];
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${names.plural}.${group}` },
    spec: { group, scope: 'Namespaced', names, versions, ...spec },
  };
}

export function aWidget(group: string, name: string, spec: unknown, metadata: object = {}) {
  return { apiVersion: `${group}/v1`, kind: 'Widget', metadata: { name, ...metadata }, spec };
}

export function aConfigMap(name: string, data: Record<string, string> = {}, metadata: object = {}) {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...metadata }, data };
}

export const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';
