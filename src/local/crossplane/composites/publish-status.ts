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

/** The conditions that are Crossplane's own: what functions say of them is left out. */
const SYSTEM_CONDITIONS: ReadonlySet<string> = new Set([
  'Ready',
  'Synced',
  'Healthy',
  'UpToDate',
  'Responsive',
]);

const STATUSES: Readonly<Record<string, 'True' | 'False'>> = {
  STATUS_CONDITION_TRUE: 'True',
  STATUS_CONDITION_FALSE: 'False',
};

/** What a pass that composed says of its composite. */
export function outcomeConditions(composed: Composed): readonly ConditionText[] {
  return [
    responsive,
    ...functionConditions(composed.conditions),
    syncedOf(composed),
    readyOf(composed),
  ];
}

/** What the functions say beside Crossplane's own conditions. */
function functionConditions(said: readonly FunctionCondition[]): readonly ConditionText[] {
  return said
    .filter(({ type }) => !SYSTEM_CONDITIONS.has(type))
    .map(({ type, status, reason = '', message }) => ({
      type,
      status: STATUSES[status ?? ''] ?? 'Unknown',
      reason,
      ...(message === undefined || message === '' ? {} : { message }),
      isUnstamped: true,
    }));
}

/** What the functions said before one of them failed, and of each other condition that nobody knows how it stands. */
export function conditionsAfterFailure(
  composite: Composite,
  said: readonly FunctionCondition[],
): ConditionText[] {
  const known = functionConditions(said);
  const types = new Set(known.map(({ type }) => type));
  const unknown = conditionsOf(composite)
    .filter(({ type }) => !SYSTEM_CONDITIONS.has(type) && !types.has(type))
    .map(({ type }): ConditionText => ({
      type,
      status: 'Unknown',
      reason: 'FatalError',
      message: 'A fatal error occurred before the status of this condition could be determined.',
    }));
  return [...known, ...unknown];
}

function syncedOf({ unsynced }: Composed): ConditionText {
  if (unsynced.length === 0) return reconciled;
  return notReconciled(`Unsynced resources: ${nameSome(unsynced)}`);
}

function readyOf({ readiness, unready }: Composed): ConditionText {
  if (readiness !== undefined) return readiness ? available : creating();
  return unready.length === 0 ? available : creating(`Unready resources: ${nameSome(unready)}`);
}

/** The conditions that functions want the claim to show too: a type that was named once stays. */
export function claimConditionTypes(
  { status = {} }: Composite,
  said: readonly FunctionCondition[],
): { readonly claimConditionTypes?: readonly string[] } {
  const before = (status.claimConditionTypes ?? []) as readonly string[];
  const types = said
    .filter(({ target }) => target === 'TARGET_COMPOSITE_AND_CLAIM')
    .map(({ type }) => type)
    .filter((type) => !SYSTEM_CONDITIONS.has(type));
  return types.length === 0 ? {} : { claimConditionTypes: [...new Set([...before, ...types])] };
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

/**
 * The conditions of `object` with these, stamped with its generation unless a function said them; the very array it has
 * where nothing differs.
 */
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
        generation === undefined || text.isUnstamped === true
          ? withoutMark(text)
          : { ...withoutMark(text), observedGeneration: generation },
        now,
      ),
    conditionsOf(object),
  );
}

function withoutMark({
  isUnstamped: _,
  ...text
}: ConditionText): Omit<ConditionText, 'isUnstamped'> {
  return text;
}
