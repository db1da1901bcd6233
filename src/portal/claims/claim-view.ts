/** A claim as its page shows it to one caller: what it is made of, what it gives, what would be lost with it. */
import { firstCause } from '../../claims/observation/cause.js';
import type { ObservedClaim } from '../../claims/observation/observe.js';
import { outputsOf } from '../../claims/observation/outputs.js';
import { CLAIM_API } from '../../model/claim/api.js';
import { NOTHING, type ClaimStatus } from '../../model/claim/status.js';
import { awsNames } from '../../model/names.js';
import { parseApiVersion, type KubernetesObject } from '../../support/kubernetes/objects.js';
import type { ClaimKey, ClaimRow, ClaimView, ResourceView } from '../contract.js';
import { CLAIM_TYPES } from '../live/claim-kinds.js';
import { MANAGED_TYPES } from '../live/shared-watch.js';
import type { Access } from '../session/access.js';
import type { Caller } from '../session/callers.js';
import { claimRowOf, conditionViewOf } from './claim-row.js';
import { regionOf } from './region-of.js';

/** What a caller may see of a claim and do with it. */
export interface ClaimRights {
  /** Kinds of which it may not read resources. */
  readonly hiddenKinds: readonly string[];
  readonly mayChange: boolean;
  readonly mayDelete: boolean;
}

export function mayOnClaim(
  access: Access,
  caller: Caller,
  verb: string,
  { form, namespace, name }: ClaimKey,
): Promise<boolean> {
  const { plural: resource } = CLAIM_TYPES[form];
  return access.may(caller, { verb, group: CLAIM_API[form].group, resource, namespace, name });
}

export async function rightsOn(
  access: Access,
  caller: Caller,
  key: ClaimKey,
): Promise<ClaimRights> {
  const [hiddenKinds, mayChange, mayDelete] = await Promise.all([
    hiddenKindsOf(access, caller, key),
    mayOnClaim(access, caller, 'patch', key),
    mayOnClaim(access, caller, 'delete', key),
  ]);
  return { hiddenKinds, mayChange, mayDelete };
}

export function claimViewOf(observed: ObservedClaim, rights: ClaimRights): ClaimView {
  const { form, claim, composite } = observed;
  const row = claimRowOf(form, claim, composite);
  const resources = observed.resources.filter(({ kind }) => !rights.hiddenKinds.includes(kind));
  const { dataRetention = 'Retain' } = (claim.spec ?? {}) as { dataRetention?: string };
  const outputs = outputsOf(claim.status as Parameters<typeof outputsOf>[0]);
  return {
    ...row,
    dataRetention,
    cause: firstCause({ ...observed, resources }, []) ?? null,
    waitsFor: waitsForIn(claim),
    resources: resources
      .map(resourceViewOf)
      .sort((one, other) => (orderOf(one) < orderOf(other) ? -1 : 1)),
    outputs: Object.entries(outputs).map(([name, value]) => ({ name, value })),
    losses: lossesOf(claim, row, dataRetention),
    ...rights,
  };
}

async function hiddenKindsOf(
  access: Access,
  caller: Caller,
  { form, namespace }: ClaimKey,
): Promise<string[]> {
  const scope = form === 'namespaced' ? { namespace } : {};
  const kinds = await Promise.all(
    MANAGED_TYPES[form].map(async ({ apiVersion, plural: resource, kind }) => {
      const { group } = parseApiVersion(apiVersion);
      return (await access.may(caller, { verb: 'get', group, resource, ...scope })) ? [] : [kind];
    }),
  );
  return kinds.flat();
}

function resourceViewOf(resource: KubernetesObject): ResourceView {
  return {
    kind: resource.kind,
    name: resource.metadata.name ?? '',
    region: regionOf(resource),
    isDeleting: resource.metadata.deletionTimestamp !== undefined,
    synced: conditionViewOf(resource, 'Synced'),
    ready: conditionViewOf(resource, 'Ready'),
  };
}

function orderOf({ kind, name }: ResourceView): string {
  return `${kind}/${name}`;
}

/** What has to be there before the rest is made, in the words of the status. */
function waitsForIn({ status }: KubernetesObject): string[] {
  const { waitsFor = {} } = (status ?? {}) as {
    readonly waitsFor?: Partial<ClaimStatus['waitsFor']>;
  };
  return Object.values(waitsFor).filter((what) => what !== NOTHING);
}

function lossesOf(
  { spec }: KubernetesObject,
  { environmentSuffix, primary, secondary }: ClaimRow,
  dataRetention: string,
): string[] {
  const { bucketPrefix } = (spec ?? {}) as { bucketPrefix?: string };
  const names = awsNames({
    environmentSuffix,
    ...(bucketPrefix === undefined ? {} : { bucketPrefix }),
  });
  const service = [
    `Payments stop at once: the functions ${names.function.primary} and ${names.function.secondary} are deleted`,
    'Nobody is told of anything any more: the alarms and topics of both regions are deleted',
  ];
  const table = `the table ${names.table} in ${primary} and ${secondary}`;
  const buckets = `the buckets ${names.bucket.primary} and ${names.bucket.secondary}`;
  if (dataRetention === 'Delete') {
    return [
      ...service,
      `Every payment is lost for good: ${table} is deleted`,
      `Every audit object is lost for good: ${buckets} are deleted with all versions`,
    ];
  }
  return [
    ...service,
    `The data stays in AWS, and costs go on: ${table}, and ${buckets}. A new claim with the environmentSuffix ${environmentSuffix} takes them over`,
  ];
}
