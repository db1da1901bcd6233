/** What a cluster has from its first start: its namespaces, and the roles that everybody relies on. */
import { randomUUID } from 'node:crypto';
import { toKubernetesTime, type Clock } from '../../../support/clock.js';
import type { KubernetesObject, Stored } from '../../../support/kubernetes/objects.js';
import { clusterRoleBindings, clusterRoles } from '../built-in/rbac.js';
import { namespaces } from '../built-in/core.js';
import { trackUpdate } from '../managed-fields/managers.js';
import { writerOf } from '../managed-fields/writer.js';
import type { Resource } from '../resources/resource.js';
import type { Store } from '../storage/store.js';
import { DEFAULT_ROLES, type DefaultRole } from './default-roles.js';

const NAMESPACES = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];
const RBAC = 'rbac.authorization.k8s.io';
const LABELS = { 'kubernetes.io/bootstrapping': 'rbac-defaults' };
const ANNOTATIONS = { 'rbac.authorization.kubernetes.io/autoupdate': 'true' };
const FIELD_MANAGER = 'kube-apiserver';

/** Makes what is missing and leaves the rest as it is. */
export async function ensureDefaults(store: Store, clock: Clock): Promise<void> {
  const creationTimestamp = toKubernetesTime(clock.now());
  const ensure = async (resource: Resource, object: KubernetesObject) => {
    const name = object.metadata.name ?? '';
    const key = { resource: resource.storage, namespace: '', name };
    if (store.latest(key) !== undefined) return;
    const writer = writerOf(resource, FIELD_MANAGER, '', creationTimestamp);
    const managedFields = trackUpdate(undefined, object, writer);
    await store.put(key, {
      ...object,
      metadata: { ...object.metadata, uid: randomUUID(), creationTimestamp, managedFields },
    } as Stored);
  };
  const defaults = Object.entries(DEFAULT_ROLES);
  await Promise.all([
    ...NAMESPACES.map((name) => ensure(namespaces, namespace(name))),
    ...defaults.map(([name, one]) => ensure(clusterRoles, role(name, one))),
    ...defaults.flatMap(([name, { groups }]) =>
      groups === undefined ? [] : [ensure(clusterRoleBindings, binding(name, groups))],
    ),
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

function role(name: string, { rules, isAggregated, aggregatesTo }: DefaultRole): KubernetesObject {
  const labelOf = (target: string) => ({ [`${RBAC}/aggregate-to-${target}`]: 'true' });
  const labels = { ...LABELS, ...(aggregatesTo === undefined ? {} : labelOf(aggregatesTo)) };
  return {
    kind: 'ClusterRole',
    apiVersion: `${RBAC}/v1`,
    metadata: { name, labels, annotations: ANNOTATIONS },
    rules: rules ?? null,
    ...(isAggregated === true
      ? { aggregationRule: { clusterRoleSelectors: [{ matchLabels: labelOf(name) }] } }
      : {}),
  } as unknown as KubernetesObject;
}

function binding(name: string, groups: readonly string[]): KubernetesObject {
  return {
    kind: 'ClusterRoleBinding',
    apiVersion: `${RBAC}/v1`,
    metadata: { name, labels: LABELS, annotations: ANNOTATIONS },
    subjects: groups.map((group) => ({ kind: 'Group', apiGroup: RBAC, name: group })),
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name },
  } as unknown as KubernetesObject;
}
