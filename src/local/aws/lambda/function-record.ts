import { logGroupOf } from './log-group-name.js';

/** How long a new or changed function stays Pending: long enough to be seen, short enough not to be waited for. */
export const OPTIMISATION_MS = 100;

/** A Lambda function as it is stored, and as the API describes it (FunctionConfiguration). */
export interface FunctionRecord {
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  readonly role: string;
  readonly description: string;
  readonly imageUri: string;
  /** The local bundle that the image stands for. */
  readonly bundle: string;
  /** Hash of the bundle: what a resolved image digest is in AWS. */
  readonly codeSha256: string;
  readonly codeSize: number;
  /** `index.handler`: the image's CMD, unless ImageConfig.Command says otherwise. */
  readonly handler: string;
  readonly imageConfig?: { readonly Command?: readonly string[] };
  readonly architecture: 'x86_64' | 'arm64';
  readonly memorySizeMiB: number;
  readonly timeoutSeconds: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly reservedConcurrency?: number;
  readonly eventInvoke?: EventInvoke;
  /** Who else may call it: the statements of its policy. */
  readonly permissions?: readonly Permission[];
  readonly policyRevisionId?: string;
  /** Changes with every update; a caller's RevisionId must match it. */
  readonly revisionId: string;
  readonly lastModifiedMs: number;
  /** When a new or changed function becomes usable. */
  readonly usableAtMs: number;
  /** Whether `usableAtMs` is about its creation (State) or an update (LastUpdateStatus). */
  readonly created: boolean;
}

/** How asynchronous events are treated (PutFunctionEventInvokeConfig). */
export interface EventInvoke {
  /** 0 to 2. */
  readonly maximumRetryAttempts: number;
  /** 60 to 21600. */
  readonly maximumEventAgeSeconds: number;
  /** The ARN of the SNS topic or SQS queue that hears of events which were given up. */
  readonly onFailure?: string;
  readonly lastModifiedMs: number;
}

/** A statement of a function's policy, as AddPermission makes it. */
export interface Permission {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Principal: '*' | Readonly<Record<'AWS', string>> | Readonly<Record<'Service', string>>;
  readonly Action: string;
  readonly Resource: string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** The policy on the function itself, or undefined where it has none. */
export function resourcePolicyOf({ permissions = [] }: FunctionRecord): string | undefined {
  if (permissions.length === 0) return undefined;
  return JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: permissions });
}

/** What AWS does where nobody said otherwise. */
export const DEFAULT_EVENT_INVOKE = { maximumRetryAttempts: 2, maximumEventAgeSeconds: 21_600 };

export function isUsable(record: FunctionRecord, nowMs: number): boolean {
  return nowMs >= record.usableAtMs;
}

/** FunctionConfiguration, as GetFunctionConfiguration and its kin answer it. */
export function describeConfiguration(record: FunctionRecord, nowMs: number) {
  const usable = isUsable(record, nowMs);
  return {
    FunctionName: record.name,
    FunctionArn: record.arn,
    Role: record.role,
    CodeSize: record.codeSize,
    CodeSha256: record.codeSha256,
    Description: record.description,
    Timeout: record.timeoutSeconds,
    MemorySize: record.memorySizeMiB,
    LastModified: new Date(record.lastModifiedMs).toISOString().replace('Z', '+0000'),
    Version: '$LATEST',
    PackageType: 'Image',
    Architectures: [record.architecture],
    Environment: { Variables: record.environment },
    TracingConfig: { Mode: 'PassThrough' },
    EphemeralStorage: { Size: 512 },
    SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
    LoggingConfig: { LogFormat: 'Text', LogGroup: logGroupOf(record.name) },
    RevisionId: record.revisionId,
    ...(record.imageConfig === undefined
      ? {}
      : { ImageConfigResponse: { ImageConfig: record.imageConfig } }),
    ...(usable || !record.created
      ? { State: 'Active' }
      : {
          State: 'Pending',
          StateReason: 'The function is being created.',
          StateReasonCode: 'Creating',
        }),
    LastUpdateStatus: usable || record.created ? 'Successful' : 'InProgress',
  };
}
