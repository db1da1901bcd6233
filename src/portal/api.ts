/** The portal's API: each route, in the order in which a person meets it. Who may do what the Kubernetes API decides. */
import type { IncomingMessage } from 'node:http';
import type { ObservedClaim } from '../claims/observation/observe.js';
import { PdrError } from '../support/errors.js';
import type { KubernetesClient, ResourceType } from '../support/kubernetes/client.js';
import type { KubernetesObject } from '../support/kubernetes/objects.js';
import { sitesOf, type AwsAccess } from './aws/aws-access.js';
import type { RegionPolls } from './aws/region-polls.js';
import { readCatalogue } from './claims/catalogue.js';
import { mayOnClaim } from './claims/claim-view.js';
import { createClaim, previewOf } from './claims/draft.js';
import { applyEdit, previewEdit, readManifest } from './claims/edit.js';
import { latestEvents } from './claims/events.js';
import type { ClaimEvents, ClaimKey, Draft, Edit, ListEvents, SessionView } from './contract.js';
import { EventStream } from './http/event-stream.js';
import {
  integerOf,
  readJson,
  recordOf,
  sendJson,
  textOf,
  unusable,
  type Exchange,
} from './http/exchange.js';
import { Router } from './http/router.js';
import { CLAIM_TYPES, isForm } from './live/claim-kinds.js';
import { checkMayRead, noSuchClaim, streamClaim } from './live/claim-stream.js';
import type { ClaimViews } from './live/claim-views.js';
import type { ListFeed } from './live/list-feed.js';
import { streamList } from './live/list-stream.js';
import type { LiveContext } from './live/live-context.js';
import type { Caller, Callers } from './session/callers.js';
import { SessionCookie } from './session/session-cookie.js';
import type { SignInLinks } from './session/sign-in-links.js';

export interface ApiContext extends LiveContext {
  readonly callers: Callers;
  readonly session: SessionCookie;
  readonly links: SignInLinks;
  /** The portal's own account. */
  readonly own: KubernetesClient;
  readonly feed: ListFeed;
  readonly views: ClaimViews;
  readonly aws: AwsAccess | undefined;
  readonly polls: RegionPolls | undefined;
}

const SELF_REVIEW: ResourceType = {
  apiVersion: 'authentication.k8s.io/v1',
  kind: 'SelfSubjectReview',
  plural: 'selfsubjectreviews',
  namespaced: false,
};
const CLAIM = '/api/claims/:form/:namespace/:name';

export function createApi(context: ApiContext): Router {
  const { callers, session, links } = context;

  /** A route for callers who are signed in. */
  const forCaller =
    (work: (exchange: Exchange, caller: Caller) => Promise<unknown>) =>
    async (exchange: Exchange) => {
      const caller = callers.of(exchange.request);
      const answer = await callers.limited(caller, () => work(exchange, caller));
      sendJson(exchange.response, 200, answer ?? {});
    };
  const onClaim = (work: (key: ClaimKey, caller: Caller, exchange: Exchange) => Promise<unknown>) =>
    forCaller((exchange, caller) => work(claimKeyIn(exchange.params), caller, exchange));

  return new Router()
    .on('GET /api/session', async ({ request, response }) => {
      const caller = callers.find(request);
      // That nobody is signed in is an answer and no failure: it is how everybody arrives.
      const view =
        caller === undefined
          ? null
          : await callers.limited(caller, () => sessionViewOf(context, caller));
      sendJson(response, 200, view);
    })
    .on('POST /api/session', async ({ request, response }) => {
      const body = await readJson(request);
      const token =
        'ticket' in body ? links.redeem(textOf(body, 'ticket')) : textOf(body, 'token').trim();
      checkToken(token);
      const view = await sessionViewOf(context, callers.withToken(token));
      response.setHeader('set-cookie', session.seal(token, isSecure(request)));
      sendJson(response, 200, view);
    })
    .on('DELETE /api/session', ({ request, response }) => {
      response.setHeader('set-cookie', session.forget(isSecure(request)));
      sendJson(response, 200, {});
    })
    .on('GET /api/stream', ({ request, response }) => {
      const caller = callers.of(request);
      streamList(context, caller, new EventStream<ListEvents>(response));
    })
    .on(
      'GET /api/catalogue',
      forCaller((_, caller) => readCatalogue(caller.client)),
    )
    .on(
      'POST /api/preview',
      forCaller(async ({ request }, caller) =>
        previewOf(context, caller, draftIn(await readJson(request))),
      ),
    )
    .on(
      'POST /api/claims',
      forCaller(async ({ request }, caller) => {
        await createClaim(caller, draftIn(await readJson(request)));
      }),
    )
    .on(
      `GET ${CLAIM}`,
      onClaim((key, caller) => readManifest(caller, key)),
    )
    .on(`GET ${CLAIM}/stream`, ({ request, response, params }) => {
      const key = claimKeyIn(params);
      streamClaim(context, callers.of(request), key, new EventStream<ClaimEvents>(response));
    })
    .on(
      `GET ${CLAIM}/events`,
      onClaim(async (key, caller) =>
        latestEvents(caller, await readableClaim(context, caller, key)),
      ),
    )
    .on(
      `POST ${CLAIM}/changes`,
      onClaim(async (key, caller, { request }) =>
        previewEdit(caller, key, editIn(await readJson(request))),
      ),
    )
    .on(
      `PUT ${CLAIM}`,
      onClaim(async (key, caller, { request }) =>
        applyEdit(caller, key, editIn(await readJson(request))),
      ),
    )
    .on(
      `DELETE ${CLAIM}`,
      onClaim(async (key, { client }, { request }) => {
        const { form, namespace, name } = key;
        const uid = textOf(await readJson(request), 'uid');
        const preconditions = { uid }; // the claim that was looked at, and no new one of its name
        if (await client.delete(CLAIM_TYPES[form], { namespace, name }, { preconditions })) return;
        throw noSuchClaim(key);
      }),
    )
    .on(
      `POST ${CLAIM}/payments`,
      onClaim(async (key, caller, { request }) => {
        const site = textOf(await readJson(request), 'site');
        return testPayment(context, caller, key, site);
      }),
    );
}

async function sessionViewOf(
  { aws }: ApiContext,
  { client, isProxied }: Caller,
): Promise<SessionView> {
  const user = await whoIs(client);
  const { metrics = false, payments = false } = aws ?? {};
  return { user, canSignOut: !isProxied, aws: { metrics, payments } };
}

async function whoIs(client: KubernetesClient): Promise<string> {
  const { apiVersion, kind } = SELF_REVIEW;
  const review = await client.create<KubernetesObject>(SELF_REVIEW, {
    apiVersion,
    kind,
    metadata: {},
  });
  const { userInfo } = (review.status ?? {}) as { userInfo?: { username?: string } };
  return userInfo?.username ?? '';
}

function checkToken(token: string): void {
  if (!/^[\x21-\x7e]+$/.test(token)) throw unusable('a token is one word of printable characters');
  if (SessionCookie.fits(token)) return;
  throw unusable(
    'the token is too long for a cookie: put a proxy before the portal that passes it as Authorization',
  );
}

/** Whether the browser speaks TLS, to us or to the ingress before us. */
function isSecure({ headers }: IncomingMessage): boolean {
  return headers['x-forwarded-proto'] === 'https';
}

/** May the caller pay through the claim's functions? Whoever may change the service may try it. */
async function testPayment(context: ApiContext, caller: Caller, key: ClaimKey, site: string) {
  const { aws, clock } = context;
  const subject = `${key.namespace}/${key.name}`;
  if (aws?.payments !== true) throw new PdrError('PDR2009', { subject: 'test payments' });
  const { claim } = await readableClaim(context, caller, key);
  if (!(await mayOnClaim(context.access, caller, 'patch', key))) {
    const detail = 'a test payment takes the right to patch the claim';
    throw new PdrError('PDR2002', { subject, detail });
  }
  const names = sitesOf(claim).find((one) => one.site === site);
  if (names === undefined) throw unusable('site is primary or secondary');
  const { sendTestPayment } = await import('./aws/test-payment.js');
  return sendTestPayment(aws, names, clock);
}

async function readableClaim(
  context: ApiContext,
  caller: Caller,
  key: ClaimKey,
): Promise<ObservedClaim> {
  await checkMayRead(context, caller, key);
  const observed = context.views.observed(key);
  if (observed === undefined) throw noSuchClaim(key);
  return observed;
}

function claimKeyIn({ form = '', namespace = '', name = '' }: Exchange['params']): ClaimKey {
  if (isForm(form)) return { form, namespace, name };
  throw unusable('a claim is of the form cluster or namespaced');
}

function draftIn(body: Readonly<Record<string, unknown>>): Draft {
  const [form, namespace, name] = [
    textOf(body, 'form'),
    textOf(body, 'namespace'),
    textOf(body, 'name'),
  ];
  return { ...claimKeyIn({ form, namespace, name }), spec: recordOf(body, 'spec') };
}

function editIn(body: Readonly<Record<string, unknown>>): Edit {
  return { generation: integerOf(body, 'generation'), spec: recordOf(body, 'spec') };
}
