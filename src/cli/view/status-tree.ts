/** What a status tells of: the claim, below it its composite, and the resources by region with what is not there yet. */
import { reasonOf, takenCause } from '../../claims/observation/cause.js';
import type { ObservedClaim } from '../../claims/observation/observe.js';
import type { Waiting } from '../../claims/composition/waiting.js';
import type { KubernetesObject } from '../../support/kubernetes/objects.js';
import { groupByRegion } from './claim-tree.js';

export interface StatusInput {
  readonly observed: ObservedClaim;
  readonly waiting: readonly Waiting[];
}

export interface Node {
  readonly title: string;
  readonly object?: KubernetesObject;
  readonly reason?: string;
  readonly children?: readonly Node[];
}

export function statusTree({ observed, waiting }: StatusInput): Node {
  const { form, claim, composite, resources, missing, hidden } = observed;
  const regions: Node[] = groupByRegion(resources).map(([region, inRegion]) => ({
    title: region,
    children: inRegion.map((object) => ({
      title: titleOf(object),
      object,
      reason: takenCause(object, composite)?.message ?? reasonOf(object),
    })),
  }));
  const absent: Node[] = [
    ...missing.map(({ kind, name = '' }) => ({
      title: `${kind} ${name}`,
      reason: 'it is not there',
    })),
    ...waiting.map(({ kind, template, for: awaited }) => ({
      title: `${kind} (${template})`,
      reason: `waits for ${awaited.map(({ field }) => field).join(', ')}`,
    })),
  ];
  const below = [
    ...regions,
    ...(absent.length === 0 ? [] : [{ title: 'not made yet', children: absent }]),
    ...(hidden.length === 0
      ? []
      : [{ title: 'hidden', reason: `you may not read ${hidden.join(', ')}` }]),
  ];
  const isApart = form === 'cluster' && composite !== undefined;
  return {
    title: titleOf(claim),
    object: claim,
    reason: reasonOf(claim),
    children: isApart
      ? [
          {
            title: titleOf(composite),
            object: composite,
            reason: reasonOf(composite),
            children: below,
          },
        ]
      : below,
  };
}

function titleOf(object: KubernetesObject): string {
  return `${object.kind} ${object.metadata.name ?? ''}`;
}

/** The same tree with one line for all that is well in the same place. */
export function folded(node: Node): Node {
  const { children = [] } = node;
  const isWell = ({ object, reason, children: inner = [] }: Node) =>
    object !== undefined && inner.length === 0 && reason === '';
  const well = children.filter(isWell);
  if (well.length < 2) return { ...node, children: children.map(folded) };
  const others = children.filter((child) => !isWell(child)).map(folded);
  return { ...node, children: [...others, { title: `${well.length} resources are ready` }] };
}
