/** PutCompositeAlarm: an alarm on other alarms. Suppressing its actions by a further alarm is refused. */
import { isComposite, type CompositeAlarm } from '../alarms/alarm.js';
import { parseAlarmRule } from '../alarms/alarm-rule.js';
import { initialState } from '../alarms/evaluator.js';
import { readCommon } from '../alarms/read-alarm.js';
import { validationError } from '../errors.js';
import { alarmArn, type CloudWatchOperation } from '../operation.js';
import { checkTags, recordConfiguration } from './put-metric-alarm.js';

export const putCompositeAlarm: CloudWatchOperation = {
  name: 'PutCompositeAlarm',
  parameters: [
    ...['AlarmName', 'AlarmDescription', 'AlarmRule', 'ActionsEnabled', 'AlarmActions'],
    ...['OKActions', 'InsufficientDataActions', 'Tags'],
  ],
  run: async (input, call, { alarms, evaluator }) => {
    const arn = alarmArn(call, input.requiredString('AlarmName'));
    call.authorize('cloudwatch:PutCompositeAlarm', arn);
    const rule = input.requiredString('AlarmRule');
    const settings = readCommon(input, call);
    const { children } = parseAlarmRule(rule);
    const absent = children.filter((name) => alarms.find(call.region, name) === undefined);
    if (absent.length > 0) {
      const list = absent.join(', ');
      throw validationError(
        `Could not save the composite alarm because alarms [${list}] in the alarm rule do not exist.`,
      );
    }
    const existing = alarms.find(call.region, settings.name);
    if (existing !== undefined && !isComposite(existing)) {
      throw validationError(`${settings.name} is a metric alarm: its type cannot be changed.`);
    }
    const nowMs = call.cloud.clock.now();
    const alarm: CompositeAlarm = {
      ...settings,
      ...{ rule, arn, region: call.region, configuredAtMs: nowMs },
      tags: existing?.tags ?? checkTags(input.tags()),
      state: existing?.state ?? initialState(nowMs),
    };
    await Promise.all([alarms.save(alarm), recordConfiguration(alarms, alarm, existing)]);
    const did = existing === undefined ? 'created' : 'updated';
    await evaluator.evaluateComposite(alarm, (value) => {
      return `${arn} was ${did} and its alarm rule evaluates to ${value}`;
    });
    return {};
  },
};
