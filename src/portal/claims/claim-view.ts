/** A claim as its page shows it to one caller: what it is made of, what it gives, what would be lost with it. */
import { CLAIM_API } from '../../model/claim/api.js';
import { awsNames } from '../../model/names.js';
import { parseApiVersion, type Stored } from '../../support/kubernetes/objects.js';
import type { ClaimKey, ClaimView, Output, ResourceView } from '../contract.js';
import { MANAGED_TYPES, type SharedWatch } from '../live/shared-watch.js';
import type { Access } from '../session/access.js';
import type { Caller } from '../session/callers.js';
import { CLAIM_TYPES } from '../live/claim-kinds.js';
import { claimRowOf, conditionViewOf } from './claim-row.js';

export interface ViewContext {
  readonly watch: SharedWatch;
  readonly access: Access;
}

export function mayOnClaim(
  { access }: Pick<ViewContext, 'access'>,
  caller: Caller,
  verb: string,
  { form, namespace, name }: ClaimKey,
): Promise<boolean> {
  const { plural: resource } = CLAIM_TYPES[form];
  return access.may(caller, { verb, group: CLAIM_API[form].group, resource, namespace, name });
}

export async function claimViewOf(
  context: ViewContext,
  caller: Caller,
  key: ClaimKey,
  claim: Stored,
): Promise<ClaimView> {
  const row = claimRowOf(key.form, claim);
  const [readable, mayChange, mayDelete] = await Promise.all([
    readableKinds(context, caller, key),
    mayOnClaim(context, caller, 'patch', key),
    mayOnClaim(context, caller, 'delete', key),
  ]);
  const { dataRetention = 'Retain' } = (claim.spec ?? {}) as { dataRetention?: string };
  return {
    ...row,
    dataRetention,
    resources: context.watch
      .resourcesOf(key.form, claim)
      .filter(({ kind }) => readable.has(kind))
      .map(resourceViewOf)
      .sort((one, other) => (orderOf(one) < orderOf(other) ? -1 : 1)),
    hiddenKinds: MANAGED_TYPES[key.form]
      .map(({ kind }) => kind)
      .filter((kind) => !readable.has(kind)),
    outputs: outputsOf(claim.status),
    losses: lossesOf(claim, row, dataRetention),
    mayChange,
    mayDelete,
  };
}

async function readableKinds(
  { access }: ViewContext,
  caller: Caller,
  { form, namespace }: ClaimKey,
): Promise<ReadonlySet<string>> {
  const scope = form === 'namespaced' ? { namespace } : {};
  const kinds = await Promise.all(
    MANAGED_TYPES[form].map(async ({ apiVersion, plural: resource, kind }) => {
      const { group } = parseApiVersion(apiVersion);
      return (await access.may(caller, { verb: 'get', group, resource, ...scope })) ? [kind] : [];
    }),
  );
  return new Set(kinds.flat());
}

function resourceViewOf(resource: Stored): ResourceView {
  const spec = resource.spec as { forProvider?: { region?: string } } | undefined;
  return {
    kind: resource.kind,
    name: resource.metadata.name,
    region: spec?.forProvider?.region ?? 'global',
    isDeleting: resource.metadata.deletionTimestamp !== undefined,
    synced: conditionViewOf(resource, 'Synced'),
    ready: conditionViewOf(resource, 'Ready'),
  };
}

function orderOf({ kind, name }: ResourceView): string {
  return `${kind}/${name}`;
}

/** The texts of the status but for what Crossplane keeps there, by path: `primary.function.arn`. */
function outputsOf(status: unknown, path: readonly string[] = []): Output[] {
  if (typeof status === 'string') return [{ name: path.join('.'), value: status }];
  if (typeof status !== 'object' || status === null || Array.isArray(status)) return [];
  return Object.entries(status).flatMap(([field, value]) =>
    path.length === 0 && ['crossplane', 'connectionDetails'].includes(field)
      ? []
      : outputsOf(value, [...path, field]),
  );
}

function lossesOf(
  { spec }: Stored,
  { environmentSuffix, primary, secondary }: ReturnType<typeof claimRowOf>,
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
