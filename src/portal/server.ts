/**
 * The portal: a web page and a small server on the Kubernetes API.
 *
 * `payments-dr portal` and `payments-dr up` start it. A request passes the guard, then the routes of `api.ts`; everything else is
 * the page. It may do nothing by itself but watch (`live/shared-watch.ts`): every other call to the cluster is made with the
 * caller's own token. Two portals in one process never see each other.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { KubeConfig } from '@kubernetes/client-node';
import type { Clock } from '../support/clock.js';
import { PdrError } from '../support/errors.js';
import { KubernetesClient } from '../support/kubernetes/client.js';
import type { Log } from '../support/log.js';
import { createApi } from './api.js';
import type { AwsAccess } from './aws/aws-access.js';
import type { RegionPolls } from './aws/region-polls.js';
import { Assets } from './http/assets.js';
import { sendJson, sendRefusal, unusable } from './http/exchange.js';
import { checkOrigin, setSecurityHeaders } from './http/guard.js';
import type { Router } from './http/router.js';
import { ClaimViews } from './live/claim-views.js';
import { ListFeed } from './live/list-feed.js';
import { SharedWatch } from './live/shared-watch.js';
import { Access } from './session/access.js';
import { Callers } from './session/callers.js';
import { SessionCookie } from './session/session-cookie.js';
import { SignInLinks } from './session/sign-in-links.js';

/** How long one call to the API server may take before the page is told that it is slow. */
const API_TIMEOUT_MS = 10_000;
export const SESSION_KEY_BYTES = 32;
const LOOPBACK = '127.0.0.1';

export interface PortalOptions {
  /** The cluster, and the portal's own account in it. */
  readonly kubeConfig: KubeConfig;
  /** The built page. */
  readonly pageDir: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** @default 127.0.0.1 */
  readonly host?: string;
  /** Seals the sessions; replicas share it. 32 bytes. @default a new one: sessions end with the process */
  readonly sessionKey?: Buffer;
  /** @default none: the page says that it is off */
  readonly aws?: AwsAccess;
  /** @default 10000 */
  readonly apiTimeoutMs?: number;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Portal {
  readonly url: string;
  /** A link that signs in with this token, once. */
  signInLink(token: string): string;
  close(): Promise<void>;
}

/** Rejects with PDR1001 (kubeconfig), PDR1002 (port in use) or PDR2012 (page not built). */
export async function servePortal(options: PortalOptions): Promise<Portal> {
  const {
    kubeConfig,
    clock,
    log,
    aws,
    host = LOOPBACK,
    apiTimeoutMs: timeoutMs = API_TIMEOUT_MS,
  } = options;
  const own = new KubernetesClient(kubeConfig, { timeoutMs });
  const cluster = kubeConfig.getCurrentCluster();
  if (cluster === null) throw new PdrError('PDR1001', { subject: 'kubeconfig' });
  const assets = await Assets.load(options.pageDir);
  const session = new SessionCookie(options.sessionKey ?? randomBytes(SESSION_KEY_BYTES), clock);
  const links = new SignInLinks();
  const callers = new Callers(cluster, session, timeoutMs);
  const watch = new SharedWatch({ client: own, clock, log });
  const polls = aws?.metrics === true ? await followRegions(aws, watch, clock) : undefined;
  const access = new Access(clock);
  const feed = new ListFeed(watch, clock);
  const views = new ClaimViews(watch);
  const api = createApi({
    callers,
    session,
    links,
    watch,
    access,
    clock,
    log,
    own,
    feed,
    views,
    aws,
    polls,
  });

  const server = createServer((request, response) => {
    void answer({ api, assets, log, isLoopback: host === LOOPBACK }, request, response);
  });
  const port = await listen(server, options.port, host);
  await watch.start();
  const url = `http://${host === LOOPBACK ? LOOPBACK : 'localhost'}:${port}`;
  return {
    url,
    signInLink: (token) => `${url}/sign-in#${links.issue(token)}`,
    close: async () => {
      server.close();
      server.closeAllConnections();
      polls?.close();
      feed.close();
      await watch.close();
      callers.close();
      own.close();
    },
  };
}

/** The AWS SDK is loaded by a portal that was given AWS, and by no other. */
async function followRegions(
  aws: AwsAccess,
  watch: SharedWatch,
  clock: Clock,
): Promise<RegionPolls> {
  const { RegionPolls: Polls } = await import('./aws/region-polls.js');
  return new Polls(aws, watch, clock);
}

interface Serving {
  readonly api: Router;
  readonly assets: Assets;
  readonly log: Log;
  readonly isLoopback: boolean;
}

async function answer(
  { api, assets, log, isLoopback }: Serving,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    setSecurityHeaders(response);
    const url = new URL(request.url ?? '/', 'http://portal');
    if (url.pathname === '/healthz') {
      sendJson(response, 200, {});
      return;
    }
    checkOrigin(request, isLoopback);
    const route = api.match(request, response, url);
    if (route !== undefined) await route();
    else if (url.pathname.startsWith('/api/'))
      throw unusable(`there is no ${request.method ?? ''} ${url.pathname}`);
    else if (request.method === 'GET' || request.method === 'HEAD')
      assets.send(request, response, url.pathname);
    else throw unusable(`a page takes no ${request.method ?? ''}`);
  } catch (thrown) {
    const error = sendRefusal(response, thrown);
    if (error.code === 'PDR2012')
      log.error('a request failed', { path: request.url, error: error.cause });
    else log.debug('a request was refused', { path: request.url, error });
  }
}

async function listen(server: Server, port: number, host: string): Promise<number> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new PdrError('PDR1002', { subject: `port ${port}`, detail, cause });
  }
  return (server.address() as AddressInfo).port;
}
