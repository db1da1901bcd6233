/** The tags of log groups: by ARN as of today, and by name as older clients do. */
import type { Input } from '../../protocols/input.js';
import type { Call } from '../../protocols/operation-service.js';
import { AwsError } from '../../service.js';
import type { LogGroup } from '../log-group.js';
import type { LogStore } from '../log-store.js';
import {
  admittedGroup,
  authorize,
  invalidParameter,
  nameInArn,
  notFound,
  type LogsOperation,
} from '../operation.js';

const MAX_TAGS = 50;

type Find = (input: Input, call: Call, store: LogStore, action: string) => LogGroup;

const byArn: Find = (input, call, store, action) => {
  const name = nameInArn(input.requiredString('resourceArn'), call);
  authorize(call, action, name);
  const group = store.group(call.region, name);
  if (group === undefined) throw notFound('log group');
  return group;
};

const add = (name: string, parameter: string, find: Find): LogsOperation => ({
  name,
  parameters: [parameter, 'tags'],
  run: async (input, call, store) => {
    const added = input.map('tags') ?? {};
    const group = find(input, call, store, name);
    const tags = { ...group.tags, ...added };
    checkTags(tags);
    await store.saveGroup({ ...group, tags });
    return {};
  },
});

const remove = (name: string, parameter: string, keys: string, find: Find): LogsOperation => ({
  name,
  parameters: [parameter, keys],
  run: async (input, call, store) => {
    const gone = input.strings(keys) ?? [];
    const group = find(input, call, store, name);
    const left = Object.entries(group.tags).filter(([key]) => !gone.includes(key));
    await store.saveGroup({ ...group, tags: Object.fromEntries(left) });
    return {};
  },
});

const list = (name: string, parameter: string, find: Find): LogsOperation => ({
  name,
  parameters: [parameter],
  run: (input, call, store) => ({
    tags: new Map(Object.entries(find(input, call, store, name).tags)),
  }),
});

export const tagResource = add('TagResource', 'resourceArn', byArn);
export const untagResource = remove('UntagResource', 'resourceArn', 'tagKeys', byArn);
export const listTagsForResource = list('ListTagsForResource', 'resourceArn', byArn);
export const tagLogGroup = add('TagLogGroup', 'logGroupName', admittedGroup);
export const untagLogGroup = remove('UntagLogGroup', 'logGroupName', 'tags', admittedGroup);
export const listTagsLogGroup = list('ListTagsLogGroup', 'logGroupName', admittedGroup);

/** Throws InvalidParameterException or TooManyTagsException. */
export function checkTags(tags: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries(tags)) {
    if (key.length < 1 || key.length > 128 || value.length > 256 || /^aws:/i.test(key)) {
      throw invalidParameter(`The tag ${JSON.stringify(key)} is not valid.`);
    }
  }
  if (Object.keys(tags).length <= MAX_TAGS) return;
  throw new AwsError('TooManyTagsException', `A resource can have no more than ${MAX_TAGS} tags.`);
}
