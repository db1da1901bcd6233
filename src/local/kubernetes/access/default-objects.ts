/** What a cluster has from its first start: its namespaces, and the roles that everybody relies on. */
import { randomUUID } from 'node:crypto';
import { toKubernetesTime, type Clock } from '../../../support/clock.js';
import type { KubernetesObject, Stored } from '../../../support/kubernetes/objects.js';
import type { PolicyRule } from '../built-in/rbac.js';
import { clusterRoleBindings, clusterRoles } from '../built-in/rbac.js';
import { namespaces } from '../built-in/core.js';
import type { Resource } from '../resources/resource.js';
import type { Store } from '../storage/store.js';
import { KEY_SET_PATH, OPENID_CONFIGURATION_PATH } from './issuer-discovery.js';

const NAMESPACES = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];
const LABELS = { 'kubernetes.io/bootstrapping': 'rbac-defaults' };
const READ = ['get', 'list', 'watch'];
const WRITE = ['create', 'delete', 'deletecollection', 'patch', 'update'];
const RBAC = 'rbac.authorization.k8s.io';

const HEALTH_URLS = ['/healthz', '/livez', '/readyz', '/version', '/version/'];
const DISCOVERY_URLS = [
  '/api',
  '/api/*',
  '/apis',
  '/apis/*',
  '/openapi',
  '/openapi/*',
  ...HEALTH_URLS,
];
const ISSUER_URLS = [OPENID_CONFIGURATION_PATH, KEY_SET_PATH].flatMap((path) => [path, `${path}/`]);
const APPS = {
  apiGroups: ['apps'],
  resources: ['deployments', 'deployments/scale', 'deployments/status'],
};
const VIEWED = {
  apiGroups: [''],
  resources: ['configmaps', 'events', 'namespaces', 'serviceaccounts', 'services'],
};
const SECRETS = { apiGroups: [''], resources: ['secrets'] };
const LEASES = { apiGroups: ['coordination.k8s.io'], resources: ['leases'] };
const ROLES = { apiGroups: [RBAC], resources: ['roles', 'rolebindings'] };

const ROLE_RULES: Readonly<Record<string, readonly PolicyRule[]>> = {
  'cluster-admin': [
    { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
    { verbs: ['*'], nonResourceURLs: ['*'] },
  ],
  'system:discovery': [{ verbs: ['get'], nonResourceURLs: DISCOVERY_URLS }],
  'system:public-info-viewer': [{ verbs: ['get'], nonResourceURLs: HEALTH_URLS }],
  'system:service-account-issuer-discovery': [{ verbs: ['get'], nonResourceURLs: ISSUER_URLS }],
  'system:basic-user': [
    {
      verbs: ['create'],
      apiGroups: ['authorization.k8s.io'],
      resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
    },
    { verbs: ['create'], apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'] },
  ],
  view: [VIEWED, APPS].map((rule) => ({ verbs: READ, ...rule })),
  edit: [VIEWED, APPS, SECRETS, LEASES].map((rule) => ({ verbs: [...READ, ...WRITE], ...rule })),
  admin: [VIEWED, APPS, SECRETS, LEASES, ROLES].map((rule) => ({
    verbs: [...READ, ...WRITE],
    ...rule,
  })),
};
/** These take in the rules of roles that are labelled for them, as the real ones do. */
const AGGREGATED = ['view', 'edit', 'admin'];
const ROLE_GROUPS: Readonly<Record<string, readonly string[]>> = {
  'cluster-admin': ['system:masters'],
  'system:discovery': ['system:authenticated'],
  'system:basic-user': ['system:authenticated'],
  'system:public-info-viewer': ['system:authenticated', 'system:unauthenticated'],
  'system:service-account-issuer-discovery': ['system:serviceaccounts'],
};

/** Makes what is missing and leaves the rest as it is. */
export async function ensureDefaults(store: Store, clock: Clock): Promise<void> {
  const creationTimestamp = toKubernetesTime(clock.now());
  const ensure = async (resource: Resource, object: KubernetesObject) => {
    const name = object.metadata.name ?? '';
    const key = { resource: resource.storage, namespace: '', name };
    if (store.latest(key) !== undefined) return;
    await store.put(key, {
      ...object,
      metadata: { ...object.metadata, uid: randomUUID(), creationTimestamp },
    } as Stored);
  };
  await Promise.all([
    ...NAMESPACES.map((name) => ensure(namespaces, namespace(name))),
    ...Object.keys(ROLE_RULES).map((name) => ensure(clusterRoles, role(name))),
    ...Object.keys(ROLE_GROUPS).map((name) => ensure(clusterRoleBindings, binding(name))),
  ]);
}

function namespace(name: string): KubernetesObject {
  const metadata = { name, labels: { 'kubernetes.io/metadata.name': name } };
  return {
    kind: 'Namespace',
    apiVersion: 'v1',
    metadata,
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  };
}

function role(name: string): KubernetesObject {
  const selector = { [`${RBAC}/aggregate-to-${name}`]: 'true' };
  const aggregationRule = AGGREGATED.includes(name)
    ? { aggregationRule: { clusterRoleSelectors: [{ matchLabels: selector }] } }
    : {};
  const object = {
    kind: 'ClusterRole',
    apiVersion: `${RBAC}/v1`,
    metadata: { name, labels: LABELS },
    ...aggregationRule,
  };
  return { ...object, rules: ROLE_RULES[name] } as unknown as KubernetesObject;
}

function binding(name: string): KubernetesObject {
  const subjects = (ROLE_GROUPS[name] ?? []).map((group) => ({
    kind: 'Group',
    apiGroup: RBAC,
    name: group,
  }));
  const roleRef = { apiGroup: RBAC, kind: 'ClusterRole', name };
  const object = {
    kind: 'ClusterRoleBinding',
    apiVersion: `${RBAC}/v1`,
    metadata: { name, labels: LABELS },
  };
  return { ...object, subjects, roleRef } as unknown as KubernetesObject;
}
