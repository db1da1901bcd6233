/** A claim as a tree: its regions, and in each the managed resources with what holds them up. Pure: objects in, lines out. */
import type { Colors } from 'picocolors/types.js';
import {
  conditionOf,
  isConditionTrue,
  type KubernetesObject,
} from '../../support/kubernetes/objects.js';

/** Where a resource without a region is: IAM is global. */
const GLOBAL = 'global';

export interface TreeInput {
  readonly claim: KubernetesObject | undefined;
  readonly resources: readonly KubernetesObject[];
}

export function drawClaimTree({ claim, resources }: TreeInput, colour: Colors): string[] {
  const regions = groupByRegion(resources);
  const name =
    claim === undefined ? '' : `${claim.metadata.namespace ?? ''}/${claim.metadata.name ?? ''}`;
  const lines = [
    `${markOf(claim, colour)} ${colour.bold(`PaymentsDR ${name}`)}  ${countReady(resources)}`,
  ];
  const width = Math.max(0, ...resources.map(({ kind }) => kind.length));
  regions.forEach(([region, inRegion], regionIndex) => {
    const isLastRegion = regionIndex === regions.length - 1;
    lines.push(`${isLastRegion ? '└─' : '├─'} ${colour.bold(region)}`);
    inRegion.forEach((resource, index) => {
      const stem = `${isLastRegion ? '  ' : '│ '} ${index === inRegion.length - 1 ? '└─' : '├─'}`;
      const { kind, metadata } = resource;
      lines.push(
        `${stem} ${markOf(resource, colour)} ${kind.padEnd(width)}  ${metadata.name ?? ''}${colour.dim(reasonOf(resource))}`,
      );
    });
  });
  return lines;
}

export function isReady(object: KubernetesObject): boolean {
  return isConditionTrue(object, 'Ready');
}

export function regionOf(resource: KubernetesObject): string {
  const spec = resource.spec as { forProvider?: { region?: string } } | undefined;
  return spec?.forProvider?.region ?? GLOBAL;
}

export function groupByRegion(
  resources: readonly KubernetesObject[],
): [string, KubernetesObject[]][] {
  const regions = new Map<string, KubernetesObject[]>();
  for (const resource of resources) {
    const region = regionOf(resource);
    regions.set(region, [...(regions.get(region) ?? []), resource]);
  }
  for (const inRegion of regions.values()) inRegion.sort((a, b) => compare(orderOf(a), orderOf(b)));
  return [...regions].sort(
    ([a], [b]) => Number(a === GLOBAL) - Number(b === GLOBAL) || compare(a, b),
  );
}

function orderOf({ kind, metadata }: KubernetesObject): string {
  return `${kind}/${metadata.name ?? ''}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function markOf(object: KubernetesObject | undefined, colour: Colors): string {
  if (object === undefined) return colour.dim('…');
  if (isReady(object)) return colour.green('✔');
  return conditionOf(object, 'Synced')?.status === 'False' ? colour.red('✘') : colour.yellow('…');
}

/** Why a resource is not ready: what AWS or Crossplane said of the failing condition. */
function reasonOf(resource: KubernetesObject): string {
  if (isReady(resource)) return '';
  const synced = conditionOf(resource, 'Synced');
  const told = synced?.status === 'False' ? synced : conditionOf(resource, 'Ready');
  if (told === undefined) return '  waiting';
  return `  ${told.message === undefined || told.message === '' ? told.reason : told.message}`;
}

function countReady(resources: readonly KubernetesObject[]): string {
  return `${resources.filter(isReady).length} of ${resources.length} resources ready`;
}
