/** Reviews: what a user asks of itself (who am I, what may I), and tokens for service accounts. Nothing is stored. */
import type { KubernetesObject } from '../../../support/kubernetes/objects.js';
import { toKubernetesTime } from '../../../support/clock.js';
import { badRequest, invalid, notFound } from '../http/status-error.js';
import { isJsonObject, valueAt, type JsonObject } from '../json/json.js';
import type { Access, Authorization } from './authorization.js';
import type { Tokens } from './tokens.js';
import type { User } from './user.js';
import type { Store } from '../storage/store.js';

export interface ReviewContext {
  readonly user: User;
  readonly authorization: Authorization;
  readonly tokens: Tokens;
  readonly store: Store;
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

const textAt = (object: unknown, ...path: string[]): string => {
  const value = valueAt(object, path);
  return typeof value === 'string' ? value : '';
};

const textsAt = (object: unknown, ...path: string[]): string[] => {
  const value = valueAt(object, path);
  return Array.isArray(value) ? value.map(String) : [];
};

export const REVIEW_KINDS: readonly ReviewKind[] = [
  {
    group: 'authentication.k8s.io',
    plural: 'selfsubjectreviews',
    kind: 'SelfSubjectReview',
    isNamespaced: false,
    answer: (review, { user }) => ({ ...review, status: { userInfo: userInfoOf(user) } }),
  },
  {
    group: 'authentication.k8s.io',
    plural: 'tokenreviews',
    kind: 'TokenReview',
    isNamespaced: false,
    answer: (review, { tokens }) => {
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
    group: 'authorization.k8s.io',
    plural: 'selfsubjectaccessreviews',
    kind: 'SelfSubjectAccessReview',
    isNamespaced: false,
    answer: (review, { user, authorization }) => ({
      ...review,
      status: statusOf(authorization, user, review),
    }),
  },
  {
    group: 'authorization.k8s.io',
    plural: 'subjectaccessreviews',
    kind: 'SubjectAccessReview',
    isNamespaced: false,
    answer: (review, { authorization }) => {
      const user = {
        name: textAt(review, 'spec', 'user'),
        groups: textsAt(review, 'spec', 'groups'),
      };
      return { ...review, status: statusOf(authorization, user, review) };
    },
  },
  {
    group: 'authorization.k8s.io',
    plural: 'selfsubjectrulesreviews',
    kind: 'SelfSubjectRulesReview',
    isNamespaced: false,
    answer: (review, { user, authorization }) => {
      const rules = user.groups.includes('system:masters')
        ? [
            { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
            { verbs: ['*'], nonResourceURLs: ['*'] },
          ]
        : authorization.rulesOf(user, textAt(review, 'spec', 'namespace'));
      const status = {
        resourceRules: rules.filter((rule) => 'resources' in rule),
        nonResourceRules: rules.filter((rule) => 'nonResourceURLs' in rule),
        incomplete: false,
      };
      return { ...review, status };
    },
  },
];

/** POST of a service account's `token`. Throws NotFound and Invalid. */
export function requestToken(
  sent: JsonObject,
  namespace: string,
  name: string,
  { tokens, store }: ReviewContext,
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
  // The real server ties the token to that object's life; one that is not tied to it would outlive it.
  if (isJsonObject(bound))
    throw badRequest(
      `cannot bind token to object of type /${textAt(bound, 'apiVersion')}, Kind=${textAt(bound, 'kind')}`,
    );
  const { token, expirySeconds, audiences } = tokens.issue(
    { namespace, name },
    account.object.metadata.uid,
    seconds,
    textsAt(sent, 'spec', 'audiences'),
  );
  return {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { name, namespace },
    spec: { audiences: [...audiences], expirationSeconds: seconds, boundObjectRef: null },
    status: { token, expirationTimestamp: toKubernetesTime(expirySeconds * 1000) },
  };
}

function userInfoOf({ name, uid, groups, extra }: User) {
  return {
    username: name,
    ...(uid === undefined ? {} : { uid }),
    groups,
    ...(extra === undefined ? {} : { extra }),
  };
}

function statusOf(authorization: Authorization, user: User, review: JsonObject) {
  const allowed = authorization.isAllowed(user, accessOf(review));
  return allowed ? { allowed, reason: 'RBAC: allowed' } : { allowed };
}

function accessOf(review: JsonObject): Access {
  const path = valueAt(review, ['spec', 'nonResourceAttributes']);
  if (isJsonObject(path)) return { verb: textAt(path, 'verb'), path: textAt(path, 'path') };
  const of = (key: string) => textAt(review, 'spec', 'resourceAttributes', key);
  return {
    verb: of('verb'),
    group: of('group'),
    resource: of('resource'),
    subresource: of('subresource'),
    namespace: of('namespace'),
    name: of('name'),
  };
}
