/** Reviews and requests for tokens: the router's way to `access/reviews.ts`. */
import { toKubernetesTime } from '../../../support/clock.js';
import type { ReviewContext, ReviewKind } from '../access/reviews.js';
import { formatJson, isJsonObject, parseJson, type JsonObject } from '../json/json.js';
import { PROTOBUF, readProtobuf } from '../protobuf/protobuf-body.js';
import { readYaml } from '../verbs/body.js';
import { managerOfUserAgent } from '../verbs/options.js';
import { sendJson } from './responses.js';
import { readRequestBody } from './request-body.js';
import {
  badRequest,
  methodNotAllowed,
  noSuchResource,
  unsupportedMediaType,
} from './status-error.js';
import { contentTypeOf, exchangeOf, OBJECT_FORMS, type Visit } from './visit.js';

export async function answerReview(
  visit: Visit,
  review: ReviewKind,
  namespace: string,
): Promise<void> {
  if (visit.method !== 'POST') throw methodNotAllowed();
  if (review.isNamespaced !== (namespace !== '')) throw noSuchResource();
  const sent = await readReview(visit);
  const answer = review.answer(sent, { ...reviewContextOf(visit), namespace });
  const body = { kind: review.kind, apiVersion: `${review.group}/v1`, metadata: {}, ...answer };
  sendJson(exchangeOf(visit, OBJECT_FORMS), 201, formatJson(body));
}

export function reviewContextOf({ context, user, request, query }: Visit): ReviewContext {
  const { authorization, tokens, plane } = context;
  const manager =
    query.get('fieldManager') ?? managerOfUserAgent(request.headers['user-agent'] ?? '');
  const now = toKubernetesTime(plane.clock.now());
  return { user, authorization, tokens, store: plane.store, namespace: '', manager, now };
}

export async function readReview({ request }: Visit): Promise<JsonObject> {
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
