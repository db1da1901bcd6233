/** Impersonation: acting as somebody else (`kubectl --as`), for those who may. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Authorization } from './authorization.js';
import { AUTHENTICATED, type User } from './user.js';

/** The user that the request acts as. Throws 403 when it may not. */
export function impersonate(
  user: User,
  headers: IncomingHttpHeaders,
  authorization: Authorization,
): User {
  const name = headers['impersonate-user'];
  if (typeof name !== 'string' || name === '') return user;
  const groups = [headers['impersonate-group'] ?? []]
    .flat()
    .flatMap((value) => value.split(',').map((one) => one.trim()));
  const check = (resource: string, target: string) =>
    authorization.check(user, {
      verb: 'impersonate',
      group: '',
      resource,
      subresource: '',
      namespace: '',
      name: target,
    });
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name);
  if (account === null) check('users', name);
  else check('serviceaccounts', account[2] ?? '');
  for (const group of groups) check('groups', group);
  const implied =
    account === null
      ? []
      : ['system:serviceaccounts', `system:serviceaccounts:${account[1] ?? ''}`];
  return { name, groups: [...new Set([...groups, ...implied, AUTHENTICATED])] };
}
