/** FunctionEventInvokeConfig (lambda): how often asynchronous events are retried, and where failed ones go. */
import {
  DeleteFunctionEventInvokeConfigCommand,
  GetFunctionEventInvokeConfigCommand,
  LambdaClient,
  PutFunctionEventInvokeConfigCommand,
} from '@aws-sdk/client-lambda';
import { unlessAbsent } from '../external/aws-error.js';
import { absent, type External } from '../external/external.js';

interface EventInvokeParameters {
  readonly region: string;
  readonly functionName: string;
  readonly qualifier?: string;
  readonly maximumRetryAttempts?: number;
  readonly maximumEventAgeInSeconds?: number;
  readonly destinationConfig?: {
    readonly onFailure?: { readonly destination: string };
    readonly onSuccess?: { readonly destination: string };
  };
}

export const functionEventInvokeConfig: External<EventInvokeParameters> = {
  naming: 'assigned',
  fields: [
    'destinationConfig.onFailure.destination',
    'destinationConfig.onSuccess.destination',
    'functionName',
    'maximumEventAgeInSeconds',
    'maximumRetryAttempts',
    'qualifier',
  ],
  references: [{ field: 'destinationConfig.onSuccess.destination', to: 'sns/Topic', take: 'arn' }],
  comparison: { immutable: ['functionName', 'qualifier'], emptyWhenOpen: ['destinationConfig'] },
  async observe({ name, region }, aws) {
    const { functionName, qualifier } = parseId(name);
    const found = await unlessAbsent(
      aws.client('Lambda', LambdaClient, region).send(
        new GetFunctionEventInvokeConfigCommand({
          FunctionName: functionName,
          Qualifier: qualifier,
        }),
      ),
      'ResourceNotFoundException',
    );
    if (found === undefined) return absent;
    const { OnFailure, OnSuccess } = found.DestinationConfig ?? {};
    return {
      exists: true,
      atProvider: {
        id: name,
        region,
        functionName,
        qualifier,
        maximumRetryAttempts: found.MaximumRetryAttempts,
        maximumEventAgeInSeconds: found.MaximumEventAgeInSeconds,
        destinationConfig: {
          ...(OnFailure?.Destination && { onFailure: { destination: OnFailure.Destination } }),
          ...(OnSuccess?.Destination && { onSuccess: { destination: OnSuccess.Destination } }),
        },
      },
      usable: true,
      detail: undefined,
    };
  },
  async create({ region, forProvider }, aws) {
    await aws.client('Lambda', LambdaClient, region).send(putEventInvokeConfig(forProvider));
    const { functionName, qualifier } = forProvider;
    return qualifier === undefined ? functionName : `${functionName}:${qualifier}`;
  },
  async update({ region, forProvider }, aws) {
    await aws.client('Lambda', LambdaClient, region).send(putEventInvokeConfig(forProvider));
  },
  async remove({ name, region }, aws) {
    const { functionName, qualifier } = parseId(name);
    await unlessAbsent(
      aws.client('Lambda', LambdaClient, region).send(
        new DeleteFunctionEventInvokeConfigCommand({
          FunctionName: functionName,
          Qualifier: qualifier,
        }),
      ),
      'ResourceNotFoundException',
    );
    return 'requested';
  },
};

/** `name`, `name:qualifier`, or an ARN of either kind. */
function parseId(id: string): { functionName: string; qualifier: string | undefined } {
  const parts = id.split(':');
  const nameParts = id.startsWith('arn:') ? 7 : 1;
  return { functionName: parts.slice(0, nameParts).join(':'), qualifier: parts[nameParts] };
}

function putEventInvokeConfig(wanted: EventInvokeParameters): PutFunctionEventInvokeConfigCommand {
  const { onFailure, onSuccess } = wanted.destinationConfig ?? {};
  return new PutFunctionEventInvokeConfigCommand({
    FunctionName: wanted.functionName,
    Qualifier: wanted.qualifier,
    MaximumRetryAttempts: wanted.maximumRetryAttempts,
    MaximumEventAgeInSeconds: wanted.maximumEventAgeInSeconds,
    ...((onFailure ?? onSuccess) && {
      DestinationConfig: {
        ...(onFailure && { OnFailure: { Destination: onFailure.destination } }),
        ...(onSuccess && { OnSuccess: { Destination: onSuccess.destination } }),
      },
    }),
  });
}
