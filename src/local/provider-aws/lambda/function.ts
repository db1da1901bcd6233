/**
 * Function (lambda): a function from a container image, its configuration, concurrency and tags.
 *
 * Lambda takes no second change while it applies one, so code and configuration change in steps of their own.
 */
import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  GetFunctionCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  type Architecture,
  type FunctionConfiguration,
  type GetFunctionCommandOutput,
} from '@aws-sdk/client-lambda';
import { unlessAbsent } from '../external/aws-error.js';
import { absent, type External } from '../external/external.js';
import { tagChanges, withoutSystemTags, type Tags } from '../external/tags.js';
import {
  CONFIGURATION_FIELDS,
  createFunctionInput,
  updateConfigurationInput,
  type FunctionParameters,
} from './function-parameters.js';

interface FunctionDetail {
  readonly arn: string;
  readonly tags: Tags;
}

/** `reservedConcurrentExecutions` of a function without a reservation. */
const UNRESERVED = -1;

export const lambdaFunction: External<FunctionParameters, FunctionDetail> = {
  naming: 'given',
  fields: [
    'architectures',
    'deadLetterConfig.targetArn',
    'description',
    'environment.variables',
    'ephemeralStorage.size',
    'imageConfig.command',
    'imageConfig.entryPoint',
    'imageConfig.workingDirectory',
    'imageUri',
    'kmsKeyArn',
    'loggingConfig.applicationLogLevel',
    'loggingConfig.logFormat',
    'loggingConfig.logGroup',
    'loggingConfig.systemLogLevel',
    'memorySize',
    'packageType',
    'publish',
    'reservedConcurrentExecutions',
    'role',
    'tags',
    'timeout',
    'tracingConfig.mode',
  ],
  references: [{ field: 'role', to: 'iam/Role', take: 'arn' }],
  comparison: {
    maps: ['environment.variables'],
    ordered: ['imageConfig.command', 'imageConfig.entryPoint'],
    settings: ['publish'],
    emptyWhenOpen: ['environment', 'deadLetterConfig', 'imageConfig'],
    immutable: ['packageType'],
  },
  async observe({ name, region }, aws) {
    const found = await unlessAbsent(
      aws
        .client('Lambda', LambdaClient, region)
        .send(new GetFunctionCommand({ FunctionName: name })),
      'ResourceNotFoundException',
    );
    const configuration = found?.Configuration;
    if (found === undefined || configuration === undefined) return absent;
    const tags = withoutSystemTags(found.Tags);
    const arn = configuration.FunctionArn ?? '';
    const busyWith = pending(configuration);
    return {
      exists: true,
      atProvider: { ...settingsOf(found, region), id: name, tags, tagsAll: tags },
      usable: configuration.State === 'Active' || configuration.State === 'Inactive',
      ...(busyWith === undefined ? {} : { busyWith }),
      defaults: defaultsOf(configuration),
      detail: { arn, tags },
    };
  },
  async create({ name, region, forProvider: wanted }, aws) {
    if ((wanted.packageType ?? 'Zip') !== 'Image') {
      throw new Error(
        'packageType Zip is not supported by the local provider: use Image and imageUri',
      );
    }
    await aws
      .client('Lambda', LambdaClient, region)
      .send(new CreateFunctionCommand(createFunctionInput(name, wanted)));
    return undefined;
  },
  async update({ name, region, forProvider: wanted }, aws, { detail }, drift) {
    const client = aws.client('Lambda', LambdaClient, region);
    if (drift.includes('tags')) {
      const { set, unset } = tagChanges(wanted.tags, detail.tags);
      if (unset.length > 0) {
        await client.send(new UntagResourceCommand({ Resource: detail.arn, TagKeys: unset }));
      }
      if (Object.keys(set).length > 0) {
        await client.send(new TagResourceCommand({ Resource: detail.arn, Tags: { ...set } }));
      }
    }
    if (drift.includes('reservedConcurrentExecutions')) {
      const reserved = wanted.reservedConcurrentExecutions ?? UNRESERVED;
      await (reserved === UNRESERVED
        ? client.send(new DeleteFunctionConcurrencyCommand({ FunctionName: name }))
        : client.send(
            new PutFunctionConcurrencyCommand({
              FunctionName: name,
              ReservedConcurrentExecutions: reserved,
            }),
          ));
    }
    if (CONFIGURATION_FIELDS.some((field) => drift.includes(field))) {
      const input = updateConfigurationInput(name, wanted);
      await client.send(new UpdateFunctionConfigurationCommand(input));
      return;
    }
    if (drift.includes('imageUri') || drift.includes('architectures')) {
      await client.send(
        new UpdateFunctionCodeCommand({
          FunctionName: name,
          ImageUri: wanted.imageUri,
          ...(wanted.architectures && { Architectures: wanted.architectures as Architecture[] }),
          ...(wanted.publish !== undefined && { Publish: wanted.publish }),
        }),
      );
    }
  },
  async remove({ name, region }, aws) {
    await unlessAbsent(
      aws
        .client('Lambda', LambdaClient, region)
        .send(new DeleteFunctionCommand({ FunctionName: name })),
      'ResourceNotFoundException',
    );
    return 'requested';
  },
};

function pending(configuration: FunctionConfiguration): string | undefined {
  if (configuration.State === 'Pending') return 'the function is Pending';
  if (configuration.LastUpdateStatus === 'InProgress')
    return 'an update of the function is in progress';
  return undefined;
}

function settingsOf(
  { Configuration, Code, Concurrency }: GetFunctionCommandOutput,
  region: string,
): Record<string, unknown> {
  const is: Partial<FunctionConfiguration> = Configuration ?? {};
  const image = is.ImageConfigResponse?.ImageConfig;
  const arn = is.FunctionArn ?? '';
  const invoke = (of: string) =>
    `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${of}/invocations`;
  const qualifiedArn = `${arn}:${is.Version ?? '$LATEST'}`;
  return {
    arn,
    region,
    qualifiedArn,
    invokeArn: invoke(arn),
    qualifiedInvokeArn: invoke(qualifiedArn),
    version: is.Version,
    lastModified: is.LastModified,
    codeSha256: is.CodeSha256,
    sourceCodeSize: is.CodeSize,
    packageType: is.PackageType,
    imageUri: Code?.ImageUri,
    architectures: is.Architectures,
    role: is.Role,
    description: is.Description,
    environment: is.Environment && { variables: is.Environment.Variables },
    memorySize: is.MemorySize,
    timeout: is.Timeout,
    ephemeralStorage: is.EphemeralStorage && { size: is.EphemeralStorage.Size },
    reservedConcurrentExecutions: Concurrency?.ReservedConcurrentExecutions ?? UNRESERVED,
    deadLetterConfig: is.DeadLetterConfig && { targetArn: is.DeadLetterConfig.TargetArn },
    imageConfig: image && {
      command: image.Command,
      entryPoint: image.EntryPoint,
      workingDirectory: image.WorkingDirectory,
    },
    kmsKeyArn: is.KMSKeyArn,
    loggingConfig: is.LoggingConfig && {
      logFormat: is.LoggingConfig.LogFormat,
      logGroup: is.LoggingConfig.LogGroup,
      applicationLogLevel: is.LoggingConfig.ApplicationLogLevel,
      systemLogLevel: is.LoggingConfig.SystemLogLevel,
    },
    tracingConfig: is.TracingConfig && { mode: is.TracingConfig.Mode },
  };
}

function defaultsOf({ MemorySize, Timeout, Architectures }: FunctionConfiguration) {
  return {
    ...(MemorySize !== undefined && { memorySize: MemorySize }),
    ...(Timeout !== undefined && { timeout: Timeout }),
    ...(Architectures !== undefined && { architectures: Architectures }),
  };
}
