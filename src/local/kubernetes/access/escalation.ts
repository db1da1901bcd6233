/**
 * Escalation: nobody gives, by a role or a binding, what they do not have themselves.
 *
 * Who may `escalate` roles or `bind` the role in question is trusted to, as is `system:masters`.
 */
import {
  clusterRoles,
  roleBindings,
  roles,
  clusterRoleBindings,
  type AggregationRule,
  type PolicyRule,
  type RoleReference,
} from '../built-in/rbac.js';
import { fieldOf } from '../built-in/built-in.js';
import type { KubernetesObject } from '../../../support/kubernetes/objects.js';
import { forbidden, notFound } from '../http/status-error.js';
import { isEqual } from '../json/json.js';
import { subjectOf, type Resource } from '../resources/resource.js';
import type { Authorization } from './authorization.js';
import { MASTERS, type User } from './user.js';

const ALL: readonly PolicyRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
];

/** Throws Forbidden where a role or binding that is about to be kept gives more than the user has. */
export function refuseEscalation(
  authorization: Authorization,
  user: User,
  resource: Resource,
  object: KubernetesObject,
  live: KubernetesObject | undefined,
): void {
  if (user.groups.includes(MASTERS)) return;
  const { storage } = resource;
  const isRole = storage === roles.storage || storage === clusterRoles.storage;
  const isBinding = storage === roleBindings.storage || storage === clusterRoleBindings.storage;
  if (!isRole && !isBinding) return;
  if (live !== undefined && !isChanged(object, live)) return;
  const { name = '', namespace = '' } = object.metadata;
  const may = (verb: string, { group, plural }: Resource, targetName: string) => {
    const access = { verb, group, resource: plural, subresource: '', namespace, name: targetName };
    return authorization.isAllowed(user, access);
  };
  const missing = (granted: readonly PolicyRule[]) =>
    missingOf(authorization.rulesOf(user, namespace), granted);
  if (isRole) {
    if (may('escalate', resource, name)) return;
    refuse(user, resource, name, missing(fieldOf<PolicyRule[] | null>(object, 'rules') ?? []));
    // Such a role gathers anything, now or later.
    const isAggregated = [object, live].some(hasAggregationRule);
    if (isAggregated && missing(ALL).length > 0) {
      const why = 'must have cluster-admin privileges to use the aggregationRule';
      throw forbidden(subjectOf(resource, name), why);
    }
    return;
  }
  const role = fieldOf<RoleReference>(object, 'roleRef');
  if (role === undefined) return;
  const target = role.kind === 'ClusterRole' ? clusterRoles : roles;
  if (may('bind', target, role.name)) return;
  const granted = authorization.rulesOfRole(role, namespace);
  if (granted === undefined) throw notFound(subjectOf(target, role.name));
  refuse(user, resource, name, missing(granted));
}

function refuse(
  user: User,
  resource: Resource,
  name: string,
  missing: readonly PolicyRule[],
): void {
  if (missing.length === 0) return;
  const who = `user ${JSON.stringify(user.name)} (groups=[${user.groups.map((group) => JSON.stringify(group)).join(' ')}])`;
  const lines = compact(missing).map(describe);
  throw forbidden(
    subjectOf(resource, name),
    `${who} is attempting to grant RBAC permissions not currently held:\n${lines.join('\n')}`,
  );
}

function missingOf(held: readonly PolicyRule[], granted: readonly PolicyRule[]): PolicyRule[] {
  return granted.flatMap(single).filter((rule) => !held.some((one) => includes(one, rule)));
}

function hasAggregationRule(role: KubernetesObject | undefined): boolean {
  const aggregation = role && fieldOf<AggregationRule>(role, 'aggregationRule');
  return (aggregation?.clusterRoleSelectors ?? []).length > 0;
}

/** Whether more was changed than what the garbage collector changes. */
function isChanged(object: KubernetesObject, live: KubernetesObject): boolean {
  const weighed = ({ metadata, ...rest }: KubernetesObject) => {
    const {
      ownerReferences: _owners,
      finalizers: _finalizers,
      managedFields: _managers,
      ...own
    } = metadata;
    return { ...rest, metadata: own };
  };
  return !isEqual(weighed(object), weighed(live));
}

/** A rule as rules of one verb on one thing each. */
function single(rule: PolicyRule): PolicyRule[] {
  const { verbs = [], apiGroups = [], resources = [], resourceNames = [] } = rule;
  const paths = (rule.nonResourceURLs ?? []).flatMap((url) =>
    verbs.map((verb) => ({ verbs: [verb], nonResourceURLs: [url] })),
  );
  const names = resourceNames.length === 0 ? [undefined] : resourceNames;
  const things = apiGroups.flatMap((group) =>
    resources.flatMap((resource) =>
      names.flatMap((name) =>
        verbs.map((verb) => ({
          verbs: [verb],
          apiGroups: [group],
          resources: [resource],
          ...(name === undefined ? {} : { resourceNames: [name] }),
        })),
      ),
    ),
  );
  return [...things, ...paths];
}

function includes(held: PolicyRule, wanted: PolicyRule): boolean {
  const has = (list: readonly string[] = [], one = '') => list.includes('*') || list.includes(one);
  if (!has(held.verbs, wanted.verbs?.[0])) return false;
  const [url] = wanted.nonResourceURLs ?? [];
  if (url !== undefined) {
    return (held.nonResourceURLs ?? []).some(
      (one) => one === url || (one.endsWith('*') && url.startsWith(one.slice(0, -1))),
    );
  }
  const [name] = wanted.resourceNames ?? [];
  const names = held.resourceNames ?? [];
  const resource = wanted.resources?.[0] ?? '';
  const subresource = resource.includes('/') ? `*/${resource.split('/')[1] ?? ''}` : resource;
  return (
    has(held.apiGroups, wanted.apiGroups?.[0]) &&
    (has(held.resources, resource) || has(held.resources, subresource)) &&
    (names.length === 0 || (name !== undefined && names.includes(name)))
  );
}

/** Rules that differ in their verbs only, as one. */
function compact(rules: readonly PolicyRule[]): PolicyRule[] {
  const merged = new Map<string, PolicyRule>();
  for (const rule of rules) {
    const { verbs = [], ...rest } = rule;
    const key = JSON.stringify(rest);
    const known = merged.get(key);
    merged.set(key, { ...rest, verbs: [...(known?.verbs ?? []), ...verbs] });
  }
  return [...merged.values()].sort((a, b) => (describe(a) < describe(b) ? -1 : 1));
}

function describe({ apiGroups, resources, resourceNames, nonResourceURLs, verbs }: PolicyRule) {
  const shown = (name: string, list: readonly string[] | undefined) =>
    list === undefined ? [] : [`${name}:[${list.map((one) => JSON.stringify(one)).join(' ')}]`];
  const parts = [
    ...shown('APIGroups', apiGroups),
    ...shown('Resources', resources),
    ...shown('ResourceNames', resourceNames),
    ...shown('NonResourceURLs', nonResourceURLs),
    ...shown('Verbs', verbs),
  ];
  return `{${parts.join(', ')}}`;
}
