/** The concurrency that a function keeps to itself, out of the account's. */
import type { ServiceRequest, ServiceResponse } from '../service.js';
import { unreservedConcurrency } from './account-settings.js';
import { admitted } from './function-operations.js';
import type { LambdaContext } from './lambda-context.js';
import { bodyOf, invalid, json, noContent } from './rest.js';
import { boundedInteger } from './settings.js';

export async function getFunctionConcurrency(
  context: LambdaContext,
  request: ServiceRequest,
  name: string,
) {
  const { reservedConcurrency } = admitted(context, request, name, 'lambda:GetFunctionConcurrency');
  return Promise.resolve(
    json(
      200,
      reservedConcurrency === undefined
        ? {}
        : { ReservedConcurrentExecutions: reservedConcurrency },
    ),
  );
}

export async function putFunctionConcurrency(
  context: LambdaContext,
  request: ServiceRequest,
  name: string,
): Promise<ServiceResponse> {
  const record = admitted(context, request, name, 'lambda:PutFunctionConcurrency');
  const { ReservedConcurrentExecutions: reserved } = bodyOf(request);
  const concurrency = boundedInteger(reserved, 'reservedConcurrentExecutions', { least: 0 });
  const others = context.functions.ofRegion(record.region).filter(({ arn }) => arn !== record.arn);
  if (unreservedConcurrency(others) < concurrency) {
    throw invalid(
      "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [0].",
    );
  }
  await context.functions.put({ ...record, reservedConcurrency: concurrency });
  return json(200, { ReservedConcurrentExecutions: reserved });
}

export async function deleteFunctionConcurrency(
  context: LambdaContext,
  request: ServiceRequest,
  name: string,
) {
  const { reservedConcurrency: _, ...record } = admitted(
    context,
    request,
    name,
    'lambda:DeleteFunctionConcurrency',
  );
  await context.functions.put(record);
  return noContent;
}
