/**
 * The router: each request is authenticated, authorized and taken to what answers it.
 *
 * Resources go to the verbs, everything else (discovery, OpenAPI, health, version) is answered here. Whatever goes
 * wrong becomes a `Status`; nothing that a client sends ends the server.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { toKubernetesTime } from '../../../support/clock.js';
import { authenticate } from '../access/authentication.js';
import type { Access, Authorization } from '../access/authorization.js';
import { impersonate } from '../access/impersonation.js';
import { KEY_SET_PATH, OPENID_CONFIGURATION_PATH } from '../access/issuer-discovery.js';
import {
  requestToken,
  REVIEW_KINDS,
  type ReviewContext,
  type ReviewKind,
} from '../access/reviews.js';
import type { Tokens } from '../access/tokens.js';
import type { User } from '../access/user.js';
import {
  aggregatedDiscovery,
  apiGroup,
  apiGroupList,
  apiResourceList,
  apiVersions,
  groupsOf,
} from '../discovery/discovery.js';
import type { OpenApi } from '../discovery/openapi.js';
import { finalizeNamespace } from '../namespaces/finalize.js';
import { formatJson, isJsonObject, parseJson, type JsonObject } from '../json/json.js';
import type { Resource } from '../resources/resource.js';
import { readYaml } from '../verbs/body.js';
import type { Answer, Call, Plane } from '../verbs/call.js';
import { create } from '../verbs/create.js';
import { remove, removeCollection } from '../verbs/delete.js';
import { get } from '../verbs/get.js';
import { list } from '../verbs/list.js';
import { managerOfUserAgent, readBoolean } from '../verbs/options.js';
import { patch } from '../verbs/patch.js';
import { scale } from '../verbs/scale.js';
import { update } from '../verbs/update.js';
import { watch } from '../verbs/watch.js';
import {
  sendAnswer,
  sendBytes,
  sendJson,
  sendStatus,
  sendText,
  warningOf,
  type Exchange,
} from './answers.js';
import { healthAt, HEALTH_PATHS } from './health.js';
import { negotiate, type Accepted, type Form } from './negotiation.js';
import { readRequestBody } from './request-body.js';
import { PROTOBUF, readProtobuf } from '../protobuf/protobuf-body.js';
import { parseResourcePath, type ResourcePath } from './resource-path.js';
import {
  badRequest,
  internalError,
  methodNotAllowed,
  noSuchResource,
  notFound,
  StatusError,
  unsupportedMediaType,
} from './status-error.js';

export interface RouterContext {
  readonly plane: Plane;
  readonly tokens: Tokens;
  readonly authorization: Authorization;
  readonly openApi: OpenApi;
  readonly address: () => string;
}

const VERSION = {
  major: '1',
  minor: '34',
  emulationMajor: '1',
  emulationMinor: '34',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '33',
  gitVersion: 'v1.34.0+payments-dr',
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: '',
  compiler: '',
  platform: `${process.platform}/${process.arch === 'x64' ? 'amd64' : process.arch}`,
};
const OPENAPI_PROTOBUF = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';
const NOT_FOUND_TEXT = '404 page not found\n';
const OBJECT_FORMS: readonly Form[] = ['table', 'partial', 'partial-list'];

interface Visit {
  readonly context: RouterContext;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly user: User;
}

export function createRouter(context: RouterContext) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      await route(context, request, response);
    } catch (error) {
      sendStatus(response, asStatus(error, context, request));
    }
  };
}

function asStatus(error: unknown, { plane }: RouterContext, request: IncomingMessage): StatusError {
  if (error instanceof StatusError) return error;
  plane.log.error('request failed', { method: request.method, url: request.url, error });
  return internalError(error instanceof Error ? error.message : String(error));
}

async function route(
  context: RouterContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = 'GET', url = '/' } = request;
  const at = url.indexOf('?');
  const path = at < 0 ? url : url.slice(0, at);
  const query = new URLSearchParams(at < 0 ? '' : url.slice(at + 1));
  const user = impersonate(
    authenticate(request, context.tokens),
    request.headers,
    context.authorization,
  );
  const visit: Visit = { context, request, response, method, path, query, user };
  const target = parseResourcePath(path);
  if (target === undefined) answerPath(visit);
  else await answerResource(visit, target);
}

function answerPath(visit: Visit): void {
  const { context, request, response, method, path, query, user } = visit;
  const verb = method.toLowerCase();
  context.authorization.check(user, { verb, path });
  const health = healthAt(path, query);
  if (health !== undefined) {
    sendText(response, 200, health);
    return;
  }
  const trimmed = path.replace(/\/$/, '');
  const json = documentAt(visit, trimmed);
  if (json === undefined) {
    if (trimmed.startsWith('/api/')) throw noSuchResource();
    sendText(response, 404, trimmed.startsWith('/openapi/') ? '' : NOT_FOUND_TEXT);
    return;
  }
  // The list of groups is answered whatever the method, as on the real server.
  if (method !== 'GET' && method !== 'HEAD' && trimmed !== '/apis') throw methodNotAllowed();
  if (trimmed === '/openapi/v2' && request.headers.accept?.includes(OPENAPI_PROTOBUF) === true) {
    sendBytes(response, context.openApi.swaggerProtobuf(), OPENAPI_PROTOBUF.replace('@', '.'));
    return;
  }
  // Strangers read these, who know nothing of the API's media types.
  if (trimmed === KEY_SET_PATH || trimmed === OPENID_CONFIGURATION_PATH) {
    response.setHeader('cache-control', 'public, max-age=3600');
    const type = trimmed === KEY_SET_PATH ? 'application/jwk-set+json' : 'application/json';
    sendBytes(response, Buffer.from(json), type);
    return;
  }
  const exchange = exchangeOf(visit, ['discovery']);
  const isAggregated = exchange.accepted.form === 'discovery';
  sendJson(
    exchange,
    200,
    json,
    isAggregated
      ? 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'
      : undefined,
  );
}

function documentAt(visit: Visit, path: string): string | undefined {
  const { context, request } = visit;
  const { registry } = context.plane;
  const { openApi } = context;
  const isAggregated = () => negotiate(request.headers.accept, ['discovery']).form === 'discovery';
  switch (path) {
    case '/version':
      return formatJson(VERSION);
    case '':
      return formatJson({
        paths: [
          OPENID_CONFIGURATION_PATH,
          '/api',
          '/api/v1',
          '/apis',
          ...HEALTH_PATHS,
          '/openapi/v2',
          '/openapi/v3',
          KEY_SET_PATH,
          '/version',
        ],
      });
    case '/api':
      return formatJson(
        isAggregated() ? aggregatedDiscovery(registry, true) : apiVersions(context.address()),
      );
    case '/apis':
      return formatJson(
        isAggregated() ? aggregatedDiscovery(registry, false) : apiGroupList(registry),
      );
    case OPENID_CONFIGURATION_PATH:
      return formatJson(context.tokens.openIdConfiguration);
    case KEY_SET_PATH:
      return formatJson(context.tokens.keySet);
    case '/openapi/v2':
      return openApi.swagger();
    case '/openapi/v3':
      return formatJson(openApi.index());
  }
  if (path.startsWith('/openapi/v3/')) return openApi.document(path.slice('/openapi/v3/'.length));
  const [, root, group = '', version] = path.split('/');
  if (root === 'api' && group !== '') {
    return registry.isServed('', group) && version === undefined
      ? formatJson(apiResourceList(registry, '', group))
      : undefined;
  }
  const versions = root === 'apis' ? groupsOf(registry).get(group) : undefined;
  if (versions === undefined) return undefined;
  if (version === undefined)
    return formatJson({ kind: 'APIGroup', apiVersion: 'v1', ...apiGroup(group, versions) });
  return versions.includes(version)
    ? formatJson(apiResourceList(registry, group, version))
    : undefined;
}

async function answerResource(visit: Visit, target: ResourcePath): Promise<void> {
  const { context, response, method, user } = visit;
  const { registry } = context.plane;
  const resource = registry.find(target.group, target.version, target.plural);
  context.authorization.check(user, accessOf(visit, target));
  const review = REVIEW_KINDS.find(
    ({ group, plural }) => group === target.group && plural === target.plural,
  );
  if (review !== undefined && target.version === 'v1') {
    await answerReview(visit, review, target.namespace);
    return;
  }
  if (resource === undefined) {
    const isBuiltIn =
      registry.isServed(target.group, target.version) &&
      !registry.resourcesOf(`${target.group}/${target.version}`).some(({ isCustom }) => isCustom);
    if (isBuiltIn || target.group === '') throw noSuchResource();
    sendText(response, 404, NOT_FOUND_TEXT);
    return;
  }
  checkScope(resource, target);
  const isRead = method === 'GET' || method === 'HEAD';
  if (resource.isCustom && resource.isNamespaced && target.namespace === '' && !isRead) {
    sendText(response, 404, NOT_FOUND_TEXT);
    return;
  }
  if (resource.deprecationWarning !== undefined)
    response.appendHeader('warning', warningOf(resource.deprecationWarning));
  const isWatch = method === 'GET' && readBoolean(visit.query, 'watch');
  const exchange = exchangeOf(visit, OBJECT_FORMS);
  const call = callOf(visit, resource, target, formOf(exchange.accepted));
  const answer = await dispatch(call, method, isWatch, context, visit);
  await sendAnswer(exchange, resource, answer);
}

function checkScope(resource: Resource, { namespace, name }: ResourcePath): void {
  if (!resource.isNamespaced && namespace !== '') throw noSuchResource();
  if (resource.isNamespaced && namespace === '' && name !== '') throw noSuchResource();
}

async function dispatch(
  call: Call,
  method: string,
  isWatch: boolean,
  context: RouterContext,
  visit: Visit,
): Promise<Answer> {
  const { resource, name, subresource } = call;
  if (subresource !== '' && !(subresource === 'status' && resource.hasStatus)) {
    return dispatchSubresource(call, method, context, visit);
  }
  if (name === '') {
    if (method === 'GET') return isWatch ? watch(call) : list(call);
    if (method === 'POST' && (!resource.isNamespaced || call.namespace !== '')) return create(call);
    if (method === 'DELETE' && canRemoveCollection(call)) return removeCollection(call);
    throw methodNotAllowed();
  }
  switch (method) {
    case 'GET':
      return isWatch ? watch(call) : get(call);
    case 'PUT':
      return update(call);
    case 'PATCH':
      return patch(call);
    case 'DELETE':
      if (subresource === '') return remove(call);
      throw methodNotAllowed();
    default:
      throw methodNotAllowed();
  }
}

function canRemoveCollection({ resource, namespace }: Call): boolean {
  return (
    resource.verbs.includes('deletecollection') && (!resource.isNamespaced || namespace !== '')
  );
}

async function dispatchSubresource(
  call: Call,
  method: string,
  context: RouterContext,
  visit: Visit,
): Promise<Answer> {
  const { resource, subresource, namespace, name } = call;
  if (subresource === 'scale' && resource.scale !== undefined) return scale(call, method);
  if (subresource === 'finalize' && resource.storage === 'namespaces' && method === 'PUT')
    return finalizeNamespace(call);
  if (subresource === 'token' && resource.storage === 'serviceaccounts' && method === 'POST') {
    const sent = await readReview(visit);
    return {
      kind: 'body',
      code: 201,
      body: requestToken(sent, namespace, name, reviewContextOf(visit, context)),
    };
  }
  if (resource.isCustom) throw notFound({ group: resource.group, kind: resource.plural, name });
  throw noSuchResource();
}

async function answerReview(visit: Visit, review: ReviewKind, namespace: string): Promise<void> {
  if (visit.method !== 'POST') throw methodNotAllowed();
  if (review.isNamespaced !== (namespace !== '')) throw noSuchResource();
  const sent = await readReview(visit);
  const answer = review.answer(sent, { ...reviewContextOf(visit, visit.context), namespace });
  const body = { kind: review.kind, apiVersion: `${review.group}/v1`, metadata: {}, ...answer };
  sendJson(exchangeOf(visit, OBJECT_FORMS), 201, formatJson(body));
}

function reviewContextOf(
  { user, request, query }: Visit,
  { authorization, tokens, plane }: RouterContext,
): ReviewContext {
  const manager =
    query.get('fieldManager') ?? managerOfUserAgent(request.headers['user-agent'] ?? '');
  const now = toKubernetesTime(plane.clock.now());
  return { user, authorization, tokens, store: plane.store, namespace: '', manager, now };
}

async function readReview({ request }: Visit): Promise<JsonObject> {
  const contentType = contentTypeOf(request);
  if (!['application/json', 'application/yaml', PROTOBUF, ''].includes(contentType)) {
    throw unsupportedMediaType(['application/json', 'application/yaml', PROTOBUF]);
  }
  const bytes = await readRequestBody(request);
  if (contentType === PROTOBUF) return readProtobuf(bytes);
  const text = bytes.toString();
  let sent: unknown;
  try {
    sent = contentType === 'application/yaml' ? readYaml(text) : parseJson(text).value;
  } catch (error) {
    throw badRequest(error instanceof Error ? error.message : String(error));
  }
  if (!isJsonObject(sent)) throw badRequest('the review is not an object');
  return sent;
}

function accessOf(
  { method, query }: Visit,
  { group, plural, namespace, name, subresource }: ResourcePath,
): Access {
  // A namespace is looked at from within itself.
  const scope = plural === 'namespaces' && group === '' ? name : namespace;
  return {
    verb: verbOf(method, name, query),
    group,
    resource: plural,
    subresource,
    namespace: scope,
    name,
  };
}

function verbOf(method: string, name: string, query: URLSearchParams): string {
  switch (method) {
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return name === '' ? 'deletecollection' : 'delete';
    default:
      if (readBoolean(query, 'watch')) return 'watch';
      return name === '' ? 'list' : 'get';
  }
}

function formOf({ form }: Accepted): Call['form'] {
  if (form === 'table') return 'table';
  return form === 'partial' || form === 'partial-list' ? 'partial' : 'object';
}

function callOf(visit: Visit, resource: Resource, target: ResourcePath, form: Call['form']): Call {
  const { context, request, response, query, user } = visit;
  return {
    plane: context.plane,
    resource,
    namespace: target.namespace,
    name: target.name,
    subresource: target.subresource,
    query,
    contentType: contentTypeOf(request),
    userAgent: request.headers['user-agent'] ?? '',
    user,
    form,
    warn: (message) => response.appendHeader('warning', warningOf(message)),
    readBytes: () => readRequestBody(request),
    readBody: async () => (await readRequestBody(request)).toString(),
  };
}

function exchangeOf(
  { context, request, response, query }: Visit,
  forms: readonly Form[],
): Exchange {
  return {
    request,
    response,
    accepted: negotiate(request.headers.accept, forms),
    nowMs: context.plane.clock.now(),
    query,
  };
}

function contentTypeOf(request: IncomingMessage): string {
  return (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}
