/** ListTags, TagResource and UntagResource: of functions, which have no other name there than their ARN. */
import type { ServiceRequest } from '../service.js';
import { admitted } from './function-operations.js';
import type { LambdaContext } from './lambda-context.js';
import { bodyOf, json, noContent } from './rest.js';
import { readTags } from './settings.js';

export async function listTags(context: LambdaContext, request: ServiceRequest, arn: string) {
  const { tags } = admitted(context, request, arn, 'lambda:ListTags');
  return Promise.resolve(json(200, { Tags: tags }));
}

export async function tagResource(context: LambdaContext, request: ServiceRequest, arn: string) {
  const record = admitted(context, request, arn, 'lambda:TagResource');
  const tags = readTags({ ...record.tags, ...readTags(bodyOf(request).Tags) });
  await context.functions.put({ ...record, tags });
  return noContent;
}

export async function untagResource(context: LambdaContext, request: ServiceRequest, arn: string) {
  const record = admitted(context, request, arn, 'lambda:UntagResource');
  const keys = new Set(request.query.getAll('tagKeys'));
  const tags = Object.fromEntries(Object.entries(record.tags).filter(([key]) => !keys.has(key)));
  await context.functions.put({ ...record, tags });
  return noContent;
}
