/** What a Function asks for: `spec.forProvider`, and its translation into the requests of Lambda. */
import type {
  Architecture,
  CreateFunctionCommandInput,
  LogFormat,
  TracingMode,
  UpdateFunctionConfigurationCommandInput,
} from '@aws-sdk/client-lambda';
import type { Tags } from '../external/tags.js';

export interface FunctionParameters {
  readonly region: string;
  readonly packageType?: string;
  readonly imageUri?: string;
  readonly architectures?: readonly string[];
  readonly role?: string;
  readonly description?: string;
  readonly environment?: { readonly variables?: Readonly<Record<string, string>> };
  readonly memorySize?: number;
  readonly timeout?: number;
  readonly ephemeralStorage?: { readonly size: number };
  readonly reservedConcurrentExecutions?: number;
  readonly publish?: boolean;
  readonly deadLetterConfig?: { readonly targetArn: string };
  readonly imageConfig?: {
    readonly command?: readonly string[];
    readonly entryPoint?: readonly string[];
    readonly workingDirectory?: string;
  };
  readonly kmsKeyArn?: string;
  readonly loggingConfig?: {
    readonly logFormat: string;
    readonly logGroup?: string;
    readonly applicationLogLevel?: string;
    readonly systemLogLevel?: string;
  };
  readonly tracingConfig?: { readonly mode: string };
  readonly tags?: Tags;
}

/** The fields that UpdateFunctionConfiguration changes. */
export const CONFIGURATION_FIELDS = [
  'role',
  'description',
  'environment',
  'memorySize',
  'timeout',
  'ephemeralStorage',
  'deadLetterConfig',
  'imageConfig',
  'kmsKeyArn',
  'loggingConfig',
  'tracingConfig',
] as const;

export function createFunctionInput(
  name: string,
  wanted: FunctionParameters,
): CreateFunctionCommandInput {
  return {
    FunctionName: name,
    PackageType: 'Image',
    Code: { ImageUri: wanted.imageUri },
    ...(wanted.architectures && { Architectures: wanted.architectures as Architecture[] }),
    ...(wanted.publish !== undefined && { Publish: wanted.publish }),
    ...(wanted.tags && { Tags: { ...wanted.tags } }),
    ...configurationOf(wanted),
    Role: wanted.role,
  };
}

/** The configuration as a whole: what `wanted` leaves open and can be empty becomes empty. */
export function updateConfigurationInput(
  name: string,
  wanted: FunctionParameters,
): UpdateFunctionConfigurationCommandInput {
  return {
    FunctionName: name,
    Description: '',
    Environment: { Variables: {} },
    DeadLetterConfig: { TargetArn: '' },
    ImageConfig: {},
    ...configurationOf(wanted),
  };
}

function configurationOf(wanted: FunctionParameters) {
  const { imageConfig, loggingConfig } = wanted;
  return {
    ...(wanted.role !== undefined && { Role: wanted.role }),
    ...(wanted.description !== undefined && { Description: wanted.description }),
    ...(wanted.environment && { Environment: { Variables: { ...wanted.environment.variables } } }),
    ...(wanted.memorySize !== undefined && { MemorySize: wanted.memorySize }),
    ...(wanted.timeout !== undefined && { Timeout: wanted.timeout }),
    ...(wanted.ephemeralStorage && { EphemeralStorage: { Size: wanted.ephemeralStorage.size } }),
    ...(wanted.deadLetterConfig && {
      DeadLetterConfig: { TargetArn: wanted.deadLetterConfig.targetArn },
    }),
    ...(imageConfig && {
      ImageConfig: {
        ...(imageConfig.command && { Command: [...imageConfig.command] }),
        ...(imageConfig.entryPoint && { EntryPoint: [...imageConfig.entryPoint] }),
        ...(imageConfig.workingDirectory && { WorkingDirectory: imageConfig.workingDirectory }),
      },
    }),
    ...(wanted.kmsKeyArn !== undefined && { KMSKeyArn: wanted.kmsKeyArn }),
    ...(loggingConfig && {
      LoggingConfig: {
        LogFormat: loggingConfig.logFormat as LogFormat,
        ...(loggingConfig.logGroup && { LogGroup: loggingConfig.logGroup }),
        ...(loggingConfig.applicationLogLevel && {
          ApplicationLogLevel: loggingConfig.applicationLogLevel as 'INFO',
        }),
        ...(loggingConfig.systemLogLevel && {
          SystemLogLevel: loggingConfig.systemLogLevel as 'INFO',
        }),
      },
    }),
    ...(wanted.tracingConfig && {
      TracingConfig: { Mode: wanted.tracingConfig.mode as TracingMode },
    }),
  };
}
