/**
 * What a function here never has: aliases, event source mappings, URLs, provisioned concurrency, signed code.
 *
 * Making them is refused, so there are none; reading them says so, as AWS says it of a function that was never given any.
 */
import { AwsError, type ServiceRequest, type ServiceResponse } from '../service.js';
import { admitted } from './function-operations.js';
import type { FunctionRecord } from './function-record.js';
import type { LambdaContext } from './lambda-context.js';
import { json } from './rest.js';

type Operation = (
  context: LambdaContext,
  request: ServiceRequest,
  name: string,
) => Promise<ServiceResponse>;

const answered =
  (operation: string, answer: (record: FunctionRecord) => object): Operation =>
  async (context, request, name) => {
    const record = admitted(context, request, name, `lambda:${operation}`);
    return Promise.resolve(json(200, answer(record)));
  };

const absent =
  (operation: string, code: string, message: string): Operation =>
  async (context, request, name) => {
    admitted(context, request, name, `lambda:${operation}`);
    return Promise.reject(new AwsError(code, message, 404, { Type: 'User' }));
  };

const NO_RESOURCE = 'The resource you requested does not exist.';

export const listAliases = answered('ListAliases', () => ({ Aliases: [] }));

export const getAlias: Operation = async (context, request, name) => {
  const { arn } = admitted(context, request, name, 'lambda:GetAlias');
  const alias = request.path.slice(request.path.lastIndexOf('/') + 1);
  const message = `Cannot find alias arn: ${arn}:${alias}`;
  return Promise.reject(new AwsError('ResourceNotFoundException', message, 404, { Type: 'User' }));
};

export const listFunctionUrlConfigs = answered('ListFunctionUrlConfigs', () => ({
  FunctionUrlConfigs: [],
}));

export const getFunctionUrlConfig = absent(
  'GetFunctionUrlConfig',
  'ResourceNotFoundException',
  NO_RESOURCE,
);

const listProvisioned = answered('ListProvisionedConcurrencyConfigs', () => ({
  ProvisionedConcurrencyConfigs: [],
}));

const getProvisioned = absent(
  'GetProvisionedConcurrencyConfig',
  'ProvisionedConcurrencyConfigNotFoundException',
  'No Provisioned Concurrency Config found for this function',
);

/** One path for both: `?List=ALL` asks for all of them. */
export const readProvisionedConcurrency: Operation = (context, request, name) =>
  (request.query.has('List') ? listProvisioned : getProvisioned)(context, request, name);

export const getCodeSigningConfig = answered('GetFunctionCodeSigningConfig', ({ name }) => ({
  FunctionName: name,
  CodeSigningConfigArn: '',
}));

/** Of all functions, or of the one in the query. */
export const listEventSourceMappings: Operation = async ({ cloud }, { caller }) => {
  const action = 'lambda:ListEventSourceMappings';
  cloud.access.authorize({ caller, action, resource: '*' });
  return Promise.resolve(json(200, { EventSourceMappings: [] }));
};
