/** AddPermission, RemovePermission, GetPolicy: the policy of a function, which lets in callers whose own policies do not. */
import { randomUUID } from 'node:crypto';

import { AwsError, type ServiceRequest, type ServiceResponse } from '../service.js';
import { admitted } from './function-operations.js';
import { resourcePolicyOf, type FunctionRecord, type Permission } from './function-record.js';
import type { LambdaContext } from './lambda-context.js';
import { bodyOf, invalid, json, noContent } from './rest.js';

const READ = ['StatementId', 'Action', 'Principal', 'SourceArn', 'SourceAccount', 'RevisionId'];
const MAX_POLICY_BYTES = 20_480;

export async function addPermission(
  context: LambdaContext,
  request: ServiceRequest,
  name: string,
): Promise<ServiceResponse> {
  const record = admitted(context, request, name, 'lambda:AddPermission');
  const body = bodyOf(request);
  const unknown = Object.keys(body).find((member) => !READ.includes(member));
  if (unknown !== undefined) throw invalid(`${unknown} is not supported by the local Lambda.`);
  checkRevision(record, body.RevisionId);
  const permission = readPermission(body, record);
  const { permissions = [] } = record;
  if (permissions.some(({ Sid }) => Sid === permission.Sid)) {
    throw new AwsError(
      'ResourceConflictException',
      `The statement id (${permission.Sid}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
      409,
      { Type: 'User' },
    );
  }
  const updated = withPermissions(record, [...permissions, permission]);
  if (Buffer.byteLength(resourcePolicyOf(updated) ?? '') > MAX_POLICY_BYTES) {
    throw new AwsError(
      'PolicyLengthExceededException',
      `The final policy size is bigger than the limit (${MAX_POLICY_BYTES}).`,
    );
  }
  await context.functions.put(updated);
  return json(201, { Statement: JSON.stringify(permission) });
}

export async function removePermission(
  context: LambdaContext,
  request: ServiceRequest,
  name: string,
): Promise<ServiceResponse> {
  const record = admitted(context, request, name, 'lambda:RemovePermission');
  checkRevision(record, request.query.get('RevisionId') ?? undefined);
  const sid = decodeURIComponent(request.path.slice(request.path.lastIndexOf('/') + 1));
  const { permissions = [] } = record;
  const left = permissions.filter(({ Sid }) => Sid !== sid);
  if (left.length === permissions.length) {
    throw notFound(`Statement ${sid} is not found in resource policy.`);
  }
  await context.functions.put(withPermissions(record, left));
  return noContent;
}

export async function getPolicy(context: LambdaContext, request: ServiceRequest, name: string) {
  const record = admitted(context, request, name, 'lambda:GetPolicy');
  const policy = resourcePolicyOf(record);
  if (policy === undefined) throw notFound('The resource you requested does not exist.');
  return Promise.resolve(json(200, { Policy: policy, RevisionId: record.policyRevisionId }));
}

function withPermissions(
  record: FunctionRecord,
  permissions: readonly Permission[],
): FunctionRecord {
  return { ...record, permissions, policyRevisionId: randomUUID() };
}

function readPermission(body: Record<string, unknown>, { arn }: FunctionRecord): Permission {
  const Sid = matching(body, 'StatementId', /^[a-zA-Z0-9-_]{1,100}$/, '([a-zA-Z0-9-_]+)');
  const pattern = '(lambda:[*]|lambda:[a-zA-Z]+|[*])';
  const Action = matching(body, 'Action', /^(?:lambda:\*|lambda:[a-zA-Z]+|\*)$/, pattern);
  const account = matching(body, 'SourceAccount', /^\d{12}$/, '\\d{12}', '');
  const source = matching(body, 'SourceArn', /^arn:[\w-]+:[\w-]+:.*:.+$/, 'arn:…', '');
  return {
    Sid,
    Effect: 'Allow',
    Principal: readPrincipal(body.Principal),
    Action,
    Resource: arn,
    ...((account !== '' || source !== '') && {
      Condition: {
        ...(account !== '' && { StringEquals: { 'AWS:SourceAccount': account } }),
        ...(source !== '' && { ArnLike: { 'AWS:SourceArn': source } }),
      },
    }),
  };
}

/** A service's name, an account, an ARN, or everyone who has an account. */
function readPrincipal(value: unknown): Permission['Principal'] {
  if (value === '*') return '*';
  const text = typeof value === 'string' ? value : '';
  if (/^\d{12}$/.test(text)) return { AWS: `arn:aws:iam::${text}:root` };
  if (/^arn:aws:(?:iam|sts)::\d{12}:.+$/.test(text)) return { AWS: text };
  if (/^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.amazonaws\.com$/.test(text)) return { Service: text };
  throw invalid('The provided principal was invalid. Please check the principal and try again.');
}

function matching(
  body: Record<string, unknown>,
  name: string,
  pattern: RegExp,
  written: string,
  otherwise?: string,
): string {
  const value = body[name] ?? otherwise;
  if (typeof value === 'string' && (value === otherwise || pattern.test(value))) return value;
  const member = name.charAt(0).toLowerCase() + name.slice(1);
  throw new AwsError(
    'ValidationException',
    `1 validation error detected: Value '${JSON.stringify(value)}' at '${member}' failed to satisfy constraint: Member must satisfy regular expression pattern: ${written}`,
  );
}

function checkRevision({ policyRevisionId }: FunctionRecord, given: unknown): void {
  if (given === undefined || given === null || given === policyRevisionId) return;
  throw new AwsError(
    'PreconditionFailedException',
    'The RevisionId provided does not match the latest RevisionId. Call the GetPolicy API to retrieve the latest RevisionId',
    412,
    { Type: 'User' },
  );
}

function notFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message, 404, { Type: 'User' });
}
