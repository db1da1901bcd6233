/** TagResource, UntagResource, ListTagsForResource: of alarms. */
import type { Input } from '../../protocols/input.js';
import type { Call } from '../../protocols/operation-service.js';
import { AwsError } from '../../service.js';
import type { Alarm } from '../alarms/alarm.js';
import type { CloudWatchContext, CloudWatchOperation } from '../operation.js';
import { checkTags } from './put-metric-alarm.js';

export const tagResource: CloudWatchOperation = {
  name: 'TagResource',
  parameters: ['ResourceARN', 'Tags'],
  run: async (input, call, context) => {
    const alarm = namedAlarm(input, call, context, 'cloudwatch:TagResource');
    await context.alarms.save({ ...alarm, tags: checkTags({ ...alarm.tags, ...input.tags() }) });
    return {};
  },
};

export const untagResource: CloudWatchOperation = {
  name: 'UntagResource',
  parameters: ['ResourceARN', 'TagKeys'],
  run: async (input, call, context) => {
    const alarm = namedAlarm(input, call, context, 'cloudwatch:UntagResource');
    const keys = input.strings('TagKeys') ?? [];
    const left = Object.entries(alarm.tags).filter(([key]) => !keys.includes(key));
    await context.alarms.save({ ...alarm, tags: Object.fromEntries(left) });
    return {};
  },
};

export const listTagsForResource: CloudWatchOperation = {
  name: 'ListTagsForResource',
  parameters: ['ResourceARN'],
  run: (input, call, context) => {
    const { tags } = namedAlarm(input, call, context, 'cloudwatch:ListTagsForResource');
    return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
  },
};

function namedAlarm(
  input: Input,
  call: Call,
  { alarms }: CloudWatchContext,
  action: string,
): Alarm {
  const arn = input.requiredString('ResourceARN');
  call.authorize(action, arn);
  const alarm = alarms.list(call.region).find((candidate) => candidate.arn === arn);
  if (alarm !== undefined) return alarm;
  throw new AwsError('ResourceNotFoundException', `Unknown resource: ${arn}`, 404);
}
