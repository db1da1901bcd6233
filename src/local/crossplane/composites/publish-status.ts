/** Writes what a pass found into the composite's conditions: one patch, and none when nothing changed. */
import { toKubernetesTime } from '../../../support/clock.js';
import type { ResourceType } from '../../../support/kubernetes/client.js';
import {
  conditionsOf,
  keyOf,
  setCondition,
  type Condition,
  type Stored,
} from '../../../support/kubernetes/objects.js';
import { canonicalJson } from '../comparison.js';
import {
  available,
  creating,
  nameSome,
  notReconciled,
  reconciled,
  responsive,
  type ConditionText,
} from '../conditions.js';
import type { EngineContext } from '../engine-context.js';
import type { FunctionCondition } from '../functions/protocol.js';
import { FIELD_MANAGER } from '../names.js';
import type { Composed } from './compose.js';
import type { Composite } from './composite.js';

/** The conditions that functions may not write. */
export const SYSTEM_CONDITIONS: ReadonlySet<string> = new Set(['Synced', 'Ready', 'Responsive']);

const STATUSES = {
  STATUS_CONDITION_TRUE: 'True',
  STATUS_CONDITION_FALSE: 'False',
  STATUS_CONDITION_UNKNOWN: 'Unknown',
} as const;

/** What a pass that composed says of its composite. */
export function outcomeConditions(composed: Composed): readonly ConditionText[] {
  const own = composed.conditions
    .filter(({ type }) => !SYSTEM_CONDITIONS.has(type))
    .map(({ type, status, reason, message }) => ({
      type,
      status: STATUSES[status],
      reason,
      ...(message === undefined ? {} : { message }),
    }));
  return [...own, responsive, syncedOf(composed), readyOf(composed)];
}

function syncedOf({ unsynced }: Composed): ConditionText {
  if (unsynced.length === 0) return reconciled;
  return notReconciled(`Unsynced resources: ${nameSome(unsynced)}`);
}

function readyOf({ readiness, unready, unsynced }: Composed): ConditionText {
  if (readiness !== undefined) return readiness ? available : creating();
  const missing = [...new Set([...unready, ...unsynced])];
  return missing.length === 0 ? available : creating(`Unready resources: ${nameSome(missing)}`);
}

/** The types of the conditions that functions want the claim to show too. */
export function claimConditionTypes(conditions: readonly FunctionCondition[]): readonly string[] {
  return conditions
    .filter(
      ({ type, target }) => target === 'TARGET_COMPOSITE_AND_CLAIM' && !SYSTEM_CONDITIONS.has(type),
    )
    .map(({ type }) => type);
}

export async function publishStatus(
  composite: Stored<Composite>,
  texts: readonly ConditionText[],
  more: Readonly<Record<string, unknown>>,
  { context, type }: { readonly context: EngineContext; readonly type: ResourceType },
): Promise<Stored<Composite>> {
  const conditions = withConditions(composite, texts, context);
  const before = composite.status ?? {};
  const isSame =
    conditions === conditionsOf(composite) &&
    Object.entries(more).every(
      ([key, value]) => canonicalJson(before[key] ?? null) === canonicalJson(value),
    );
  if (isSame) return composite;
  return context.client.patch<Composite>(
    type,
    keyOf(composite),
    { status: { ...more, conditions } },
    { subresource: 'status', fieldManager: FIELD_MANAGER },
  );
}

/** The conditions of `object` with these, stamped with its generation; the very array it has where nothing differs. */
export function withConditions(
  object: Stored,
  texts: readonly ConditionText[],
  { clock }: Pick<EngineContext, 'clock'>,
): readonly Condition[] {
  const now = toKubernetesTime(clock.now());
  const { generation } = object.metadata;
  return texts.reduce<readonly Condition[]>(
    (all, text) =>
      setCondition(
        all,
        generation === undefined ? text : { ...text, observedGeneration: generation },
        now,
      ),
    conditionsOf(object),
  );
}
