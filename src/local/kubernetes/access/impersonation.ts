/** Impersonation: acting as somebody else (`kubectl --as`, `--as-group`, `--as-uid`), for those who may. */
import type { IncomingMessage } from 'node:http';
import { internalError } from '../http/status-error.js';
import type { Authorization } from './authorization.js';
import { ANONYMOUS, AUTHENTICATED, UNAUTHENTICATED, type User } from './user.js';

type Headers = IncomingMessage['headersDistinct'];

const EXTRA_PREFIX = 'impersonate-extra-';
const AUTHENTICATION = 'authentication.k8s.io';

interface Wanted {
  readonly name: string;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
  readonly uid: string;
}

/**
 * The user that the request acts as: nothing of the one who asks is kept. Throws 403 for any part that may not be
 * taken, and 500 where there are parts without a user, as the real server does.
 */
export function impersonate(user: User, headers: Headers, authorization: Authorization): User {
  const wanted = readWanted(headers);
  const parts = partsOf(wanted);
  if (wanted.name === '') {
    if (parts.length === 0) return user;
    throw internalError(`requested [${parts.join(' ')}] without impersonating a user`);
  }
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(wanted.name);
  const check = (
    resource: string,
    name: string,
    { group = '', subresource = '', namespace = '' },
  ) => {
    authorization.check(user, {
      verb: 'impersonate',
      group,
      resource,
      subresource,
      namespace,
      name,
    });
  };
  if (account === null) check('users', wanted.name, {});
  else check('serviceaccounts', account[2] ?? '', { namespace: account[1] ?? '' });
  for (const group of wanted.groups) check('groups', group, {});
  for (const [key, values] of Object.entries(wanted.extra))
    for (const value of values)
      check('userextras', value, { group: AUTHENTICATION, subresource: key });
  if (wanted.uid !== '') check('uids', wanted.uid, { group: AUTHENTICATION });
  return {
    name: wanted.name,
    ...(wanted.uid === '' ? {} : { uid: wanted.uid }),
    groups: groupsOf(wanted, account?.[1]),
    ...(Object.keys(wanted.extra).length === 0 ? {} : { extra: wanted.extra }),
  };
}

function readWanted(headers: Headers): Wanted {
  const extra = Object.entries(headers).flatMap(([header, values = []]) =>
    header.startsWith(EXTRA_PREFIX)
      ? [[unescaped(header.slice(EXTRA_PREFIX.length)), values] as const]
      : [],
  );
  return {
    name: headers['impersonate-user']?.[0] ?? '',
    groups: headers['impersonate-group'] ?? [],
    extra: Object.fromEntries(extra),
    uid: headers['impersonate-uid']?.[0] ?? '',
  };
}

/** What was asked for beside the user, in the words of the server's error (object references, as Go prints them). */
function partsOf({ groups, extra, uid }: Wanted): string[] {
  return [
    ...groups.map((group) => `{Group  ${group}    }`),
    ...Object.entries(extra).flatMap(([key, values]) =>
      values.map((value) => `{UserExtra  ${value}  ${AUTHENTICATION}/v1  ${key}}`),
    ),
    ...(uid === '' ? [] : [`{UID  ${uid}  ${AUTHENTICATION}/v1  }`]),
  ];
}

/** A service account has its own groups unless others are named; who says nothing else is authenticated. */
function groupsOf({ name, groups }: Wanted, namespace: string | undefined): string[] {
  const named =
    namespace === undefined || groups.length > 0
      ? groups
      : ['system:serviceaccounts', `system:serviceaccounts:${namespace}`];
  const implied = name === ANONYMOUS.name ? UNAUTHENTICATED : AUTHENTICATED;
  const isSaid = named.some((group) => group === implied || group === UNAUTHENTICATED);
  return isSaid ? [...named] : [...named, implied];
}

/** Header names hold no slash: a key has it as %2F. */
function unescaped(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}
