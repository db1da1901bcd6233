/**
 * Composes a claim without a cluster: runs the Composition's pipeline, as Crossplane does, on what was observed so far.
 *
 * Passes are repeated on the same observations until the composite's own status changes no more, as the engine's would be.
 * Promises the resources that Crossplane would apply next; not their owner references and generated names, which need the
 * composite's UID.
 */
import { isDeepStrictEqual } from 'node:util';
import { CLAIM_API } from '../../model/claim/api.js';
import { PdrError } from '../../support/errors.js';
import { parseApiVersion, type KubernetesObject } from '../../support/kubernetes/objects.js';
import type { Composition, PipelineStep } from '../../local/crossplane/compositions/composition.js';
import { autoReady } from '../../local/crossplane/functions/auto-ready.js';
import { patchAndTransform } from '../../local/crossplane/functions/patch-and-transform/function.js';
import type { RunFunction, State } from '../../local/crossplane/functions/protocol.js';
import {
  ANNOTATION_RESOURCE_NAME,
  LABEL_CLAIM_NAME,
  LABEL_CLAIM_NAMESPACE,
  LABEL_COMPOSITE,
} from '../../local/crossplane/names.js';
import { formOf } from '../contract/definition-files.js';
import { awaitedBy, type Waiting } from './waiting.js';

/** A status that has not settled by then never will. */
const MAX_PASSES = 10;

const FUNCTIONS: Readonly<Record<string, RunFunction>> = {
  'function-patch-and-transform': patchAndTransform,
  'function-auto-ready': autoReady,
};

export interface ComposeOptions {
  /** The composite, or the claim: then the composite is made of it, under the claim's name. */
  readonly subject: KubernetesObject;
  readonly composition: Composition;
  /** Composed resources as they are, each with the annotation that names its template. */
  readonly observed?: readonly KubernetesObject[];
}

export interface ComposedResource {
  /** The name of its template in the Composition. */
  readonly template: string;
  readonly object: KubernetesObject;
  readonly isReady: boolean;
}

export interface Composed {
  /** The composite with the status that its resources give it. */
  readonly composite: KubernetesObject;
  /** In the order of the Composition. */
  readonly resources: readonly ComposedResource[];
  /** Templates that make nothing yet, and what they wait for. */
  readonly waiting: readonly Waiting[];
  readonly passes: number;
}

/** Throws PDR1023 where the pipeline ends with a fatal result, or needs what only a cluster has. */
export async function compose({
  subject,
  composition,
  observed = [],
}: ComposeOptions): Promise<Composed> {
  const resources = Object.fromEntries(
    observed.flatMap((object) => {
      const template = templateOf(object);
      return template === undefined ? [] : [[template, { resource: { ...object } }]];
    }),
  );
  let composite = compositeOf(subject);
  for (let passes = 1; ; passes += 1) {
    const state = { composite: { resource: { ...composite } }, resources };
    const desired = await runPipeline(composition, state);
    const next = withStatus(composite, desired.composite?.resource.status);
    if (passes < MAX_PASSES && !isDeepStrictEqual(next.status, composite.status)) {
      composite = next;
      continue;
    }
    return {
      composite,
      resources: Object.entries(desired.resources).map(([template, { resource, ready }]) => ({
        template,
        object: named(template, resource as unknown as KubernetesObject, composite, subject),
        isReady: ready === 'READY_TRUE',
      })),
      waiting: awaitedBy(composition, composite, new Set(Object.keys(desired.resources))),
      passes,
    };
  }
}

/** The template that a composed resource was made of. */
export function templateOf({ metadata }: KubernetesObject): string | undefined {
  return metadata.annotations?.[ANNOTATION_RESOURCE_NAME];
}

async function runPipeline(composition: Composition, observed: State): Promise<State> {
  let desired: State = { resources: {} };
  let context: Readonly<Record<string, unknown>> = {};
  const { name: subject = '' } = composition.metadata;
  for (const step of composition.spec.pipeline) {
    const { input } = step;
    const response = await functionOf(
      step,
      subject,
    )({
      observed,
      desired,
      context,
      ...(input === undefined ? {} : { input }),
    });
    const fatal = response.results.find(({ severity }) => severity === 'SEVERITY_FATAL');
    if (fatal !== undefined) {
      throw new PdrError('PDR1023', { subject, detail: `step ${step.step}: ${fatal.message}` });
    }
    ({ desired } = response);
    context = response.context ?? context;
  }
  return desired;
}

function functionOf(step: PipelineStep, subject: string): RunFunction {
  const run = FUNCTIONS[step.functionRef.name];
  const needsCluster = (step.credentials ?? []).length > 0 || step.requirements !== undefined;
  if (run !== undefined && !needsCluster) return run;
  const detail = needsCluster
    ? `step ${step.step} needs objects of a cluster`
    : `step ${step.step} calls ${step.functionRef.name}, which runs in a cluster only`;
  throw new PdrError('PDR1023', { subject, detail });
}

function compositeOf(subject: KubernetesObject): KubernetesObject {
  const form = formOf(subject.apiVersion);
  const kind = form === undefined ? subject.kind : CLAIM_API[form].composite.kind;
  if (kind === subject.kind) return subject;
  const { name, namespace } = subject.metadata;
  const { status: _status, metadata, ...rest } = subject;
  const spec = {
    ...(subject.spec as object),
    claimRef: { apiVersion: subject.apiVersion, kind: subject.kind, name, namespace },
  };
  const { namespace: _namespace, ...unscoped } = metadata;
  return { ...rest, kind, metadata: unscoped, spec };
}

function withStatus(composite: KubernetesObject, status: unknown): KubernetesObject {
  if (typeof status !== 'object' || status === null) return composite;
  return { ...composite, status: merged(composite.status, status) };
}

function merged(before: unknown, after: unknown): unknown {
  const isMap = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isMap(before) || !isMap(after)) return after;
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return Object.fromEntries(
    keys.map((key) => [key, key in after ? merged(before[key], after[key]) : before[key]]),
  );
}

/** The labels and the annotation by which Crossplane knows a resource again. */
function named(
  template: string,
  wanted: KubernetesObject,
  composite: KubernetesObject,
  subject: KubernetesObject,
): KubernetesObject {
  const { metadata } = wanted as { metadata?: KubernetesObject['metadata'] };
  const claim = claimOf(composite, subject);
  const { namespace } = composite.metadata;
  return {
    ...wanted,
    metadata: {
      ...metadata,
      ...(metadata?.name === undefined
        ? { generateName: `${composite.metadata.name ?? ''}-` }
        : {}),
      ...(namespace === undefined ? {} : { namespace }),
      labels: {
        ...metadata?.labels,
        [LABEL_COMPOSITE]: composite.metadata.name ?? '',
        ...(claim === undefined
          ? {}
          : { [LABEL_CLAIM_NAME]: claim.name, [LABEL_CLAIM_NAMESPACE]: claim.namespace }),
      },
      annotations: { ...metadata?.annotations, [ANNOTATION_RESOURCE_NAME]: template },
    },
  };
}

function claimOf(composite: KubernetesObject, subject: KubernetesObject) {
  if (parseApiVersion(subject.apiVersion).group !== CLAIM_API.cluster.group) return undefined;
  const { claimRef } = (composite.spec ?? {}) as {
    claimRef?: { name?: string; namespace?: string };
  };
  return claimRef && { name: claimRef.name ?? '', namespace: claimRef.namespace ?? 'default' };
}
