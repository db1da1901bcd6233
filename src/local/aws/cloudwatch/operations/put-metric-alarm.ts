/** PutMetricAlarm: makes an alarm, or replaces its settings; its state stays until it is evaluated. */
import { describeAlarm } from '../alarms/describe-alarm.js';
import { initialState } from '../alarms/evaluator.js';
import { ALARM_PARAMETERS, readAlarm } from '../alarms/read-alarm.js';
import { alarmArn, validationError, type CloudWatchOperation } from '../operation.js';
import type { Alarm } from '../alarms/alarm.js';

const MAX_TAGS = 50;

export const putMetricAlarm: CloudWatchOperation = {
  name: 'PutMetricAlarm',
  parameters: ALARM_PARAMETERS,
  run: async (input, call, { alarms }) => {
    const arn = alarmArn(call, input.requiredString('AlarmName'));
    call.authorize('cloudwatch:PutMetricAlarm', arn);
    const settings = readAlarm(input, call);
    const existing = alarms.find(call.region, settings.name);
    const nowMs = call.cloud.clock.now();
    const alarm: Alarm = {
      ...settings,
      arn,
      region: call.region,
      configuredAtMs: nowMs,
      // Those of an alarm that exists are changed by TagResource only.
      tags: existing?.tags ?? checkTags(input.tags()),
      state: existing?.state ?? initialState(nowMs),
    };
    await Promise.all([
      alarms.save(alarm),
      alarms.record({
        region: call.region,
        alarmName: alarm.name,
        type: 'ConfigurationUpdate',
        summary: `Alarm "${alarm.name}" ${existing === undefined ? 'created' : 'updated'}`,
        data: JSON.stringify({
          version: '1.0',
          type: existing === undefined ? 'Create' : 'Update',
          ...(existing === undefined
            ? { createdAlarm: describeAlarm(alarm) }
            : { updatedAlarm: describeAlarm(alarm) }),
        }),
        atMs: nowMs,
      }),
    ]);
    return {};
  },
};

export function checkTags(tags: Record<string, string>): Record<string, string> {
  if (Object.keys(tags).length > MAX_TAGS)
    throw validationError(`No more than ${MAX_TAGS} tags are allowed.`);
  return tags;
}
