/**
 * Auto ready: says which desired resources are ready, as Crossplane's function-auto-ready does.
 *
 * The last step of most pipelines. A resource is ready when it is observed and healthy (`health.ts`). One that a function
 * before this called ready or not ready is left as it is.
 */
import type { JsonMap } from './go/value.js';
import { isHealthy } from './health.js';
import type { Resource, RunFunction, RunFunctionRequest } from './protocol.js';

/** How long the engine may keep an answer, in seconds. */
const TTL_SECONDS = 60;

/** Every Kubernetes object may have these; anything more is a setting, and this function has none. */
const KNOWN_INPUT: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);

export const autoReady: RunFunction = (request) => {
  const setting = Object.keys(request.input ?? {}).find((key) => !KNOWN_INPUT.has(key));
  const answer = {
    meta: { tag: request.meta?.tag ?? '', ttlSeconds: TTL_SECONDS },
    ...(request.context === undefined ? {} : { context: request.context }),
  };
  if (setting !== undefined) {
    const message = `cannot get Function input: ${setting} is not supported by this function-auto-ready`;
    const results = [{ severity: 'SEVERITY_FATAL' as const, message }];
    return Promise.resolve({ ...answer, desired: request.desired, results });
  }
  const desired = { ...request.desired, resources: judged(request) };
  return Promise.resolve({ ...answer, desired, results: [] });
};

function judged({ observed, desired }: RunFunctionRequest): Record<string, Resource> {
  const resources: Record<string, Resource> = {};
  for (const [name, resource] of Object.entries(desired.resources)) {
    const isUndecided = (resource.ready ?? 'READY_UNSPECIFIED') === 'READY_UNSPECIFIED';
    const seen = Object.hasOwn(observed.resources, name) ? observed.resources[name] : undefined;
    const isReady = isUndecided && seen !== undefined && isHealthy(seen.resource as JsonMap);
    resources[name] = isReady ? { ...resource, ready: 'READY_TRUE' } : resource;
  }
  return resources;
}
