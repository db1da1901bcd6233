/** CreateFunction: a container-image function; Zip packages are refused, since the design has no source-code deployments. */
import { randomUUID } from 'node:crypto';
import { AwsError, type ServiceRequest, type ServiceResponse } from '../service.js';
import { describeConfiguration, OPTIMISATION_MS, type FunctionRecord } from './function-record.js';
import { resolveImage } from './images.js';
import type { LambdaContext } from './lambda-context.js';
import { bodyOf, invalid, json, refusePublish } from './rest.js';
import { readArchitecture, readSettings, readTags } from './settings.js';

export async function createFunction(
  context: LambdaContext,
  request: ServiceRequest,
): Promise<ServiceResponse> {
  const { cloud, functions, images } = context;
  const body = bodyOf(request);
  const name = functions.nameIn(nameOf(body), request.region, null);
  const arn = functions.arnOf(request.region, name);
  cloud.access.authorize({
    caller: request.caller,
    action: 'lambda:CreateFunction',
    resource: arn,
  });
  if (functions.has(request.region, name)) {
    throw new AwsError('ResourceConflictException', `Function already exist: ${name}`, 409);
  }
  const { role, ...settings } = readSettings(body);
  if (role === undefined) throw invalid('The role is required.');
  const imageUri = imageUriOf(body);
  refusePublish(body.Publish);
  await context.admitRole(request.caller, role);
  const nowMs = cloud.clock.now();
  const record: FunctionRecord = {
    name,
    arn,
    region: request.region,
    role,
    description: '',
    imageUri,
    handler: settings.imageConfig?.Command?.[0] ?? 'index.handler',
    architecture: readArchitecture(body.Architectures ?? ['x86_64']),
    memorySizeMiB: 128,
    timeoutSeconds: 3,
    environment: {},
    tags: readTags(body.Tags),
    revisionId: randomUUID(),
    lastModifiedMs: nowMs,
    usableAtMs: nowMs + OPTIMISATION_MS,
    created: true,
    ...settings,
    ...(await resolveImage(imageUri, request.region, images)),
  };
  await functions.put(record);
  return json(201, describeConfiguration(record, nowMs));
}

function nameOf(body: Record<string, unknown>): string {
  return typeof body.FunctionName === 'string' ? body.FunctionName : '';
}

function imageUriOf(body: Record<string, unknown>): string {
  const code = body.Code as { ImageUri?: unknown } | undefined | null;
  const imageUri = code?.ImageUri;
  if (body.PackageType !== 'Image' || typeof imageUri !== 'string') {
    throw invalid(
      'The local Lambda runs container images only: set PackageType to Image and Code.ImageUri.',
    );
  }
  return imageUri;
}
