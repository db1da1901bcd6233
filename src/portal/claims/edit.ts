/** An edit: what it would change, as the API server sees it, and the change itself. Both refuse when somebody else was faster. */
import { fieldChanges } from '../../claims/change/field-changes.js';
import { PdrError } from '../../support/errors.js';
import { isApiError } from '../../support/kubernetes/api-error.js';
import type { Stored } from '../../support/kubernetes/objects.js';
import type { ClaimKey, Edit, EditPreview, Manifest } from '../contract.js';
import { isRecord } from '../http/exchange.js';
import { faultsOf } from '../http/refusal.js';
import { noSuchClaim } from '../live/claim-stream.js';
import { CLAIM_TYPES } from '../live/claim-kinds.js';
import type { Caller } from '../session/callers.js';
import { FIELD_MANAGER } from './draft.js';

export async function readManifest(caller: Caller, key: ClaimKey): Promise<Manifest> {
  const { metadata, spec } = await read(caller, key);
  return { generation: metadata.generation ?? 0, spec: isRecord(spec) ? spec : {} };
}

export async function previewEdit(caller: Caller, key: ClaimKey, edit: Edit): Promise<EditPreview> {
  const current = await read(caller, key);
  try {
    const next = await patch(caller, key, current, edit, true);
    return { changes: fieldChanges(current.spec, next.spec, 'spec'), faults: [] };
  } catch (error) {
    if (!isApiError(error, 'Invalid')) throw error;
    return { changes: fieldChanges(current.spec, edit.spec, 'spec'), faults: faultsOf(error) };
  }
}

const ATTEMPTS = 5;

export async function applyEdit(caller: Caller, key: ClaimKey, edit: Edit): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await patch(caller, key, await read(caller, key), edit, false);
      return;
    } catch (error) {
      // Its status changed since it was read, and while it comes up that changes all the time.
      if (!isApiError(error, 'Conflict') || attempt === ATTEMPTS) throw error;
    }
  }
}

/** Throws PDR2005 where the claim asks for something else than when the edit began. */
function patch(
  { client }: Caller,
  { form, namespace, name }: ClaimKey,
  current: Stored,
  { generation, spec }: Edit,
  dryRun: boolean,
): Promise<Stored> {
  const { resourceVersion } = current.metadata;
  if (current.metadata.generation !== generation) {
    throw new PdrError('PDR2005', { subject: `${namespace}/${name}` });
  }
  // A dry run that loses to a change of the status has nothing to lose.
  const metadata = dryRun ? {} : { resourceVersion };
  const body = { metadata, spec: mergePatchOf(current.spec, spec) };
  const options = { fieldManager: FIELD_MANAGER, dryRun };
  return client.patch(CLAIM_TYPES[form], { namespace, name }, body, options);
}

async function read({ client }: Caller, key: ClaimKey): Promise<Stored> {
  const { form, namespace, name } = key;
  const claim = await client.read(CLAIM_TYPES[form], { namespace, name });
  if (claim === undefined) throw noSuchClaim(key);
  return claim;
}

/** The merge patch (RFC 7386) that makes `next` of `current`. */
function mergePatchOf(current: unknown, next: unknown): unknown {
  if (!isRecord(current) || !isRecord(next)) return next;
  const removed = Object.keys(current).filter((field) => !(field in next));
  return Object.fromEntries([
    ...removed.map((field) => [field, null] as const),
    ...Object.entries(next).map(
      ([field, value]) => [field, mergePatchOf(current[field], value)] as const,
    ),
  ]);
}
