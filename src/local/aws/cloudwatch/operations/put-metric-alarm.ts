/** PutMetricAlarm: makes an alarm, or replaces its settings; its state stays until it is evaluated. */
import type { AlarmStore } from '../alarms/alarm-store.js';
import { describeAlarm } from '../alarms/describe-alarm.js';
import { initialState } from '../alarms/evaluator.js';
import { ALARM_PARAMETERS, readAlarm } from '../alarms/read-alarm.js';
import { validationError } from '../errors.js';
import { alarmArn, type CloudWatchOperation } from '../operation.js';
import { isComposite, typeOf, type Alarm, type MetricAlarm } from '../alarms/alarm.js';

const MAX_TAGS = 50;

export const putMetricAlarm: CloudWatchOperation = {
  name: 'PutMetricAlarm',
  parameters: ALARM_PARAMETERS,
  run: async (input, call, { alarms }) => {
    const arn = alarmArn(call, input.requiredString('AlarmName'));
    call.authorize('cloudwatch:PutMetricAlarm', arn);
    const settings = readAlarm(input, call);
    const existing = alarms.find(call.region, settings.name);
    if (existing !== undefined && isComposite(existing)) {
      throw validationError(`${settings.name} is a composite alarm: its type cannot be changed.`);
    }
    const nowMs = call.cloud.clock.now();
    const alarm: MetricAlarm = {
      ...settings,
      arn,
      region: call.region,
      configuredAtMs: nowMs,
      // Those of an alarm that exists are changed by TagResource only.
      tags: existing?.tags ?? checkTags(input.tags()),
      state: existing?.state ?? initialState(nowMs),
    };
    await Promise.all([alarms.save(alarm), recordConfiguration(alarms, alarm, existing)]);
    return {};
  },
};

/** What the history says of an alarm that was made or changed. */
export function recordConfiguration(
  alarms: AlarmStore,
  alarm: Alarm,
  before: Alarm | undefined,
): Promise<void> {
  const described = describeAlarm(alarm);
  return alarms.record({
    region: alarm.region,
    alarmName: alarm.name,
    alarmType: typeOf(alarm),
    type: 'ConfigurationUpdate',
    summary: `Alarm "${alarm.name}" ${before === undefined ? 'created' : 'updated'}`,
    data: JSON.stringify({
      version: '1.0',
      type: before === undefined ? 'Create' : 'Update',
      ...(before === undefined ? { createdAlarm: described } : { updatedAlarm: described }),
    }),
    atMs: alarm.configuredAtMs,
  });
}

export function checkTags(tags: Record<string, string>): Record<string, string> {
  if (Object.keys(tags).length > MAX_TAGS)
    throw validationError(`No more than ${MAX_TAGS} tags are allowed.`);
  return tags;
}
