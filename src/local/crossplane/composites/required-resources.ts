/** The objects of the cluster that a function is given beside what it composes: those its step or it itself asks for. */
import type { KubernetesClient } from '../../../support/kubernetes/client.js';
import { formatKey, keyOf, type Stored } from '../../../support/kubernetes/objects.js';
import type { RequiredResource } from '../compositions/composition.js';
import type { Resource, ResourceSelector, Resources } from '../functions/protocol.js';
import { explained } from './phase.js';

export type Selectors = Readonly<Record<string, ResourceSelector>>;

/** What a step asks for on behalf of its function, by the name of the requirement. */
export async function fetchAlways(
  required: readonly RequiredResource[],
  client: KubernetesClient,
): Promise<Record<string, Resources>> {
  const fetched = await Promise.all(
    required.map(async ({ requirementName, name, matchLabels, ...rest }) => {
      const selector: ResourceSelector = {
        ...rest,
        ...(name === undefined ? {} : { matchName: name }),
        ...(matchLabels === undefined ? {} : { matchLabels: { labels: matchLabels } }),
      };
      const what = `cannot fetch bootstrap required resources for requirement "${requirementName}"`;
      return [requirementName, await explained(what, fetch(selector, client))] as const;
    }),
  );
  return Object.fromEntries(fetched);
}

/** What each selector finds, by the name under which it was asked for; nothing found is an empty list. */
export async function fetchRequired(
  selectors: Selectors,
  client: KubernetesClient,
): Promise<Record<string, Resources>> {
  const fetched = await Promise.all(
    Object.entries(selectors).map(
      async ([name, selector]) =>
        [name, await explained(`fetching resources for ${name}`, fetch(selector, client))] as const,
    ),
  );
  return Object.fromEntries(fetched);
}

async function fetch(selector: ResourceSelector, client: KubernetesClient): Promise<Resources> {
  const { matchName } = selector;
  const found =
    matchName === undefined
      ? await explained('cannot list required resources', listAll(selector, client))
      : await explained(
          'cannot get required resource by name',
          readOne(selector, matchName, client),
        );
  return { items: found.map((resource): Resource => ({ resource: { ...resource } })) };
}

async function readOne(
  { apiVersion, kind, namespace }: ResourceSelector,
  name: string,
  client: KubernetesClient,
): Promise<Stored[]> {
  const type = await client.resourceType(apiVersion, kind);
  const key = namespace === undefined ? { name } : { name, namespace };
  const found = await client.read(type, key);
  return found === undefined ? [] : [found];
}

/** In the order of namespace and name, so that a function that looks at the first sees the same one each time. */
async function listAll(
  { apiVersion, kind, namespace, matchLabels }: ResourceSelector,
  client: KubernetesClient,
): Promise<Stored[]> {
  const type = await client.resourceType(apiVersion, kind);
  const labelSelector = Object.entries(matchLabels?.labels ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
  const { items } = await client.list(type, {
    namespace,
    labelSelector: labelSelector === '' ? undefined : labelSelector,
  });
  const key = (item: Stored): string => formatKey(keyOf(item));
  return items.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}
