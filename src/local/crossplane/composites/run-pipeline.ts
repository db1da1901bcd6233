/**
 * Runs a Composition's pipeline: each function sees what exists and what the functions before it want, and adds to it.
 *
 * A function may ask for more objects of the cluster; it is then run again with them, until it asks for nothing new.
 * Changes nothing: what comes back is a wish.
 */
import type { KubernetesClient } from '../../../support/kubernetes/client.js';
import type { KubernetesObject, Stored } from '../../../support/kubernetes/objects.js';
import { canonicalJson, digest } from '../comparison.js';
import type { PipelineStep } from '../compositions/composition.js';
import type {
  Credentials,
  FunctionCondition,
  Requirements,
  Resource,
  ResourceSelector,
  Resources,
  Result,
  RunFunction,
  RunFunctionRequest,
  RunFunctionResponse,
  State,
} from '../functions/protocol.js';

/** How often a function is run again to give it what it asks for. */
const MAX_ROUNDS = 5;

export interface Pipeline {
  readonly steps: readonly PipelineStep[];
  readonly observed: State;
  /** Rejects where no function of this name can be called. */
  readonly findFunction: (name: string) => RunFunction;
  readonly client: KubernetesClient;
}

export interface PipelineOutcome {
  readonly desired: State;
  readonly results: readonly (Result & { readonly step: string })[];
  readonly conditions: readonly FunctionCondition[];
  /** The shortest time that a function's answer may be kept, if one said so. */
  readonly ttlSeconds?: number;
}

/** Rejects when a function cannot be called, or when one returns a fatal result. */
export async function runPipeline(pipeline: Pipeline): Promise<PipelineOutcome> {
  let desired: State = { resources: {} };
  let context: Readonly<Record<string, unknown>> = {};
  const results: (Result & { step: string })[] = [];
  const conditions: FunctionCondition[] = [];
  const ttls: number[] = [];
  for (const step of pipeline.steps) {
    const response = await runStep(step, desired, context, pipeline);
    desired = response.desired;
    context = response.context ?? context;
    conditions.push(...(response.conditions ?? []));
    if (response.meta?.ttlSeconds !== undefined) ttls.push(response.meta.ttlSeconds);
    for (const result of response.results) {
      if (result.severity === 'SEVERITY_FATAL') {
        throw new Error(`pipeline step "${step.step}" returned a fatal result: ${result.message}`);
      }
      results.push({ ...result, step: step.step });
    }
  }
  const outcome = { desired, results, conditions };
  return ttls.length === 0 ? outcome : { ...outcome, ttlSeconds: Math.min(...ttls) };
}

async function runStep(
  step: PipelineStep,
  desired: State,
  context: Readonly<Record<string, unknown>>,
  { observed, findFunction, client }: Pipeline,
): Promise<RunFunctionResponse> {
  try {
    const run = findFunction(step.functionRef.name);
    const asked = Object.fromEntries(
      (step.requirements?.requiredResources ?? []).map(
        ({ requirementName, name, matchLabels, ...selector }) => [
          requirementName,
          {
            ...selector,
            ...(name === undefined ? {} : { matchName: name }),
            ...(matchLabels === undefined ? {} : { matchLabels: { labels: matchLabels } }),
          } satisfies ResourceSelector,
        ],
      ),
    );
    const base: Omit<RunFunctionRequest, 'meta'> = {
      observed,
      desired,
      context,
      ...(step.input === undefined ? {} : { input: step.input }),
      ...(await withCredentials(step, client)),
    };
    const run1 = (request: Omit<RunFunctionRequest, 'meta'>) =>
      run({ meta: { tag: digest(request) }, ...request });
    let required = await fetchAll(asked, client);
    let previous: Requirements = {};
    for (let round = 0; round <= MAX_ROUNDS; round += 1) {
      const response = await run1({
        ...base,
        ...(Object.keys(required).length === 0
          ? {}
          : { requiredResources: required, extraResources: required }),
      });
      const requirements = response.requirements ?? {};
      const isFatal = response.results.some(({ severity }) => severity === 'SEVERITY_FATAL');
      if (isFatal || canonicalJson(requirements) === canonicalJson(previous)) return response;
      previous = requirements;
      required = await fetchAll(
        { ...asked, ...requirements.extraResources, ...requirements.resources },
        client,
      );
    }
    throw new Error(`its requirements did not settle in ${MAX_ROUNDS} rounds`);
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new Error(`cannot run Composition pipeline step "${step.step}": ${cause}`, {
      cause: error,
    });
  }
}

async function withCredentials(
  { credentials = [] }: PipelineStep,
  client: KubernetesClient,
): Promise<{ credentials?: Record<string, Credentials> }> {
  const read: Record<string, Credentials> = {};
  for (const { name, source, secretRef } of credentials) {
    if (source !== 'Secret' || secretRef === undefined) continue;
    const type = await client.resourceType('v1', 'Secret');
    const secret = await client.read<Secret>(type, secretRef);
    if (secret === undefined) {
      throw new Error(`cannot get Secret "${secretRef.namespace}/${secretRef.name}"`);
    }
    read[name] = { credentialData: { data: secret.data ?? {} } };
  }
  return Object.keys(read).length === 0 ? {} : { credentials: read };
}

interface Secret extends KubernetesObject {
  data?: Record<string, string>;
}

async function fetchAll(
  selectors: Readonly<Record<string, ResourceSelector>>,
  client: KubernetesClient,
): Promise<Record<string, Resources>> {
  const fetched = await Promise.all(
    Object.entries(selectors).map(async ([name, selector]) => {
      const items = (await fetch(selector, client)).map((resource): Resource => ({
        resource: { ...resource },
      }));
      return [name, { items }] as const;
    }),
  );
  return Object.fromEntries(fetched);
}

async function fetch(selector: ResourceSelector, client: KubernetesClient): Promise<Stored[]> {
  const type = await client.resourceType(selector.apiVersion, selector.kind);
  const { namespace, matchName, matchLabels } = selector;
  if (matchName !== undefined) {
    const key = namespace === undefined ? { name: matchName } : { name: matchName, namespace };
    const found = await client.read(type, key);
    return found === undefined ? [] : [found];
  }
  const labelSelector = Object.entries(matchLabels?.labels ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
  const { items } = await client.list(type, {
    namespace,
    labelSelector: labelSelector === '' ? undefined : labelSelector,
  });
  return items;
}
