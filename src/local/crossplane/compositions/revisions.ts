/**
 * Keeps a CompositionRevision for every state that a Composition has had, so that composite resources can stay with one.
 *
 * A state is the spec with the labels and annotations; its digest names the revision. Going back to a former state makes
 * its revision the latest again.
 */
import { settled, type Outcome } from '../../../support/kubernetes/controller.js';
import type { Informer } from '../../../support/kubernetes/informer.js';
import type { KubernetesClient, ResourceType } from '../../../support/kubernetes/client.js';
import { conditionsOf, setCondition, type Stored } from '../../../support/kubernetes/objects.js';
import { toKubernetesTime } from '../../../support/clock.js';
import { isApiError } from '../../../support/kubernetes/api-error.js';
import { digest } from '../comparison.js';
import { ownerReference } from '../composed/render.js';
import { controllerOf } from '../composed/watches.js';
import { reconciled, type ConditionText } from '../conditions.js';
import type { EngineContext } from '../engine-context.js';
import {
  CONTROLLER_COMPOSITIONS,
  CONTROLLER_REVISIONS,
  FIELD_MANAGER,
  LABEL_COMPOSITION_HASH,
  LABEL_COMPOSITION_NAME,
} from '../names.js';
import type { Composition, CompositionRevision } from './composition.js';

/** A label's value has at most 63 characters, a digest 64. */
const LABEL_LENGTH = 63;
const SUFFIX_LENGTH = 7;

const validPipeline: ConditionText = {
  type: 'ValidPipeline',
  status: 'True',
  reason: 'ValidPipeline',
};

/** The digest of what a revision stands for. */
export function compositionHash({ metadata, spec }: Composition): string {
  const { labels = {}, annotations = {} } = metadata;
  return digest({ labels, annotations, spec }).slice(0, LABEL_LENGTH);
}

export function revisionOf(
  composition: Stored<Composition>,
  number: number,
): CompositionRevision & { metadata: { name: string } } {
  const { name, labels, annotations } = composition.metadata;
  const hash = compositionHash(composition);
  return {
    apiVersion: composition.apiVersion,
    kind: 'CompositionRevision',
    metadata: {
      name: `${name}-${hash.slice(0, SUFFIX_LENGTH)}`,
      labels: { ...labels, [LABEL_COMPOSITION_NAME]: name, [LABEL_COMPOSITION_HASH]: hash },
      ...(annotations === undefined ? {} : { annotations }),
      ownerReferences: [ownerReference(composition)],
    },
    spec: { ...composition.spec, revision: number },
  };
}

export interface RevisionKeeper {
  readonly context: EngineContext;
  readonly type: ResourceType;
  readonly compositions: Informer<Composition>;
}

/** Makes the latest revision of the Composition of this name the one of its present state. */
export async function keepRevisions(name: string, keeper: RevisionKeeper): Promise<Outcome> {
  const { client } = keeper.context;
  const composition = keeper.compositions.get({ name });
  if (composition?.metadata.deletionTimestamp !== undefined || composition === undefined) {
    return settled;
  }
  const revisions = await revisionsOf(client, keeper.type, name);
  await Promise.all(revisions.map((revision) => own(revision, composition, keeper)));
  const latest = Math.max(0, ...revisions.map(({ spec }) => spec.revision));
  const wanted = revisionOf(composition, latest + 1);
  const hash = wanted.metadata.labels?.[LABEL_COMPOSITION_HASH];
  const present = revisions.find(
    ({ metadata }) => metadata.labels?.[LABEL_COMPOSITION_HASH] === hash,
  );
  if (present === undefined) {
    const created = await client.create(keeper.type, wanted, { fieldManager: FIELD_MANAGER });
    const events = keeper.context.events.of(CONTROLLER_COMPOSITIONS);
    events.normal(composition, 'CreateRevision', 'Created new revision');
    await declareValid(created, keeper);
    return settled;
  }
  if (present.spec.revision < latest) {
    await client.patch(
      keeper.type,
      { name: present.metadata.name },
      { spec: { revision: latest + 1 } },
      { fieldManager: FIELD_MANAGER },
    );
  }
  await declareValid(present, keeper);
  return settled;
}

/**
 * Takes a revision that nobody controls. Throws for one of a former Composition of this name: garbage collection takes that
 * away, and then there is room for ours.
 */
async function own(
  revision: Stored<CompositionRevision>,
  composition: Stored<Composition>,
  { context, type }: RevisionKeeper,
): Promise<void> {
  const controller = controllerOf(revision);
  if (controller?.uid === composition.metadata.uid) return;
  const { name, ownerReferences = [] } = revision.metadata;
  if (controller !== undefined) {
    throw new Error(
      `${name} is already controlled by ${controller.kind} ${controller.name} (UID ${controller.uid})`,
    );
  }
  await context.client.patch(
    type,
    { name },
    { metadata: { ownerReferences: [...ownerReferences, ownerReference(composition)] } },
    { fieldManager: FIELD_MANAGER },
  );
}

async function revisionsOf(client: KubernetesClient, type: ResourceType, name: string) {
  const labelSelector = `${LABEL_COMPOSITION_NAME}=${name}`;
  const { items } = await client.list<CompositionRevision>(type, { labelSelector });
  return items;
}

/** Real Crossplane checks the capabilities of the functions that it finds; of ours, all can compose. */
async function declareValid(
  revision: Stored<CompositionRevision>,
  { context, type }: RevisionKeeper,
): Promise<void> {
  const now = toKubernetesTime(context.clock.now());
  const before = conditionsOf(revision);
  const { generation } = revision.metadata;
  const conditions = [reconciled, validPipeline].reduce(
    (all, next) =>
      setCondition(
        all,
        generation === undefined ? next : { ...next, observedGeneration: generation },
        now,
      ),
    before,
  );
  if (conditions === before) return;
  const words = 'All functions have required composition capability';
  context.events.of(CONTROLLER_REVISIONS).normal(revision, 'CheckCapabilities', words);
  try {
    await context.client.patch(
      type,
      { name: revision.metadata.name },
      { status: { conditions } },
      { subresource: 'status', fieldManager: FIELD_MANAGER },
    );
  } catch (error) {
    if (!isApiError(error, 'NotFound')) throw error;
  }
}
