/**
 * A claim as it is on a cluster, with everything it is made of: the composite behind it and each managed resource.
 *
 * What the caller may not read is left out and named, so that a claim's author without rights on managed resources still
 * sees as much as there is to see.
 */
import { CLAIM_API } from '../../model/claim/api.js';
import type { Form } from '../../model/managed/kind.js';
import { isApiError } from '../../support/kubernetes/api-error.js';
import type { KubernetesClient } from '../../support/kubernetes/client.js';
import {
  conditionOf,
  type KubernetesObject,
  type ObjectKey,
  type Stored,
} from '../../support/kubernetes/objects.js';
import type { Composition } from '../../local/crossplane/compositions/composition.js';
import { readDefinition } from '../contract/definition-files.js';
import { findClaim, servedType, type ClaimKey, type FoundClaim } from './find-claim.js';
import { otherOwnerOf } from './other-owner.js';

export interface ResourceRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name?: string;
}

export interface ObservedClaim {
  readonly form: Form;
  readonly claim: Stored;
  /** In the namespaced form the claim itself. */
  readonly composite?: KubernetesObject | undefined;
  /** In the order in which the composite refers to them. */
  readonly resources: readonly KubernetesObject[];
  /** Referred to, and not there. */
  readonly missing: readonly ResourceRef[];
  /** Kinds that the caller may not read. */
  readonly hidden: readonly string[];
}

interface Machinery {
  readonly resourceRef?: ResourceRef;
  readonly resourceRefs?: readonly ResourceRef[];
  readonly compositionRef?: { readonly name?: string };
  readonly compositionRevisionRef?: { readonly name?: string };
}

/** Throws as `findClaim` does. */
export async function observeClaim(
  client: KubernetesClient,
  key: ClaimKey,
): Promise<ObservedClaim> {
  return observeFound(client, await findClaim(client, key));
}

export async function observeFound(
  client: KubernetesClient,
  { form, claim }: Pick<FoundClaim, 'form' | 'claim'>,
): Promise<ObservedClaim> {
  const reader = new Reader(client);
  const composite = form === 'namespaced' ? claim : await reader.composite(claim);
  const refs = composite === undefined ? [] : resourceRefsOf(composite, form);
  const { namespace } = claim.metadata;
  const read = await Promise.all(
    refs.map(async (ref) => ({
      ref,
      object: await reader.read(ref, form === 'namespaced' ? namespace : undefined),
    })),
  );
  return {
    form,
    claim,
    composite,
    resources: read.flatMap(({ object }) => object ?? []),
    missing: read
      .filter(({ ref, object }) => object === undefined && !reader.hidden.has(ref.kind))
      .map(({ ref }) => ref),
    hidden: [...reader.hidden].sort(),
  };
}

/** Of these, those that the cluster has and the caller may read; by their names, whatever else is said of them. */
export async function existingOf(
  client: KubernetesClient,
  objects: readonly KubernetesObject[],
  namespace: string | undefined,
): Promise<readonly Stored[]> {
  const reader = new Reader(client);
  const read = await Promise.all(
    objects.map(({ apiVersion, kind, metadata: { name } }) =>
      reader.read({ apiVersion, kind, ...(name === undefined ? {} : { name }) }, namespace),
    ),
  );
  return read.flatMap((object) => object ?? []);
}

/**
 * With what its composite wants and another claim has: a watch by the labels of the claim does not see that. Reads nothing
 * while the composite is synced.
 */
export async function withTaken(
  client: KubernetesClient,
  observed: ObservedClaim,
): Promise<ObservedClaim> {
  const { form, claim, composite, resources } = observed;
  if (composite === undefined || conditionOf(composite, 'Synced')?.status !== 'False')
    return observed;
  const known = new Set(resources.map(({ kind, metadata }) => `${kind}/${metadata.name ?? ''}`));
  const unseen = resourceRefsOf(composite, form)
    .filter(({ kind, name = '' }) => name !== '' && !known.has(`${kind}/${name}`))
    .map(({ apiVersion, kind, name }): KubernetesObject => ({
      apiVersion,
      kind,
      metadata: name === undefined ? {} : { name },
    }));
  const namespace = form === 'namespaced' ? claim.metadata.namespace : undefined;
  const taken = (await existingOf(client, unseen, namespace)).filter(
    (object) => otherOwnerOf(object, composite) !== undefined,
  );
  return { ...observed, resources: [...resources, ...taken] };
}

/**
 * The Composition by which the composite is made: its revision on the cluster, or this package's where the cluster has
 * none for it yet or does not let the caller read it.
 */
export async function compositionOf(
  client: KubernetesClient,
  observed: Pick<ObservedClaim, 'form' | 'composite'>,
  packageDir: string,
): Promise<{ readonly composition: Composition; readonly isOfCluster: boolean }> {
  const ofCluster = await compositionInCluster(client, observed);
  if (ofCluster !== undefined) return { composition: ofCluster, isOfCluster: true };
  const { composition } = await readDefinition(packageDir, observed.form);
  return { composition, isOfCluster: false };
}

/** The same, where the cluster has one and lets the caller read it. */
export async function compositionInCluster(
  client: KubernetesClient,
  { form, composite }: Pick<ObservedClaim, 'form' | 'composite'>,
): Promise<Composition | undefined> {
  const { compositionRevisionRef, compositionRef } =
    composite === undefined ? ({} as Machinery) : machineryOf(composite, form);
  const reader = new Reader(client);
  const apiVersion = 'apiextensions.crossplane.io/v1';
  const found =
    (await reader.read({ apiVersion, kind: 'CompositionRevision', ...compositionRevisionRef })) ??
    (await reader.read({
      apiVersion,
      kind: 'Composition',
      name: compositionRef?.name ?? nameOfComposition(form),
    }));
  return found as unknown as Composition | undefined;
}

export function machineryOf({ spec }: KubernetesObject, form: Form): Machinery {
  const fields = (spec ?? {}) as Machinery & { readonly crossplane?: Machinery };
  return form === 'cluster' ? fields : (fields.crossplane ?? {});
}

export function resourceRefsOf(composite: KubernetesObject, form: Form): readonly ResourceRef[] {
  return machineryOf(composite, form).resourceRefs ?? [];
}

function nameOfComposition(form: Form): string {
  const { group, composite } = CLAIM_API[form];
  return `${composite.plural}.${group}`;
}

class Reader {
  readonly hidden = new Set<string>();

  constructor(private readonly client: KubernetesClient) {}

  async composite(claim: KubernetesObject): Promise<Stored | undefined> {
    const { resourceRef } = machineryOf(claim, 'cluster');
    return resourceRef === undefined ? undefined : this.read(resourceRef);
  }

  async read(
    { apiVersion, kind, name }: ResourceRef,
    namespace?: string,
  ): Promise<Stored | undefined> {
    if (name === undefined) return undefined;
    try {
      const type = await servedType(this.client, apiVersion, kind);
      const key: ObjectKey = namespace === undefined ? { name } : { name, namespace };
      return type && (await this.client.read<KubernetesObject>(type, key));
    } catch (error) {
      if (!isApiError(error, 'Forbidden')) throw error;
      this.hidden.add(kind);
      return undefined;
    }
  }
}
