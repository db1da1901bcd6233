/** Tells what the functions reported: on the composite, and on its claim where they want it to know. */
import { isApiError } from '../../../support/kubernetes/api-error.js';
import type { Stored } from '../../../support/kubernetes/objects.js';
import type { EngineContext } from '../engine-context.js';
import type { Composite, Machinery } from './composite.js';
import type { StepResult } from './fatal-result.js';

const REASON = 'ComposeResources';

export async function reportResults(
  composite: Stored<Composite>,
  results: readonly StepResult[],
  context: EngineContext,
): Promise<void> {
  const isForClaim = results.some(({ target }) => target === 'TARGET_COMPOSITE_AND_CLAIM');
  const claim = isForClaim ? await claimOf(composite, context) : undefined;
  for (const { severity, message, reason, step, target } of results) {
    const isNormal = severity === 'SEVERITY_NORMAL';
    const why = reason === undefined || reason === '' ? REASON : reason;
    const tell = (about: Stored, words: string): void => {
      if (isNormal) context.events.normal(about, why, words);
      else context.events.warning(about, why, words);
    };
    if (severity === 'SEVERITY_UNSPECIFIED') {
      tell(
        composite,
        `Pipeline step "${step}" returned a result of unknown severity (assuming warning): ${message}`,
      );
      continue;
    }
    tell(composite, `Pipeline step "${step}": ${message}`);
    if (claim !== undefined && target === 'TARGET_COMPOSITE_AND_CLAIM') tell(claim, message);
  }
}

/** A claim that is gone, or whose kind is, is told nothing. */
async function claimOf(
  { spec }: Composite,
  { client }: EngineContext,
): Promise<Stored | undefined> {
  const { claimRef } = (spec ?? {}) as Machinery;
  if (claimRef === undefined) return undefined;
  const { apiVersion, kind, namespace, name } = claimRef;
  try {
    return await client.read(await client.resourceType(apiVersion, kind), { namespace, name });
  } catch (error) {
    if (isApiError(error, 'NoKindMatch')) return undefined;
    throw error;
  }
}
