/**
 * The router: each request is authenticated, authorized and taken to what answers it.
 *
 * Resources go to the verbs, reviews and what the server says of itself to files of their own. Whatever goes wrong becomes a
 * `Status`; nothing that a client sends ends the server.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { authenticate } from '../access/authentication.js';
import type { Access } from '../access/authorization.js';
import { impersonate } from '../access/impersonation.js';
import { requestToken, REVIEW_KINDS } from '../access/reviews.js';
import { finalizeNamespace } from '../namespaces/finalize.js';
import type { Resource } from '../resources/resource.js';
import type { Answer, Call } from '../verbs/call.js';
import { create } from '../verbs/create.js';
import { remove, removeCollection } from '../verbs/delete.js';
import { get } from '../verbs/get.js';
import { list } from '../verbs/list.js';
import { readBoolean } from '../verbs/options.js';
import { patch } from '../verbs/patch.js';
import { scale } from '../verbs/scale.js';
import { update } from '../verbs/update.js';
import { watch } from '../verbs/watch.js';
import { sendAnswer } from './answers.js';
import { answerDocument } from './documents.js';
import type { Accepted } from './negotiation.js';
import { readRequestBody } from './request-body.js';
import { parseResourcePath, type ResourcePath } from './resource-path.js';
import { sendStatus, sendText, warningOf } from './responses.js';
import { answerReview, readReview, reviewContextOf } from './review-answers.js';
import {
  internalError,
  methodNotAllowed,
  noSuchResource,
  notFound,
  StatusError,
} from './status-error.js';
import {
  contentTypeOf,
  exchangeOf,
  NOT_FOUND_TEXT,
  OBJECT_FORMS,
  type RouterContext,
  type Visit,
} from './visit.js';

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
    request.headersDistinct,
    context.authorization,
  );
  const visit: Visit = { context, request, response, method, path, query, user };
  const target = parseResourcePath(path);
  if (target === undefined) answerDocument(visit);
  else await answerResource(visit, target);
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
  const isWatch = method === 'GET' && target.name === '' && readBoolean(visit.query, 'watch');
  const exchange = exchangeOf(visit, OBJECT_FORMS, resource.isCustom);
  const call = callOf(visit, resource, target, formOf(exchange.accepted));
  const answer = await dispatch(call, method, isWatch, visit);
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
  visit: Visit,
): Promise<Answer> {
  const { resource, name, subresource } = call;
  if (subresource !== '' && !(subresource === 'status' && resource.hasStatus)) {
    return dispatchSubresource(call, method, visit);
  }
  if (name === '') {
    if (method === 'GET') return isWatch ? watch(call) : list(call);
    if (method === 'POST' && (!resource.isNamespaced || call.namespace !== '')) return create(call);
    if (method === 'DELETE' && canRemoveCollection(call)) return removeCollection(call);
    throw methodNotAllowed();
  }
  switch (method) {
    case 'GET':
      return get(call);
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

async function dispatchSubresource(call: Call, method: string, visit: Visit): Promise<Answer> {
  const { resource, subresource, namespace, name } = call;
  if (subresource === 'scale' && resource.scale !== undefined) return scale(call, method);
  if (subresource === 'finalize' && resource.storage === 'namespaces' && method === 'PUT')
    return finalizeNamespace(call);
  if (subresource === 'token' && resource.storage === 'serviceaccounts' && method === 'POST') {
    const sent = await readReview(visit);
    return {
      kind: 'body',
      code: 201,
      body: requestToken(sent, namespace, name, reviewContextOf(visit)),
    };
  }
  if (resource.isCustom) throw notFound({ group: resource.group, kind: resource.plural, name });
  throw noSuchResource();
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
