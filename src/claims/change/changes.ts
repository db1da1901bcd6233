/**
 * What applying a claim would change: the claim itself, as the API server would store it, and the resources that it composes.
 *
 * The claim is applied as a dry run, so that admission has its say. Its resources are composed twice from what is observed,
 * as it is and as it would be; a field counts as changed where the second differs from what is in the cluster, and as gone
 * where only the first has it. Nothing is written. What waits for an answer of AWS cannot be foreseen and is left out.
 */
import type { Form } from '../../model/managed/kind.js';
import { PdrError } from '../../support/errors.js';
import { isApiError } from '../../support/kubernetes/api-error.js';
import type { KubernetesClient } from '../../support/kubernetes/client.js';
import {
  formatKey,
  keyOf,
  type KubernetesObject,
  type Stored,
} from '../../support/kubernetes/objects.js';
import { compose, templateOf, type Composed } from '../composition/compose.js';
import {
  compositionOf,
  existingOf,
  observeFound,
  type ObservedClaim,
} from '../observation/observe.js';
import { otherOwnerOf } from '../observation/other-owner.js';
import { fieldChanges, type FieldChange } from './field-changes.js';

export interface ObjectChange {
  readonly action: 'create' | 'update' | 'delete';
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string | undefined;
  /** None where the object is made or deleted as a whole. */
  readonly fields: readonly FieldChange[];
}

export interface ClaimChanges {
  readonly changes: readonly ObjectChange[];
  /** Kinds whose changes cannot be told, because the caller may not read them. */
  readonly hidden: readonly string[];
  /** Whether the Composition is that of the cluster, and not only this package's. */
  readonly isOfCluster: boolean;
}

export interface ChangeOptions {
  readonly client: KubernetesClient;
  readonly form: Form;
  /** With a namespace. */
  readonly claim: KubernetesObject;
  /** As the API server would store it if it were new. */
  readonly defaulted: KubernetesObject;
  readonly fieldManager: string;
  readonly packageDir: string;
}

/** Throws what the API server refuses, such as an immutable field; PDR1030 where another claim has the environment. */
export async function changesOf(options: ChangeOptions): Promise<ClaimChanges> {
  const { client, form, claim, defaulted, fieldManager, packageDir } = options;
  const type = await client.resourceType(claim.apiVersion, claim.kind);
  const live = await client.read<KubernetesObject>(type, keyOf(claim));
  const applied = await dryRun(client, claim, fieldManager);
  if (live === undefined) {
    const { composition, isOfCluster } = await compositionOf(client, { form }, packageDir);
    const { resources } = await compose({ subject: applied ?? defaulted, composition });
    const namespace = form === 'namespaced' ? claim.metadata.namespace : undefined;
    const there = await existingOf(
      client,
      resources.map(({ object }) => object),
      namespace,
    );
    checkOwner(claim, there, { ...claim, metadata: {} });
    const made = [applied ?? defaulted, ...resources.map(({ object }) => object)];
    return { changes: made.map((object) => changeOf('create', object)), hidden: [], isOfCluster };
  }
  const observed = await observeFound(client, { form, claim: live });
  checkOwner(live, observed.resources, observed.composite);
  const { composition, isOfCluster } = await compositionOf(client, observed, packageDir);
  const own = fieldChanges(comparable(live), comparable(applied ?? live));
  const [now, next] = await Promise.all(
    [live, applied ?? live].map((wish) =>
      compose({
        subject: compositeWith(observed, wish),
        composition,
        observed: observed.resources,
      }),
    ),
  );
  return {
    changes: [
      ...(own.length === 0 ? [] : [changeOf('update', live, own)]),
      ...(observed.hidden.length > 0 || now === undefined || next === undefined
        ? []
        : resourceChanges(observed, now, next)),
    ],
    hidden: observed.hidden,
    isOfCluster,
  };
}

function checkOwner(
  claim: KubernetesObject,
  resources: readonly KubernetesObject[],
  composite: KubernetesObject | undefined,
): void {
  for (const resource of resources) {
    const owner = otherOwnerOf(resource, composite);
    if (owner === undefined) continue;
    throw new PdrError('PDR1030', {
      subject: formatKey(keyOf(claim)),
      detail: `${resource.kind} ${formatKey(keyOf(resource))} belongs to ${owner}`,
    });
  }
}

/** The object as it would be stored; `undefined` where its namespace is not there yet, to be made with it. */
async function dryRun(
  client: KubernetesClient,
  claim: KubernetesObject,
  fieldManager: string,
): Promise<Stored | undefined> {
  const type = await client.resourceType(claim.apiVersion, claim.kind);
  try {
    return await client.apply(type, claim, { fieldManager, force: true, dryRun: true });
  } catch (error) {
    if (isApiError(error, 'NotFound') && error.message.startsWith('namespaces ')) return undefined;
    throw error;
  }
}

/** The composite with the claim's fields as they are wished for, as Crossplane would propagate them. */
function compositeWith(
  { form, composite, claim }: ObservedClaim,
  wish: KubernetesObject,
): KubernetesObject {
  if (form === 'namespaced') return { ...wish, status: claim.status };
  if (composite === undefined) return wish;
  const {
    resourceRef: _resourceRef,
    compositeDeletePolicy: _policy,
    writeConnectionSecretToRef: _secret,
    ...wished
  } = wish.spec as Record<string, unknown>;
  const { claimRef, resourceRefs, compositionRef, compositionRevisionRef } =
    composite.spec as Record<string, unknown>;
  const machinery = Object.fromEntries(
    Object.entries({ claimRef, resourceRefs, compositionRef, compositionRevisionRef }).filter(
      ([, value]) => value !== undefined,
    ),
  );
  return { ...composite, spec: { ...wished, ...machinery } };
}

function resourceChanges(
  { resources }: ObservedClaim,
  now: Composed,
  next: Composed,
): ObjectChange[] {
  const live = new Map(resources.map((object) => [templateOf(object), object]));
  const before = new Map(now.resources.map(({ template, object }) => [template, object]));
  const wanted = new Set(next.resources.map(({ template }) => template));
  const changed = next.resources.flatMap(({ template, object }) => {
    const current = live.get(template);
    if (current === undefined) return [changeOf('create', object)];
    const fields = appliedChanges(current, before.get(template), object);
    return fields.length === 0 ? [] : [changeOf('update', current, fields)];
  });
  const gone = [...live].filter(([template]) => template !== undefined && !wanted.has(template));
  return [...changed, ...gone.map(([, object]) => changeOf('delete', object))];
}

/** Of what is in the cluster, only what the template speaks of, now or next, can change. */
function appliedChanges(
  live: KubernetesObject,
  now: KubernetesObject | undefined,
  next: KubernetesObject,
): FieldChange[] {
  const spoken = overlay(spokenOf(live, next), spokenOf(live, now ?? {}));
  return fieldChanges(comparable(spoken as KubernetesObject), comparable(next));
}

/** The part of `value` that `mask` speaks of. */
function spokenOf(value: unknown, mask: unknown): unknown {
  if (!isMap(value) || !isMap(mask)) return value;
  return Object.fromEntries(
    Object.entries(mask).flatMap(([key, inner]) =>
      value[key] === undefined ? [] : [[key, spokenOf(value[key], inner)]],
    ),
  );
}

function overlay(one: unknown, other: unknown): unknown {
  if (!isMap(one) || !isMap(other)) return one ?? other;
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return Object.fromEntries(keys.map((key) => [key, overlay(one[key], other[key])]));
}

/** Without what the server writes: identity, versions, bookkeeping, status. */
function comparable({ metadata, spec }: KubernetesObject): object {
  const { name, namespace, labels, annotations } = metadata;
  return { metadata: { name, namespace, labels, annotations }, spec };
}

function changeOf(
  action: ObjectChange['action'],
  object: KubernetesObject,
  fields: readonly FieldChange[] = [],
): ObjectChange {
  const { apiVersion, kind, metadata } = object;
  const { namespace } = metadata;
  const name = metadata.name ?? `${metadata.generateName ?? ''}…`;
  return {
    action,
    apiVersion,
    kind,
    name,
    ...(namespace === undefined ? {} : { namespace }),
    fields,
  };
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
