/**
 * Authorization: who may do what, by the roles and bindings that are stored (RBAC).
 *
 * `system:masters` may do everything. Nothing is cached: the bindings are few, and a change counts at once.
 */
import type { BindingSubject, PolicyRule, RoleReference } from '../built-in/rbac.js';
import { clusterRoleBindings, clusterRoles, roleBindings, roles } from '../built-in/rbac.js';
import { fieldOf } from '../built-in/built-in.js';
import { StatusError } from '../http/status-error.js';
import type { StoredRecord } from '../storage/record.js';
import type { Store } from '../storage/store.js';
import { MASTERS, type User } from './user.js';

export type Access =
  | {
      readonly verb: string;
      readonly group: string;
      /** The plural. */
      readonly resource: string;
      readonly subresource: string;
      readonly namespace: string;
      readonly name: string;
    }
  | { readonly verb: string; readonly path: string };

/** What one binding gives to a user. */
interface Grant {
  readonly binding: { readonly name: string; readonly namespace?: string };
  readonly subject: BindingSubject;
  readonly role: RoleReference;
  readonly rules: readonly PolicyRule[];
}

export class Authorization {
  constructor(private readonly store: Store) {}

  isAllowed(user: User, access: Access): boolean {
    return this.reasonFor(user, access) !== undefined;
  }

  /** Why the user may; empty where nothing needs to be said, undefined where it may not. */
  reasonFor(user: User, access: Access): string | undefined {
    if (user.groups.includes(MASTERS)) return '';
    const namespace = 'path' in access ? '' : access.namespace;
    const found = this.#grantsOf(user, namespace).find(({ rules }) =>
      rules.some((rule) => covers(rule, access)),
    );
    return found === undefined ? undefined : reasonOf(found);
  }

  /** Throws 403 Forbidden. */
  check(user: User, access: Access): void {
    if (!this.isAllowed(user, access)) throw refusalOf(user, access);
  }

  /** Every rule that counts for the user in the namespace (empty: outside of any). */
  rulesOf(user: User, namespace: string): PolicyRule[] {
    return this.#grantsOf(user, namespace).flatMap(({ rules }) => rules);
  }

  #grantsOf(user: User, namespace: string): Grant[] {
    const bindings: StoredRecord[] = [
      ...this.store.list(clusterRoleBindings.storage),
      ...(namespace === '' ? [] : this.store.list(roleBindings.storage, namespace)),
    ];
    return bindings.flatMap(({ object }) => {
      const subjects = fieldOf<BindingSubject[]>(object, 'subjects') ?? [];
      const { namespace: within } = object.metadata;
      const subject = subjects.find((one) => isUser(one, user, within));
      const role = fieldOf<RoleReference>(object, 'roleRef');
      if (subject === undefined || role === undefined) return [];
      const rules = this.rulesOfRole(role, within ?? '') ?? [];
      return [{ binding: object.metadata, subject, role, rules }];
    });
  }

  /** Undefined where there is no such role. */
  rulesOfRole({ kind, name }: RoleReference, namespace: string): readonly PolicyRule[] | undefined {
    const isClusterRole = kind === 'ClusterRole';
    const resource = isClusterRole ? clusterRoles.storage : roles.storage;
    const role = this.store.get({ resource, namespace: isClusterRole ? '' : namespace, name });
    if (role === undefined) return undefined;
    return fieldOf<PolicyRule[] | null>(role.object, 'rules') ?? [];
  }
}

function reasonOf({ binding, subject, role }: Grant): string {
  const { name, namespace } = binding;
  const by =
    namespace === undefined
      ? `ClusterRoleBinding ${JSON.stringify(name)}`
      : `RoleBinding ${JSON.stringify(`${name}/${namespace}`)}`;
  const to =
    subject.kind === 'ServiceAccount' ? `${subject.name}/${subject.namespace ?? ''}` : subject.name;
  return `RBAC: allowed by ${by} of ${role.kind} ${JSON.stringify(role.name)} to ${subject.kind} ${JSON.stringify(to)}`;
}

function isUser(
  { kind, name, namespace }: BindingSubject,
  user: User,
  bindingNamespace: string | undefined,
): boolean {
  switch (kind) {
    case 'User':
      return name === user.name;
    case 'Group':
      return user.groups.includes(name);
    case 'ServiceAccount':
      return user.name === `system:serviceaccount:${namespace ?? bindingNamespace ?? ''}:${name}`;
    default:
      return false;
  }
}

function covers(rule: PolicyRule, access: Access): boolean {
  const has = (list: readonly string[] | undefined, ...wanted: string[]) =>
    (list ?? []).some((one) => one === '*' || wanted.includes(one));
  if (!has(rule.verbs, access.verb)) return false;
  if ('path' in access) {
    return (rule.nonResourceURLs ?? []).some((url) =>
      url.endsWith('*') ? access.path.startsWith(url.slice(0, -1)) : url === access.path,
    );
  }
  const { group, resource, subresource, name } = access;
  const full = subresource === '' ? resource : `${resource}/${subresource}`;
  const names = rule.resourceNames ?? [];
  return (
    has(rule.apiGroups, group) &&
    has(rule.resources, full, ...(subresource === '' ? [] : [`*/${subresource}`])) &&
    (names.length === 0 || names.includes(name))
  );
}

function refusalOf({ name: user }: User, access: Access): StatusError {
  if ('path' in access) {
    const message = `forbidden: User ${JSON.stringify(user)} cannot ${access.verb} path ${JSON.stringify(access.path)}`;
    return new StatusError(403, 'Forbidden', message, {});
  }
  const { verb, group, resource, subresource, namespace, name } = access;
  const full = subresource === '' ? resource : `${resource}/${subresource}`;
  const qualifiedName = group === '' ? resource : `${resource}.${group}`;
  const subject = name === '' ? qualifiedName : `${qualifiedName} ${JSON.stringify(name)}`;
  const scope =
    namespace === '' ? 'at the cluster scope' : `in the namespace ${JSON.stringify(namespace)}`;
  const message = `${subject} is forbidden: User ${JSON.stringify(user)} cannot ${verb} resource ${JSON.stringify(full)} in API group ${JSON.stringify(group)} ${scope}`;
  return new StatusError(403, 'Forbidden', message, {
    ...(name === '' ? {} : { name }),
    ...(group === '' ? {} : { group }),
    kind: resource,
  });
}
