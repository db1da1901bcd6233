/** The objects of the cluster that a function is given beside what it composes: those its step or it itself asks for. */
import type { KubernetesClient } from '../../../support/kubernetes/client.js';
import type { Stored } from '../../../support/kubernetes/objects.js';
import type { PipelineStep } from '../compositions/composition.js';
import type { Resource, ResourceSelector, Resources } from '../functions/protocol.js';

export type Selectors = Readonly<Record<string, ResourceSelector>>;

/** What the step asks for on behalf of its function. */
export function requiredBy({ requirements }: PipelineStep): Selectors {
  return Object.fromEntries(
    (requirements?.requiredResources ?? []).map(
      ({ requirementName, name, matchLabels, ...selector }) => [
        requirementName,
        {
          ...selector,
          ...(name === undefined ? {} : { matchName: name }),
          ...(matchLabels === undefined ? {} : { matchLabels: { labels: matchLabels } }),
        },
      ],
    ),
  );
}

/** What each selector finds, by the name under which it was asked for; nothing found is an empty list. */
export async function fetchRequired(
  selectors: Selectors,
  client: KubernetesClient,
): Promise<Record<string, Resources>> {
  const fetched = await Promise.all(
    Object.entries(selectors).map(async ([name, selector]) => {
      const items = (await fetch(selector, client)).map((resource): Resource => ({
        resource: { ...resource },
      }));
      return [name, { items }] as const;
    }),
  );
  return Object.fromEntries(fetched);
}

async function fetch(selector: ResourceSelector, client: KubernetesClient): Promise<Stored[]> {
  const type = await client.resourceType(selector.apiVersion, selector.kind);
  const { namespace, matchName, matchLabels } = selector;
  if (matchName !== undefined) {
    const key = namespace === undefined ? { name: matchName } : { name: matchName, namespace };
    const found = await client.read(type, key);
    return found === undefined ? [] : [found];
  }
  const labelSelector = Object.entries(matchLabels?.labels ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
  const { items } = await client.list(type, {
    namespace,
    labelSelector: labelSelector === '' ? undefined : labelSelector,
  });
  return items;
}
