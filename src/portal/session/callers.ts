/**
 * Callers: whose request it is, and the Kubernetes API as that person reaches it.
 *
 * The token is the caller's own: from the Authorization header, which an OIDC proxy passes, else from the session. Whether it
 * is good, and for what, the API server decides with every call.
 */
import { createHash } from 'node:crypto';
import type { Agent, IncomingMessage } from 'node:http';
import { KubeConfig, type Cluster } from '@kubernetes/client-node';
import { PdrError } from '../../support/errors.js';
import { KubernetesClient } from '../../support/kubernetes/client.js';
import { agentFor } from '../../support/kubernetes/connection.js';
import type { SessionCookie } from './session-cookie.js';

export interface Caller {
  /** The same for the same token, and says nothing of it. */
  readonly id: string;
  readonly client: KubernetesClient;
  /** From the Authorization header: there is no session of ours to end. */
  readonly isProxied: boolean;
}

/** Clients of so many callers are kept; the one that has been away longest is dropped first. */
const KEPT = 500;
const IN_FLIGHT_LIMIT = 32;

export class Callers {
  readonly #clients = new Map<string, KubernetesClient>();
  readonly #inFlight = new Map<string, number>();
  /** Of all callers: a token goes with each request, and two hundred people's idle connections would be thousands. */
  readonly #agent: Agent;

  constructor(
    private readonly cluster: Cluster,
    private readonly session: SessionCookie,
    private readonly timeoutMs: number,
  ) {
    this.#agent = agentFor(cluster.server);
  }

  /** Throws PDR2001 where the request has no token. */
  of(request: IncomingMessage): Caller {
    const caller = this.find(request);
    if (caller === undefined) throw new PdrError('PDR2001', { subject: 'session' });
    return caller;
  }

  /** Undefined where the request has no token. */
  find(request: IncomingMessage): Caller | undefined {
    const header = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    const token = header ?? this.session.open(request);
    return token === undefined ? undefined : this.withToken(token, header !== undefined);
  }

  withToken(token: string, isProxied = false): Caller {
    const id = createHash('sha256').update(token).digest('base64url');
    const client = this.#clients.get(id) ?? this.#connect(token);
    this.#clients.delete(id);
    this.#clients.set(id, client);
    for (const oldest of this.#clients.keys()) {
      if (this.#clients.size <= KEPT) break;
      this.#clients.delete(oldest);
    }
    return { id, client, isProxied };
  }

  /** Runs `work` unless too much runs for this caller already: throws PDR2008 then. */
  async limited<T>({ id }: Caller, work: () => Promise<T>): Promise<T> {
    const running = this.#inFlight.get(id) ?? 0;
    if (running >= IN_FLIGHT_LIMIT) throw new PdrError('PDR2008', { subject: 'request' });
    this.#inFlight.set(id, running + 1);
    try {
      return await work();
    } finally {
      const left = (this.#inFlight.get(id) ?? 1) - 1;
      if (left === 0) this.#inFlight.delete(id);
      else this.#inFlight.set(id, left);
    }
  }

  close(): void {
    this.#agent.destroy();
    this.#clients.clear();
  }

  #connect(token: string): KubernetesClient {
    const kubeConfig = new KubeConfig();
    kubeConfig.loadFromOptions({
      clusters: [this.cluster],
      users: [{ name: 'caller', token }],
      contexts: [{ name: 'caller', cluster: this.cluster.name, user: 'caller' }],
      currentContext: 'caller',
    });
    return new KubernetesClient(kubeConfig, {
      timeoutMs: this.timeoutMs,
      agent: this.#agent,
    });
  }
}
