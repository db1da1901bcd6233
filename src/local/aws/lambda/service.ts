/**
 * Lambda: container-image functions, run as processes of their own under their role's rights.
 *
 * An image stands for a handler bundle (`images.ts`); `invoke.ts` → `sandbox-pool.ts` → `sandbox.ts` → the bundle.
 * A region that goes down kills its sandboxes at once. Versions, aliases, layers, VPCs, Zip packages and function URLs
 * are refused.
 */
import { AwsError, type Service, type ServiceRequest, type ServiceResponse } from '../service.js';
import type { Cloud } from '../cloud.js';
import { refusal } from '../gateway/refusals.js';
import { getAccountSettings } from './account-settings.js';
import { createFunction } from './create-function.js';
import {
  deleteEventInvokeConfig,
  getEventInvokeConfig,
  listEventInvokeConfigs,
  putEventInvokeConfig,
  updateEventInvokeConfig,
} from './event-invoke-config.js';
import { EventQueue, type EventPauses } from './event-queue.js';
import {
  deleteFunctionConcurrency,
  getFunctionConcurrency,
  putFunctionConcurrency,
} from './function-concurrency.js';
import {
  deleteFunction,
  getFunction,
  getFunctionConfiguration,
  listFunctions,
  listVersions,
  updateFunctionCode,
  updateFunctionConfiguration,
} from './function-operations.js';
import { FunctionStore } from './function-store.js';
import { listTags, tagResource, untagResource } from './function-tags.js';
import { invoke } from './invoke.js';
import { LambdaContext } from './lambda-context.js';
import {
  getAlias,
  getCodeSigningConfig,
  getFunctionUrlConfig,
  listAliases,
  listEventSourceMappings,
  listFunctionUrlConfigs,
  readProvisionedConcurrency,
} from './never-made.js';
import { answerError } from './rest.js';
import { addPermission, getPolicy, removePermission } from './permissions.js';
import { SandboxPool } from './sandbox-pool.js';

export interface LambdaOptions {
  /** ECR repository → the handler bundle's path. */
  readonly images: ReadonlyMap<string, string>;
  /** Path of the built `runtime.ts`. */
  readonly runtimePath: string;
  /** The AWS endpoint that functions of a region call. */
  readonly endpointOf: (region: string) => string;
  /** How long asynchronous events wait before they are tried again. @default those of AWS, which are minutes */
  readonly eventPauses?: EventPauses;
}

type Operation = (
  context: LambdaContext,
  request: ServiceRequest,
  name: string,
) => Promise<ServiceResponse>;

/** Method and path, as the API model writes them; the first `{}` is the function's name or ARN. */
const ROUTES: readonly (readonly [method: string, path: string, operation: Operation])[] = [
  ['POST', '/2015-03-31/functions', createFunction],
  ['GET', '/2015-03-31/functions', listFunctions],
  ['GET', '/2016-08-19/account-settings', getAccountSettings],
  ['GET', '/2015-03-31/functions/{}', getFunction],
  ['DELETE', '/2015-03-31/functions/{}', deleteFunction],
  ['GET', '/2015-03-31/functions/{}/configuration', getFunctionConfiguration],
  ['PUT', '/2015-03-31/functions/{}/configuration', updateFunctionConfiguration],
  ['PUT', '/2015-03-31/functions/{}/code', updateFunctionCode],
  ['POST', '/2015-03-31/functions/{}/invocations', invoke],
  ['GET', '/2015-03-31/functions/{}/versions', listVersions],
  ['GET', '/2015-03-31/functions/{}/policy', getPolicy],
  ['POST', '/2015-03-31/functions/{}/policy', addPermission],
  ['DELETE', '/2015-03-31/functions/{}/policy/{}', removePermission],
  ['GET', '/2019-09-30/functions/{}/concurrency', getFunctionConcurrency],
  ['PUT', '/2017-10-31/functions/{}/concurrency', putFunctionConcurrency],
  ['DELETE', '/2017-10-31/functions/{}/concurrency', deleteFunctionConcurrency],
  ['GET', '/2020-06-30/functions/{}/code-signing-config', getCodeSigningConfig],
  ['GET', '/2019-09-25/functions/{}/event-invoke-config', getEventInvokeConfig],
  ['PUT', '/2019-09-25/functions/{}/event-invoke-config', putEventInvokeConfig],
  ['POST', '/2019-09-25/functions/{}/event-invoke-config', updateEventInvokeConfig],
  ['DELETE', '/2019-09-25/functions/{}/event-invoke-config', deleteEventInvokeConfig],
  ['GET', '/2019-09-25/functions/{}/event-invoke-config/list', listEventInvokeConfigs],
  ['GET', '/2015-03-31/functions/{}/aliases', listAliases],
  ['GET', '/2015-03-31/functions/{}/aliases/{}', getAlias],
  ['GET', '/2015-03-31/event-source-mappings', listEventSourceMappings],
  ['GET', '/2021-10-31/functions/{}/url', getFunctionUrlConfig],
  ['GET', '/2021-10-31/functions/{}/urls', listFunctionUrlConfigs],
  ['GET', '/2019-09-30/functions/{}/provisioned-concurrency', readProvisionedConcurrency],
  ['GET', '/2017-03-31/tags/{}', listTags],
  ['POST', '/2017-03-31/tags/{}', tagResource],
  ['DELETE', '/2017-03-31/tags/{}', untagResource],
];

export async function createLambda(cloud: Cloud, options: LambdaOptions): Promise<Service> {
  const functions = await FunctionStore.open(cloud);
  const sandboxes = await SandboxPool.open({ cloud, ...options });
  const events = await EventQueue.open(cloud, functions, sandboxes, options.eventPauses);
  const context = new LambdaContext(cloud, functions, sandboxes, events, options.images);
  const stopFollowing = cloud.network.onChange(() => {
    const regions = new Set([...functions.all()].map(({ region }) => region));
    for (const region of regions)
      if (!cloud.network.isUp(region)) void sandboxes.endOfRegion(region);
  });
  return {
    signingName: 'lambda',
    answer: async (request) => {
      // A policy for everyone is for everyone who has keys.
      if (request.caller.kind === 'anonymous') throw refusal('lambda', 'unsigned');
      const { operation, name } = route(request);
      return await operation(context, request, name);
    },
    answerError,
    close: async () => {
      stopFollowing();
      events.stop();
      await sandboxes.close();
      await events.settled();
    },
  };
}

function route({ method, path }: ServiceRequest): { operation: Operation; name: string } {
  const segments = path.replace(/\/$/, '').split('/').map(decode);
  for (const [routeMethod, pattern, operation] of ROUTES) {
    if (routeMethod !== method) continue;
    const name = match(pattern.split('/'), segments);
    if (name !== undefined) return { operation, name };
  }
  throw new AwsError(
    'UnknownOperationException',
    `${method} ${path} is not an operation that the local Lambda has.`,
    404,
  );
}

/** What stands in the path at the first `{}` (or '' where the pattern has none); `undefined` where the path is another. */
function match(pattern: readonly string[], segments: readonly string[]): string | undefined {
  if (pattern.length !== segments.length) return undefined;
  const fits = pattern.every((part, i) => part === '{}' || part === segments[i]);
  return fits ? (segments[pattern.indexOf('{}')] ?? '') : undefined;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new AwsError('InvalidParameterValueException', `${segment} is not percent-encoded text.`);
  }
}
