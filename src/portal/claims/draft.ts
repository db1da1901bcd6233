/** A draft: a claim that is being written. The API server judges it by a dry run, the cluster's Composition says what it makes. */
import { stringify } from 'yaml';
import { FORMS } from '../../model/managed/kind.js';
import { isApiError } from '../../support/kubernetes/api-error.js';
import type { KubernetesClient } from '../../support/kubernetes/client.js';
import type { KubernetesObject, Stored } from '../../support/kubernetes/objects.js';
import type { Draft, FieldFault, Preview } from '../contract.js';
import { faultsOf, NAME_IS_TAKEN } from '../http/refusal.js';
import { CLAIM_TYPES } from '../live/claim-kinds.js';
import type { SharedWatch } from '../live/shared-watch.js';
import type { Caller } from '../session/callers.js';
import { composedOf } from './composing.js';

export const FIELD_MANAGER = 'payments-dr-portal';

export function manifestOf({ form, namespace, name, spec }: Draft): KubernetesObject {
  const { apiVersion, kind } = CLAIM_TYPES[form];
  return { apiVersion, kind, metadata: { name, namespace }, spec };
}

export async function previewOf(
  { watch, own }: { readonly watch: SharedWatch; readonly own: KubernetesClient },
  caller: Caller,
  draft: Draft,
): Promise<Preview> {
  const manifest = manifestOf(draft);
  const yaml = stringify(manifest, { lineWidth: 0 });
  const names = nameFaultsOf(draft);
  const outcome: Outcome =
    names.length > 0 ? { faults: names } : await tryOut(caller, draft, manifest);
  const faults = [...outcome.faults, ...environmentFaultsOf(watch, draft)];
  if (outcome.claim === undefined) return { yaml, faults, resources: [], unrendered: '' };
  const { resources, unrendered } = await composedOf(own, draft.form, outcome.claim);
  return { yaml, faults, resources, unrendered };
}

/** Rejects with the API server's own refusal. */
export function createClaim(caller: Caller, draft: Draft): Promise<Stored> {
  return caller.client.create(CLAIM_TYPES[draft.form], manifestOf(draft), {
    fieldManager: FIELD_MANAGER,
  });
}

interface Outcome {
  readonly faults: readonly FieldFault[];
  /** As it would be stored, defaults filled in; undefined where it is refused. */
  readonly claim?: Stored;
}

async function tryOut(
  { client }: Caller,
  draft: Draft,
  manifest: KubernetesObject,
): Promise<Outcome> {
  try {
    const claim = await client.create(CLAIM_TYPES[draft.form], manifest, {
      fieldManager: FIELD_MANAGER,
      dryRun: true,
    });
    return { faults: [], claim };
  } catch (error) {
    if (isApiError(error, 'Invalid', 'BadRequest')) {
      // Whether the name is taken it says only of a claim that is valid.
      const isTaken = (await claimOf(client, draft)) !== undefined;
      return { faults: [...(isTaken ? [NAME_IS_TAKEN] : []), ...faultsOf(error)] };
    }
    if (isApiError(error, 'AlreadyExists')) return { faults: faultsOf(error) };
    if (isApiError(error, 'NotFound') && error.message.includes('namespaces')) {
      const message = `there is no namespace ${draft.namespace}: choose another, or have it made`;
      return { faults: [{ field: 'metadata.namespace', message }] };
    }
    throw error;
  }
}

/** Nothing where the caller may not look: who applies it is told then. */
function claimOf(
  client: KubernetesClient,
  { form, namespace, name }: Draft,
): Promise<Stored | undefined> {
  return client.read(CLAIM_TYPES[form], { namespace, name }).catch((error: unknown) => {
    if (isApiError(error, 'Forbidden')) return undefined;
    throw error;
  });
}

/** The API server would say the same, but of an address and not of a field. */
function nameFaultsOf({ name, namespace }: Draft): FieldFault[] {
  const faultOf = (field: string, value: string, maxLength: number) =>
    value.length <= maxLength && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(value)
      ? []
      : [
          {
            field,
            message: `write lower-case letters, digits and hyphens, ${maxLength} at most, with a letter or digit at both ends`,
          },
        ];
  return [...faultOf('metadata.name', name, 63), ...faultOf('metadata.namespace', namespace, 63)];
}

/** Two claims of one environment would have the same names in AWS; whose the other one is, is not the caller's to know. */
function environmentFaultsOf(watch: SharedWatch, { spec, ...draft }: Draft): FieldFault[] {
  const suffixOf = (claim: { spec?: unknown }) =>
    (claim.spec as { environmentSuffix?: unknown } | undefined)?.environmentSuffix;
  const { environmentSuffix } = spec;
  const isTaken = FORMS.some((form) =>
    watch
      .claims(form)
      .some(
        (claim) =>
          suffixOf(claim) === environmentSuffix &&
          !(
            form === draft.form &&
            claim.metadata.name === draft.name &&
            claim.metadata.namespace === draft.namespace
          ),
      ),
  );
  if (!isTaken || typeof environmentSuffix !== 'string') return [];
  const message = `another claim has the environment ${environmentSuffix} already: choose another`;
  return [{ field: 'spec.environmentSuffix', message }];
}
