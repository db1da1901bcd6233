/** The operations that read, change and remove a function that exists. */
import { randomUUID } from 'node:crypto';
import { AwsError, type ServiceRequest, type ServiceResponse } from '../service.js';
import {
  describeConfiguration,
  isUsable,
  OPTIMISATION_MS,
  resourcePolicyOf,
  type FunctionRecord,
} from './function-record.js';
import { resolveImage } from './images.js';
import type { LambdaContext } from './lambda-context.js';
import { bodyOf, invalid, json, noContent, refusePublish } from './rest.js';
import { boundedInteger, constraint, readArchitecture, readSettings } from './settings.js';

/** The function that a request's path names, once the caller may do `action` to it. */
export function admitted(
  context: LambdaContext,
  request: ServiceRequest,
  written: string,
  action: string,
): FunctionRecord {
  const { cloud, functions } = context;
  const { region, caller, query } = request;
  const name = functions.nameIn(written, region, query.get('Qualifier'));
  const record = functions.has(region, name) ? functions.find(region, name) : undefined;
  const resourcePolicy = record && resourcePolicyOf(record);
  const resource = functions.arnOf(region, name);
  cloud.access.authorize({ caller, action, resource, resourcePolicy });
  return record ?? functions.find(region, name);
}

export async function getFunction(context: LambdaContext, request: ServiceRequest, name: string) {
  const record = admitted(context, request, name, 'lambda:GetFunction');
  return Promise.resolve(
    json(200, {
      Configuration: describeConfiguration(record, context.cloud.clock.now()),
      Code: {
        RepositoryType: 'ECR',
        ImageUri: record.imageUri,
        ResolvedImageUri: `${record.imageUri.replace(/[:@][^/]*$/, '')}@sha256:${record.codeSha256}`,
      },
      ...(Object.keys(record.tags).length === 0 ? {} : { Tags: record.tags }),
      ...(record.reservedConcurrency === undefined
        ? {}
        : { Concurrency: { ReservedConcurrentExecutions: record.reservedConcurrency } }),
    }),
  );
}

export async function getFunctionConfiguration(
  context: LambdaContext,
  request: ServiceRequest,
  name: string,
) {
  const record = admitted(context, request, name, 'lambda:GetFunctionConfiguration');
  return Promise.resolve(json(200, describeConfiguration(record, context.cloud.clock.now())));
}

export async function listFunctions(context: LambdaContext, request: ServiceRequest) {
  const { cloud, functions } = context;
  cloud.access.authorize({ caller: request.caller, action: 'lambda:ListFunctions', resource: '*' });
  const all = functions.ofRegion(request.region);
  const { from, most } = readPage(request.query);
  const until = from + most;
  return Promise.resolve(
    json(200, {
      Functions: all
        .slice(from, until)
        .map((record) => describeConfiguration(record, cloud.clock.now())),
      NextMarker: until < all.length ? String(until) : null,
    }),
  );
}

/** How many functions a page has at most, whatever is asked for. */
const PAGE = 50;

function readPage(query: URLSearchParams): { readonly from: number; readonly most: number } {
  const version = query.get('FunctionVersion');
  if (version !== null && version !== 'ALL') {
    throw constraint(version, 'functionVersion', 'Member must satisfy enum value set: [ALL]');
  }
  const marker = query.get('Marker') ?? '0';
  if (!/^\d{1,9}$/.test(marker)) throw invalid('Invalid marker.');
  const bounds = { least: 1, most: 10_000 };
  const most = boundedInteger(Number(query.get('MaxItems') ?? PAGE), 'maxItems', bounds);
  return { from: Number(marker), most: Math.min(PAGE, most) };
}

export async function listVersions(context: LambdaContext, request: ServiceRequest, name: string) {
  const record = admitted(context, request, name, 'lambda:ListVersionsByFunction');
  return Promise.resolve(
    json(200, {
      Versions: [describeConfiguration(record, context.cloud.clock.now())],
      NextMarker: null,
    }),
  );
}

export async function updateFunctionCode(
  context: LambdaContext,
  request: ServiceRequest,
  name: string,
): Promise<ServiceResponse> {
  const record = admitted(context, request, name, 'lambda:UpdateFunctionCode');
  const {
    ImageUri: imageUri,
    RevisionId,
    Publish,
    DryRun,
    Architectures,
    ...rest
  } = bodyOf(request);
  const more = Object.keys(rest);
  if (typeof imageUri !== 'string' || more.length > 0) {
    throw invalid(
      `The local Lambda runs container images only: give ImageUri${more.length > 0 ? `, not ${more.join(', ')}` : ''}.`,
    );
  }
  if (Architectures !== undefined && readArchitecture(Architectures) !== record.architecture) {
    throw invalid('The architecture of a function cannot be changed here: create it anew.');
  }
  refusePublish(Publish);
  const image = await resolveImage(imageUri, record.region, context.images);
  if (DryRun === true) return json(200, describeConfiguration(record, context.cloud.clock.now()));
  return update(context, record, { imageUri, ...image }, RevisionId);
}

export async function updateFunctionConfiguration(
  context: LambdaContext,
  request: ServiceRequest,
  name: string,
): Promise<ServiceResponse> {
  const record = admitted(context, request, name, 'lambda:UpdateFunctionConfiguration');
  const body = bodyOf(request);
  const settings = readSettings(body);
  if (settings.role !== undefined && settings.role !== record.role) {
    await context.admitRole(request.caller, settings.role);
  }
  const handler = settings.imageConfig?.Command?.[0];
  return update(
    context,
    record,
    { ...settings, ...(handler === undefined ? {} : { handler }) },
    body.RevisionId,
  );
}

export async function deleteFunction(
  context: LambdaContext,
  request: ServiceRequest,
  name: string,
): Promise<ServiceResponse> {
  const record = admitted(context, request, name, 'lambda:DeleteFunction');
  if (request.query.has('Qualifier')) {
    throw invalid('$LATEST version cannot be deleted without deleting the function.');
  }
  await context.functions.remove(record);
  await context.sandboxes.endOf(record.arn);
  return noContent;
}

/** Stores a change; the next event runs in a fresh sandbox. Throws ResourceConflictException while another change settles. */
async function update(
  context: LambdaContext,
  record: FunctionRecord,
  changes: Partial<FunctionRecord>,
  revisionId: unknown,
): Promise<ServiceResponse> {
  const { cloud, functions, sandboxes } = context;
  const nowMs = cloud.clock.now();
  if (revisionId !== undefined && revisionId !== record.revisionId) {
    throw new AwsError(
      'PreconditionFailedException',
      'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id',
      412,
    );
  }
  if (!isUsable(record, nowMs)) {
    throw new AwsError(
      'ResourceConflictException',
      `The operation cannot be performed at this time. An update is in progress for resource: ${record.arn}`,
      409,
    );
  }
  const updated: FunctionRecord = {
    ...record,
    ...changes,
    revisionId: randomUUID(),
    lastModifiedMs: nowMs,
    usableAtMs: nowMs + OPTIMISATION_MS,
    created: false,
  };
  await functions.put(updated);
  await sandboxes.retire(record.arn);
  return json(200, describeConfiguration(updated, nowMs));
}
