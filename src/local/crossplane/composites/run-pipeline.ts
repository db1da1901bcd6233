/**
 * Runs a Composition's pipeline: each function sees what exists and what the functions before it want, and adds to it.
 *
 * A function may ask for more objects of the cluster; it is then run again with them, until it asks for nothing new.
 * Changes nothing: what comes back is a wish.
 */
import type { KubernetesClient } from '../../../support/kubernetes/client.js';
import { createHash } from 'node:crypto';
import { canonicalJson } from '../comparison.js';
import type { PipelineStep } from '../compositions/composition.js';
import { readSecret } from '../connection-secret.js';
import type {
  Capability,
  Credentials,
  FunctionCondition,
  Requirements,
  Resources,
  RunFunction,
  RunFunctionRequest,
  RunFunctionResponse,
  State,
} from '../functions/protocol.js';
import { FatalResult, type StepResult } from './fatal-result.js';
import { explained } from './phase.js';
import { fetchAlways, fetchRequired } from './required-resources.js';

/** All of Crossplane 2.3 but the schemas of kinds, which are not fetched here. */
const CAPABILITIES: readonly Capability[] = [
  'CAPABILITY_CAPABILITIES',
  'CAPABILITY_REQUIRED_RESOURCES',
  'CAPABILITY_CREDENTIALS',
  'CAPABILITY_CONDITIONS',
];

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
  readonly results: readonly StepResult[];
  readonly conditions: readonly FunctionCondition[];
  /** The shortest time that a function's answer may be kept, if one said so. */
  readonly ttlSeconds?: number;
}

/** Rejects when a function cannot be called, and with `FatalResult` when one says that it cannot go on. */
export async function runPipeline(pipeline: Pipeline): Promise<PipelineOutcome> {
  let desired: State = { resources: {} };
  let context: Readonly<Record<string, unknown>> = {};
  const results: StepResult[] = [];
  const conditions: FunctionCondition[] = [];
  const ttls: number[] = [];
  for (const step of pipeline.steps) {
    const request: RunFunctionRequest = {
      observed: pipeline.observed,
      desired,
      context,
      ...(step.input === undefined ? {} : { input: step.input }),
      ...(await withCredentials(step, pipeline.client)),
      ...(await withRequired(step, pipeline.client)),
    };
    const response = await explained(
      `cannot run Composition pipeline step "${step.step}"`,
      runStep(step, request, pipeline),
    );
    desired = response.desired;
    context = response.context ?? {};
    conditions.push(...(response.conditions ?? []));
    const { ttlSeconds = 0 } = response.meta ?? {};
    if (ttlSeconds > 0) ttls.push(ttlSeconds);
    for (const result of response.results) {
      if (result.severity === 'SEVERITY_FATAL') {
        throw new FatalResult(step.step, result.message, results, conditions);
      }
      results.push({ ...result, step: step.step });
    }
  }
  const outcome = { desired, results, conditions };
  return ttls.length === 0 ? outcome : { ...outcome, ttlSeconds: Math.min(...ttls) };
}

async function runStep(
  step: PipelineStep,
  first: RunFunctionRequest,
  { findFunction, client }: Pipeline,
): Promise<RunFunctionResponse> {
  const run = findFunction(step.functionRef.name);
  let request = first;
  let asked: Requirements = {};
  for (let round = 0; round <= MAX_ROUNDS; round += 1) {
    const meta = { tag: tagOf(request), capabilities: CAPABILITIES };
    const response = await run({ meta, ...request });
    const requirements = response.requirements ?? {};
    const isFatal = response.results.some(({ severity }) => severity === 'SEVERITY_FATAL');
    if (isFatal || canonicalJson(requirements) === canonicalJson(asked)) return response;
    asked = requirements;
    request = {
      ...first,
      context: response.context ?? {},
      requiredResources: {
        ...first.requiredResources,
        ...(await fetchRequired(requirements.resources ?? {}, client)),
      },
      extraResources: await fetchRequired(requirements.extraResources ?? {}, client),
    };
  }
  throw new Error(
    `requirements didn't stabilize after the maximum number of iterations (${MAX_ROUNDS})`,
  );
}

/** The same for the same request: what a function may keep its answer by. */
function tagOf(request: RunFunctionRequest): string {
  return createHash('sha256').update(JSON.stringify(request)).digest('hex');
}

async function withRequired(
  { requirements }: PipelineStep,
  client: KubernetesClient,
): Promise<{ requiredResources?: Record<string, Resources> }> {
  if (requirements === undefined) return {};
  return { requiredResources: await fetchAlways(requirements.requiredResources ?? [], client) };
}

async function withCredentials(
  { step, credentials = [] }: PipelineStep,
  client: KubernetesClient,
): Promise<{ credentials?: Record<string, Credentials> }> {
  const read: Record<string, Credentials> = {};
  for (const { name, source, secretRef } of credentials) {
    if (source !== 'Secret' || secretRef === undefined) continue;
    const secret = await readSecret(secretRef, client);
    if (secret === undefined) {
      throw new Error(
        `cannot get Composition pipeline step "${step}" credential "${name}" from Secret: secrets "${secretRef.name}" not found`,
      );
    }
    read[name] = { credentialData: { data: secret.data ?? {} } };
  }
  return Object.keys(read).length === 0 ? {} : { credentials: read };
}
