/**
 * Runs a Composition's pipeline: each function sees what exists and what the functions before it want, and adds to it.
 *
 * A function may ask for more objects of the cluster; it is then run again with them, until it asks for nothing new.
 * Changes nothing: what comes back is a wish.
 */
import type { KubernetesClient } from '../../../support/kubernetes/client.js';
import { canonicalJson, digest } from '../comparison.js';
import type { PipelineStep } from '../compositions/composition.js';
import { readSecret } from '../connection-secret.js';
import type {
  Credentials,
  FunctionCondition,
  Requirements,
  Result,
  RunFunction,
  RunFunctionRequest,
  RunFunctionResponse,
  State,
} from '../functions/protocol.js';
import { fetchRequired, requiredBy, type Selectors } from './required-resources.js';

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
    const request: RunFunctionRequest = {
      observed,
      desired,
      context,
      ...(step.input === undefined ? {} : { input: step.input }),
      ...(await withCredentials(step, client)),
    };
    return await runWithRequirements(run, request, requiredBy(step), client);
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new Error(`cannot run Composition pipeline step "${step.step}": ${cause}`, {
      cause: error,
    });
  }
}

async function runWithRequirements(
  run: RunFunction,
  request: RunFunctionRequest,
  always: Selectors,
  client: KubernetesClient,
): Promise<RunFunctionResponse> {
  let required = await fetchRequired(always, client);
  let asked: Requirements = {};
  for (let round = 0; round <= MAX_ROUNDS; round += 1) {
    const complete: RunFunctionRequest =
      Object.keys(required).length === 0
        ? request
        : { ...request, requiredResources: required, extraResources: required };
    const response = await run({ meta: { tag: digest(complete) }, ...complete });
    const requirements = response.requirements ?? {};
    const isFatal = response.results.some(({ severity }) => severity === 'SEVERITY_FATAL');
    if (isFatal || canonicalJson(requirements) === canonicalJson(asked)) return response;
    asked = requirements;
    const selectors = { ...always, ...asked.extraResources, ...asked.resources };
    required = await fetchRequired(selectors, client);
  }
  throw new Error(`its requirements did not settle in ${MAX_ROUNDS} rounds`);
}

async function withCredentials(
  { credentials = [] }: PipelineStep,
  client: KubernetesClient,
): Promise<{ credentials?: Record<string, Credentials> }> {
  const read: Record<string, Credentials> = {};
  for (const { name, source, secretRef } of credentials) {
    if (source !== 'Secret' || secretRef === undefined) continue;
    const secret = await readSecret(secretRef, client);
    if (secret === undefined) {
      throw new Error(`cannot get Secret "${secretRef.namespace}/${secretRef.name}"`);
    }
    read[name] = { credentialData: { data: secret.data ?? {} } };
  }
  return Object.keys(read).length === 0 ? {} : { credentials: read };
}
