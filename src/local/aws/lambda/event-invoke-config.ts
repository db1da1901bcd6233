/** How a function's asynchronous events are treated: tried again, kept, and told of where they are given up. */
import { AwsError, type ServiceRequest, type ServiceResponse } from '../service.js';
import { checkDestination } from './failure-destination.js';
import { admitted } from './function-operations.js';
import { DEFAULT_EVENT_INVOKE, type EventInvoke, type FunctionRecord } from './function-record.js';
import type { LambdaContext } from './lambda-context.js';
import { bodyOf, invalid, json, noContent } from './rest.js';
import { boundedInteger } from './settings.js';

/** What is not given is as where nobody said otherwise. */
export async function putEventInvokeConfig(
  context: LambdaContext,
  request: ServiceRequest,
  name: string,
): Promise<ServiceResponse> {
  const record = admitted(context, request, name, 'lambda:PutFunctionEventInvokeConfig');
  return configure(context, request, record, DEFAULT_EVENT_INVOKE);
}

/** What is not given stays. */
export async function updateEventInvokeConfig(
  context: LambdaContext,
  request: ServiceRequest,
  name: string,
): Promise<ServiceResponse> {
  const record = admitted(context, request, name, 'lambda:UpdateFunctionEventInvokeConfig');
  if (record.eventInvoke === undefined) throw noEventInvoke(record);
  return configure(context, request, record, record.eventInvoke);
}

async function configure(
  context: LambdaContext,
  request: ServiceRequest,
  record: FunctionRecord,
  base: Omit<EventInvoke, 'lastModifiedMs'>,
): Promise<ServiceResponse> {
  const body = bodyOf(request);
  const onFailure =
    body.DestinationConfig === undefined
      ? base.onFailure
      : failureDestination(body.DestinationConfig);
  if (onFailure !== undefined) await checkDestination(context.cloud, record, onFailure);
  const eventInvoke: EventInvoke = {
    ...(onFailure !== undefined && { onFailure }),
    maximumRetryAttempts: boundedInteger(
      body.MaximumRetryAttempts ?? base.maximumRetryAttempts,
      'maximumRetryAttempts',
      { least: 0, most: 2 },
    ),
    maximumEventAgeSeconds: boundedInteger(
      body.MaximumEventAgeInSeconds ?? base.maximumEventAgeSeconds,
      'maximumEventAgeInSeconds',
      { least: 60, most: 21_600 },
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

/** A function without versions and aliases has one at most. */
export async function listEventInvokeConfigs(
  context: LambdaContext,
  request: ServiceRequest,
  name: string,
) {
  const record = admitted(context, request, name, 'lambda:ListFunctionEventInvokeConfigs');
  const configs = record.eventInvoke === undefined ? [] : [describeEventInvoke(record)];
  return Promise.resolve(json(200, { FunctionEventInvokeConfigs: configs }));
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
