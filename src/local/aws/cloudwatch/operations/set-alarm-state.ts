/** SetAlarmState: for a drill. The next evaluation puts the alarm back where its data says. */
import { STATES } from '../alarms/alarm.js';
import { AwsError } from '../../service.js';
import { alarmArn, type CloudWatchOperation } from '../operation.js';

export const setAlarmState: CloudWatchOperation = {
  name: 'SetAlarmState',
  parameters: ['AlarmName', 'StateValue', 'StateReason', 'StateReasonData'],
  run: async (input, call, { alarms, evaluator }) => {
    const name = input.requiredString('AlarmName');
    call.authorize('cloudwatch:SetAlarmState', alarmArn(call, name));
    const value = input.choice('StateValue', STATES);
    if (value === undefined)
      throw new AwsError('MissingParameter', 'The parameter StateValue is required.');
    const reason = input.requiredString('StateReason');
    const reasonData = input.string('StateReasonData');
    if (reasonData !== undefined && !isJson(reasonData)) {
      throw new AwsError('InvalidFormat', 'StateReasonData was not syntactically valid JSON');
    }
    await evaluator.enter(alarms.get(call.region, name), { value, reason, reasonData });
    return {};
  },
};

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
