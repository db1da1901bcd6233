/** Discovery: which groups, versions and resources there are, the plain way and aggregated (apidiscovery.k8s.io/v2). */
import { createHash } from 'node:crypto';
import { REVIEW_KINDS } from '../access/reviews.js';
import type { Registry } from '../resources/registry.js';
import { apiVersionOf, type Resource } from '../resources/resource.js';

const SUBRESOURCE_VERBS = ['get', 'patch', 'update'];

const STORAGE_HASH_BYTES = 8;

interface Entry {
  readonly name: string;
  readonly singularName: string;
  readonly namespaced: boolean;
  readonly group?: string;
  readonly version?: string;
  readonly kind: string;
  readonly verbs: readonly string[];
  readonly storageVersionHash?: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}

/** The versions of each group that is served, reviews included; the core group is the empty name. */
export function groupsOf(registry: Registry): Map<string, string[]> {
  const groups = registry.groups();
  for (const { group } of REVIEW_KINDS) if (!groups.has(group)) groups.set(group, ['v1']);
  return groups;
}

export function apiGroup(name: string, versions: readonly string[]) {
  const entries = versions.map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions: entries, preferredVersion: entries[0] };
}

export function apiGroupList(registry: Registry) {
  const groups = [...groupsOf(registry)].filter(([name]) => name !== '');
  return {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: groups.map(([name, versions]) => apiGroup(name, versions)),
  };
}

export function apiVersions(address: string) {
  return {
    kind: 'APIVersions',
    versions: ['v1'],
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: address }],
  };
}

export function apiResourceList(registry: Registry, group: string, version: string) {
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: apiVersionOf({ group, version }),
    resources: entriesOf(registry, group, version),
  };
}

function entriesOf(registry: Registry, group: string, version: string): Entry[] {
  const stored = registry
    .resourcesOf(apiVersionOf({ group, version }))
    .flatMap((resource) => [entryOf(resource), ...subresourcesOf(resource)]);
  const reviews = REVIEW_KINDS.filter((review) => review.group === group && version === 'v1').map(
    ({ plural, kind, isNamespaced }) => ({
      name: plural,
      singularName: kind.toLowerCase(),
      namespaced: isNamespaced,
      kind,
      verbs: ['create'],
    }),
  );
  return [...stored, ...reviews];
}

function entryOf({
  plural,
  singular,
  isNamespaced,
  kind,
  verbs,
  shortNames,
  categories,
  storedAs,
}: Resource): Entry {
  return {
    name: plural,
    singularName: singular,
    namespaced: isNamespaced,
    kind,
    verbs,
    ...(shortNames.length === 0 ? {} : { shortNames }),
    ...(categories.length === 0 ? {} : { categories }),
    storageVersionHash: hashOf(storedAs),
  };
}

/** Tells versions apart in which the same kind may be stored. */
function hashOf(storedAs: string): string {
  const digest = createHash('sha256').update(storedAs).digest();
  return digest.subarray(0, STORAGE_HASH_BYTES).toString('base64');
}

function subresourcesOf({
  plural,
  isNamespaced,
  kind,
  hasStatus,
  scale,
  storage,
}: Resource): Entry[] {
  const base = { singularName: '', namespaced: isNamespaced };
  return [
    ...(storage === 'namespaces'
      ? [{ ...base, name: `${plural}/finalize`, kind, verbs: ['update'] }]
      : []),
    ...(hasStatus ? [{ ...base, name: `${plural}/status`, kind, verbs: SUBRESOURCE_VERBS }] : []),
    ...(scale === undefined
      ? []
      : [
          {
            ...base,
            name: `${plural}/scale`,
            group: 'autoscaling',
            version: 'v1',
            kind: 'Scale',
            verbs: SUBRESOURCE_VERBS,
          },
        ]),
    ...(storage === 'serviceaccounts'
      ? [
          {
            ...base,
            name: `${plural}/token`,
            group: 'authentication.k8s.io',
            version: 'v1',
            kind: 'TokenRequest',
            verbs: ['create'],
          },
        ]
      : []),
  ];
}

/** The groups (without the core group, or only it) with all their resources. */
export function aggregatedDiscovery(registry: Registry, isCore: boolean) {
  const groups = [...groupsOf(registry)].filter(([name]) => (name === '') === isCore);
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: groups.map(([name, versions]) => ({
      metadata: { ...(name === '' ? {} : { name }), creationTimestamp: null },
      versions: versions.map((version) => ({
        version,
        resources: aggregatedResources(registry, name, version),
        freshness: 'Current',
      })),
    })),
  };
}

function aggregatedResources(registry: Registry, group: string, version: string) {
  const entries = entriesOf(registry, group, version);
  return entries
    .filter(({ name }) => !name.includes('/'))
    .map(({ name, singularName, namespaced, kind, verbs, shortNames, categories }) => {
      const subresources = entries
        .filter((entry) => entry.name.startsWith(`${name}/`))
        .map((entry) => ({
          subresource: entry.name.slice(name.length + 1),
          responseKind: {
            group: entry.group ?? group,
            version: entry.version ?? version,
            kind: entry.kind,
          },
          verbs: entry.verbs,
        }));
      return {
        resource: name,
        responseKind: { group, version, kind },
        scope: namespaced ? 'Namespaced' : 'Cluster',
        singularResource: singularName,
        verbs,
        ...(shortNames === undefined ? {} : { shortNames }),
        ...(categories === undefined ? {} : { categories }),
        ...(subresources.length === 0 ? {} : { subresources }),
      };
    });
}
