/** Reviews: what a user asks of itself (who am I, what may I), and tokens for service accounts. Nothing is stored. */
import type { KubernetesObject } from '../../../support/kubernetes/objects.js';
import { toKubernetesTime } from '../../../support/clock.js';
import { badRequest, conflict, invalid, notFound } from '../http/status-error.js';
import { isJsonObject, textAt, valueAt, type JsonObject } from '../json/json.js';
import { trackUpdate } from '../managed-fields/managers.js';
import {
  AUTHORIZATION_GROUP,
  refuseOtherNamespace,
  reviewAccess,
  textsAt,
  userOfReview,
} from './access-reviews.js';
import type { Authorization } from './authorization.js';
import type { BoundSecret, Tokens } from './tokens.js';
import type { User } from './user.js';
import type { Store } from '../storage/store.js';

export interface ReviewContext {
  readonly user: User;
  readonly authorization: Authorization;
  readonly tokens: Tokens;
  readonly store: Store;
  /** Of the path; empty outside of any. */
  readonly namespace: string;
  /** Whose the fields of the review are. */
  readonly manager: string;
  /** RFC 3339. */
  readonly now: string;
}

export interface ReviewKind {
  readonly group: string;
  readonly plural: string;
  readonly kind: string;
  readonly isNamespaced: boolean;
  readonly answer: (review: JsonObject, context: ReviewContext) => JsonObject;
}

const MIN_TOKEN_SECONDS = 600;
const DEFAULT_TOKEN_SECONDS = 3600;
const MAX_TOKEN_SECONDS = 2 ** 32;

export const REVIEW_KINDS: readonly ReviewKind[] = [
  {
    group: 'authentication.k8s.io',
    plural: 'selfsubjectreviews',
    kind: 'SelfSubjectReview',
    isNamespaced: false,
    answer: (review, { user, now }) => ({
      ...review,
      metadata: { creationTimestamp: now },
      status: { userInfo: userInfoOf(user) },
    }),
  },
  {
    group: 'authentication.k8s.io',
    plural: 'tokenreviews',
    kind: 'TokenReview',
    isNamespaced: false,
    answer: (sent, context) => {
      const { tokens } = context;
      const review = managed(sent, 'authentication.k8s.io', context);
      if (textAt(review, 'spec', 'token') === '')
        throw badRequest('token is required for TokenReview in authentication');
      const wanted = textsAt(review, 'spec', 'audiences');
      const bearer = tokens.authenticate(
        textAt(review, 'spec', 'token'),
        wanted.length === 0 ? undefined : wanted,
      );
      const status =
        bearer === undefined
          ? { user: {}, error: 'invalid bearer token' }
          : {
              authenticated: true,
              user: userInfoOf(bearer.user),
              audiences: [...bearer.audiences],
            };
      return { ...review, status };
    },
  },
  {
    group: AUTHORIZATION_GROUP,
    plural: 'selfsubjectaccessreviews',
    kind: 'SelfSubjectAccessReview',
    isNamespaced: false,
    answer: (sent, context) => {
      const review = managed(sent, AUTHORIZATION_GROUP, context);
      return reviewAccess(review, context.user, context.authorization);
    },
  },
  {
    group: AUTHORIZATION_GROUP,
    plural: 'subjectaccessreviews',
    kind: 'SubjectAccessReview',
    isNamespaced: false,
    answer: (sent, context) => {
      const review = managed(sent, AUTHORIZATION_GROUP, context);
      return reviewAccess(review, userOfReview(review), context.authorization);
    },
  },
  {
    group: AUTHORIZATION_GROUP,
    plural: 'localsubjectaccessreviews',
    kind: 'LocalSubjectAccessReview',
    isNamespaced: true,
    answer: (sent, context) => {
      const review = managed(sent, AUTHORIZATION_GROUP, context);
      refuseOtherNamespace(review, context.namespace);
      return reviewAccess(review, userOfReview(review), context.authorization);
    },
  },
  {
    group: AUTHORIZATION_GROUP,
    plural: 'selfsubjectrulesreviews',
    kind: 'SelfSubjectRulesReview',
    isNamespaced: false,
    answer: (review, { user, authorization }) => {
      const namespace = textAt(review, 'spec', 'namespace');
      if (namespace === '') throw badRequest('no namespace on request');
      const rules = authorization.rulesOf(user, namespace);
      const status = {
        resourceRules: rules.filter((rule) => 'resources' in rule),
        nonResourceRules: rules.filter((rule) => 'nonResourceURLs' in rule),
        incomplete: false,
      };
      return { ...review, spec: {}, status };
    },
  },
];

/** POST of a service account's `token`. Throws NotFound and Invalid; BadRequest for what it cannot be bound to. */
export function requestToken(
  sent: JsonObject,
  namespace: string,
  name: string,
  { tokens, store, now }: ReviewContext,
): KubernetesObject {
  const account = store.get({ resource: 'serviceaccounts', namespace, name });
  if (account === undefined) throw notFound({ group: '', kind: 'serviceaccounts', name });
  const seconds = valueAt(sent, ['spec', 'expirationSeconds']) ?? DEFAULT_TOKEN_SECONDS;
  if (typeof seconds !== 'number' || seconds < MIN_TOKEN_SECONDS) {
    throw invalid({ group: 'authentication.k8s.io', kind: 'TokenRequest' }, [
      {
        type: 'Invalid',
        field: 'spec.expirationSeconds',
        value: seconds,
        detail: 'may not specify a duration less than 10 minutes',
      },
    ]);
  }
  if (seconds > MAX_TOKEN_SECONDS) {
    const detail = 'may not specify a duration larger than 2^32 seconds';
    throw invalid({ group: 'authentication.k8s.io', kind: 'TokenRequest' }, [
      { type: 'Invalid', field: 'spec.expirationSeconds', value: seconds, detail },
    ]);
  }
  const bound = valueAt(sent, ['spec', 'boundObjectRef']);
  const { uid } = account.object.metadata;
  const { token, expirySeconds, audiences } = tokens.issue(
    { namespace, name },
    uid,
    seconds,
    textsAt(sent, 'spec', 'audiences'),
    isJsonObject(bound) ? boundSecret(bound, namespace, store) : undefined,
  );
  return {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { name, namespace, uid, creationTimestamp: now },
    spec: {
      audiences: [...audiences],
      expirationSeconds: seconds,
      boundObjectRef: isJsonObject(bound) ? bound : null,
    },
    status: { token, expirationTimestamp: toKubernetesTime(expirySeconds * 1000) },
  };
}

/** The object whose life a token shares: of those that the real server takes, only secrets are served here. */
function boundSecret(bound: JsonObject, namespace: string, store: Store): BoundSecret {
  const [apiVersion, kind] = [textAt(bound, 'apiVersion'), textAt(bound, 'kind')];
  if (apiVersion !== 'v1' || kind !== 'Secret')
    throw badRequest(`cannot bind token to object of type /${apiVersion}, Kind=${kind}`);
  const [name, wantedUid] = [textAt(bound, 'name'), textAt(bound, 'uid')];
  const secret = store.get({ resource: 'secrets', namespace, name });
  if (secret === undefined) throw notFound({ group: '', kind: 'secrets', name });
  const { uid } = secret.object.metadata;
  if (wantedUid === '' || wantedUid === uid) return { name, uid };
  const why = `the UID in the bound object reference (${wantedUid}) does not match the UID in record. The object might have been deleted and then recreated`;
  throw conflict({ group: '', kind: 'Secret', name }, why);
}

function userInfoOf({ name, uid, groups, extra }: User) {
  return {
    username: name,
    ...(uid === undefined ? {} : { uid }),
    groups,
    ...(extra === undefined ? {} : { extra }),
  };
}

/** A review with the fields that its sender set, as every object has them. */
function managed(
  { status: _status, ...review }: JsonObject,
  group: string,
  { manager, now, namespace }: ReviewContext,
): JsonObject {
  const metadata = {
    ...(isJsonObject(review.metadata) ? review.metadata : {}),
    ...(namespace === '' ? {} : { namespace }),
  };
  const object = { ...review, metadata } as unknown as KubernetesObject;
  const managedFields = trackUpdate(undefined, object, {
    manager,
    apiVersion: `${group}/v1`,
    subresource: '',
    now,
    schema: {},
    hasStatus: true,
    isCustom: false,
    zero: { spec: {} },
  });
  return { ...review, metadata: { ...metadata, managedFields } };
}
