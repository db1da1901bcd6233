/** The settings of a function that have operations of their own: tags, concurrency, asynchronous events, and what is absent here. */
import { AwsError, type ServiceRequest, type ServiceResponse } from '../service.js';
import { checkDestination } from './failure-destination.js';
import { admitted } from './function-operations.js';
import { DEFAULT_EVENT_INVOKE, type EventInvoke, type FunctionRecord } from './function-record.js';
import type { LambdaContext } from './lambda-context.js';
import { bodyOf, invalid, json, noContent } from './rest.js';
import { readTags } from './settings.js';

export async function listTags(context: LambdaContext, request: ServiceRequest, arn: string) {
  const { tags } = admitted(context, request, arn, 'lambda:ListTags');
  return Promise.resolve(json(200, { Tags: tags }));
}

export async function tagResource(context: LambdaContext, request: ServiceRequest, arn: string) {
  const record = admitted(context, request, arn, 'lambda:TagResource');
  const tags = readTags(bodyOf(request).Tags);
  await context.functions.put({ ...record, tags: { ...record.tags, ...tags } });
  return noContent;
}

export async function untagResource(context: LambdaContext, request: ServiceRequest, arn: string) {
  const record = admitted(context, request, arn, 'lambda:UntagResource');
  const keys = new Set(request.query.getAll('tagKeys'));
  const tags = Object.fromEntries(Object.entries(record.tags).filter(([key]) => !keys.has(key)));
  await context.functions.put({ ...record, tags });
  return noContent;
}

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
  if (!Number.isInteger(reserved) || (reserved as number) < 0) {
    throw invalid('ReservedConcurrentExecutions must be an integer of at least 0.');
  }
  await context.functions.put({ ...record, reservedConcurrency: reserved as number });
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

export async function putEventInvokeConfig(
  context: LambdaContext,
  request: ServiceRequest,
  name: string,
): Promise<ServiceResponse> {
  const record = admitted(context, request, name, 'lambda:PutFunctionEventInvokeConfig');
  const body = bodyOf(request);
  const base: Omit<EventInvoke, 'lastModifiedMs'> =
    request.method === 'POST' ? (record.eventInvoke ?? DEFAULT_EVENT_INVOKE) : DEFAULT_EVENT_INVOKE;
  const onFailure =
    body.DestinationConfig === undefined
      ? base.onFailure
      : failureDestination(body.DestinationConfig);
  if (onFailure !== undefined) await checkDestination(context.cloud, record, onFailure);
  const eventInvoke: EventInvoke = {
    ...(onFailure !== undefined && { onFailure }),
    maximumRetryAttempts: bounded(body.MaximumRetryAttempts, base.maximumRetryAttempts, 0, 2),
    maximumEventAgeSeconds: bounded(
      body.MaximumEventAgeInSeconds,
      base.maximumEventAgeSeconds,
      60,
      21_600,
    ),
    lastModifiedMs: context.cloud.clock.now(),
  };
  const updated = { ...record, eventInvoke };
  await context.functions.put(updated);
  return json(200, describeEventInvoke(updated));
}

export async function getEventInvokeConfig(
  context: LambdaContext,
  request: ServiceRequest,
  name: string,
) {
  const record = admitted(context, request, name, 'lambda:GetFunctionEventInvokeConfig');
  if (record.eventInvoke === undefined) throw noEventInvoke(record);
  return Promise.resolve(json(200, describeEventInvoke(record)));
}

export async function deleteEventInvokeConfig(
  context: LambdaContext,
  request: ServiceRequest,
  name: string,
): Promise<ServiceResponse> {
  const record = admitted(context, request, name, 'lambda:DeleteFunctionEventInvokeConfig');
  const { eventInvoke, ...rest } = record;
  if (eventInvoke === undefined) throw noEventInvoke(record);
  await context.functions.put(rest);
  return noContent;
}

export async function getCodeSigningConfig(
  context: LambdaContext,
  request: ServiceRequest,
  name: string,
) {
  const record = admitted(context, request, name, 'lambda:GetFunctionCodeSigningConfig');
  return Promise.resolve(json(200, { FunctionName: record.name, CodeSigningConfigArn: '' }));
}

function describeEventInvoke({ arn, eventInvoke }: FunctionRecord) {
  return {
    FunctionArn: `${arn}:$LATEST`,
    LastModified: (eventInvoke?.lastModifiedMs ?? 0) / 1000,
    MaximumRetryAttempts: eventInvoke?.maximumRetryAttempts,
    MaximumEventAgeInSeconds: eventInvoke?.maximumEventAgeSeconds,
    DestinationConfig: {
      OnSuccess: {},
      OnFailure: eventInvoke?.onFailure === undefined ? {} : { Destination: eventInvoke.onFailure },
    },
  };
}

function noEventInvoke({ arn }: FunctionRecord) {
  return new AwsError(
    'ResourceNotFoundException',
    `The function ${arn}:$LATEST doesn't have an EventInvokeConfig`,
    404,
  );
}

/** Throws where there is another destination than one for failures. */
function failureDestination(value: unknown): string | undefined {
  const { OnSuccess, OnFailure } = (value ?? {}) as Record<
    'OnSuccess' | 'OnFailure',
    { readonly Destination?: unknown } | undefined | null
  >;
  const destination = OnFailure?.Destination ?? undefined;
  if (destination !== undefined && typeof destination !== 'string') {
    throw invalid('DestinationConfig.OnFailure.Destination must be an ARN.');
  }
  if (OnSuccess?.Destination !== undefined) {
    throw invalid('DestinationConfig.OnSuccess is not supported by the local Lambda.');
  }
  return destination;
}

function bounded(value: unknown, otherwise: number, least: number, most: number): number {
  if (value === undefined || value === null) return otherwise;
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most)
    return value as number;
  throw invalid(
    `Value '${JSON.stringify(value)}' must be an integer between ${least} and ${most}.`,
  );
}
