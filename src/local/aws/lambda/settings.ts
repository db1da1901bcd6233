/**
 * The settings of a function in a request, checked against Lambda's own limits.
 *
 * CreateFunction and UpdateFunctionConfiguration share them. A setting that this platform does not have is refused, never ignored.
 */
import { AwsError } from '../service.js';
import type { FunctionRecord } from './function-record.js';
import { invalid } from './rest.js';

export type Settings = Partial<
  Pick<
    FunctionRecord,
    'role' | 'description' | 'memorySizeMiB' | 'timeoutSeconds' | 'environment' | 'imageConfig'
  >
>;

/** Request members with a default that is all that this platform does. */
const FIXED: Readonly<Record<string, (value: unknown) => boolean>> = {
  TracingConfig: (value) => (member(value, 'Mode') ?? 'PassThrough') === 'PassThrough',
  EphemeralStorage: (value) => member(value, 'Size') === 512,
  SnapStart: (value) => member(value, 'ApplyOn') === 'None',
  LoggingConfig: (value) => member(value, 'LogFormat') !== 'JSON',
  VpcConfig: (value) => isEmptyList(member(value, 'SubnetIds')),
  DeadLetterConfig: (value) => (member(value, 'TargetArn') ?? '') === '',
  Layers: isEmptyList,
  FileSystemConfigs: isEmptyList,
  KMSKeyArn: (value) => value === '',
};

const READ = new Set([
  ...['Role', 'Description', 'MemorySize', 'Timeout', 'Environment', 'ImageConfig', 'RevisionId'],
  ...['FunctionName', 'Code', 'PackageType', 'Architectures', 'Publish', 'Tags'],
]);

export function readSettings(body: Record<string, unknown>): Settings {
  refuseUnsupported(body);
  const settings: { -readonly [Key in keyof Settings]: Settings[Key] } = {};
  if (body.Role !== undefined) settings.role = roleArn(body.Role);
  if (body.Description !== undefined)
    settings.description = text(body.Description, 'description', 256);
  if (body.MemorySize !== undefined) {
    settings.memorySizeMiB = boundedInteger(body.MemorySize, 'memorySize', {
      least: 128,
      most: 10_240,
    });
  }
  if (body.Timeout !== undefined)
    settings.timeoutSeconds = boundedInteger(body.Timeout, 'timeout', { least: 1, most: 900 });
  if (body.Environment !== undefined) settings.environment = environment(body.Environment);
  if (body.ImageConfig !== undefined) settings.imageConfig = imageConfig(body.ImageConfig);
  return settings;
}

function refuseUnsupported(body: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(body)) {
    if (READ.has(name) || value === null) continue;
    if (FIXED[name]?.(value) !== true) {
      throw invalid(`${name} ${JSON.stringify(value)} is not supported by the local Lambda.`);
    }
  }
}

function roleArn(value: unknown): string {
  if (typeof value === 'string' && /^arn:aws:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(value))
    return value;
  throw constraint(
    value,
    'role',
    'Member must satisfy regular expression pattern: arn:aws:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+',
  );
}

function text(value: unknown, name: string, maxLength: number): string {
  if (typeof value === 'string' && value.length <= maxLength) return value;
  throw constraint(value, name, `Member must have length less than or equal to ${maxLength}`);
}

/** Throws ValidationException for what is less than `least` or more than `most`. */
export function boundedInteger(
  value: unknown,
  name: string,
  { least, most = Infinity }: { readonly least: number; readonly most?: number },
): number {
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    throw constraint(value, name, 'Member must be an integer');
  }
  if (value < least) {
    throw constraint(value, name, `Member must have value greater than or equal to ${least}`);
  }
  if (value > most) {
    throw constraint(value, name, `Member must have value less than or equal to ${most}`);
  }
  return value;
}

const MAX_TAGS = 50;

/** A function's tags. Throws InvalidParameterValueException. */
export function readTags(value: unknown): Record<string, string> {
  if (value === undefined || value === null) return {};
  const entries = typeof value === 'object' && !Array.isArray(value) ? Object.entries(value) : [];
  const areTags = entries.every(
    (entry): entry is [string, string] =>
      entry[0] !== '' &&
      entry[0].length <= 128 &&
      typeof entry[1] === 'string' &&
      entry[1].length <= 256,
  );
  if (typeof value !== 'object' || Array.isArray(value) || !areTags || entries.length > MAX_TAGS) {
    throw invalid(
      `Tags must map at most ${MAX_TAGS} keys of up to 128 characters to values of up to 256.`,
    );
  }
  const reserved = entries.find(([key]) => key.startsWith('aws:'));
  if (reserved !== undefined) {
    throw invalid(`The tag key ${reserved[0]} is reserved: keys cannot start with aws:.`);
  }
  return Object.fromEntries(entries);
}

/** The one architecture that a request names. Throws InvalidParameterValueException. */
export function readArchitecture(value: unknown): 'x86_64' | 'arm64' {
  const [architecture, ...more] = Array.isArray(value) ? (value as unknown[]) : [undefined, value];
  if (more.length === 0 && (architecture === 'x86_64' || architecture === 'arm64')) {
    return architecture;
  }
  throw invalid('Architectures must be a list of one, x86_64 or arm64.');
}

/** AWS keeps these for itself; a function cannot set them. */
const RESERVED_VARIABLES =
  /^(AWS_(REGION|DEFAULT_REGION|ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|EXECUTION_ENV|LAMBDA_.*)|_HANDLER|LAMBDA_.*)$/;
/** Of all names and values together. */
const MAX_ENVIRONMENT_BYTES = 4096;

function environment(value: unknown): Record<string, string> {
  const variables = Object.entries((member(value, 'Variables') ?? {}) as Record<string, unknown>);
  for (const [name, content] of variables) {
    if (!/^[a-zA-Z]\w+$/.test(name) || typeof content !== 'string') {
      throw constraint(
        name,
        'environment.variables',
        'Map keys must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+',
      );
    }
    if (RESERVED_VARIABLES.test(name)) {
      throw invalid(
        `Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${name}`,
      );
    }
  }
  const bytes = variables.reduce(
    (sum, [name, content]) => sum + Buffer.byteLength(name + String(content)),
    0,
  );
  if (bytes > MAX_ENVIRONMENT_BYTES) {
    throw invalid(
      `Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit.`,
    );
  }
  return Object.fromEntries(variables) as Record<string, string>;
}

function imageConfig(value: unknown): { readonly Command?: readonly string[] } {
  for (const name of ['EntryPoint', 'WorkingDirectory']) {
    const set = member(value, name);
    if (set !== undefined && set !== null && !isEmptyList(set)) {
      throw invalid(`ImageConfig.${name} is not supported by the local Lambda.`);
    }
  }
  const command = member(value, 'Command');
  if (command === undefined || command === null) return {};
  if (!Array.isArray(command) || !command.every((part) => typeof part === 'string')) {
    throw constraint(command, 'imageConfig.command', 'Member must be a list of strings');
  }
  return { Command: command };
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function isEmptyList(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.length === 0);
}

/** A value that the API model itself rules out, as against one that Lambda looks at and refuses. */
export function constraint(value: unknown, name: string, rule: string): AwsError {
  return new AwsError(
    'ValidationException',
    `1 validation error detected: Value '${typeof value === 'string' ? value : JSON.stringify(value)}' at '${name}' failed to satisfy constraint: ${rule}`,
  );
}
