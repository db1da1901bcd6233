/** EnableAlarmActions, DisableAlarmActions. Names that do not exist are passed over, as CloudWatch does. */
import { alarmArn, type CloudWatchOperation } from '../operation.js';

export const enableAlarmActions = switchActions('EnableAlarmActions', true);
export const disableAlarmActions = switchActions('DisableAlarmActions', false);

function switchActions(name: string, actionsEnabled: boolean): CloudWatchOperation {
  return {
    name,
    parameters: ['AlarmNames'],
    run: async (input, call, { alarms }) => {
      const names = input.strings('AlarmNames') ?? [];
      for (const alarm of names) call.authorize(`cloudwatch:${name}`, alarmArn(call, alarm));
      const found = names
        .map((alarmName) => alarms.find(call.region, alarmName))
        .filter((alarm) => alarm !== undefined);
      await Promise.all(found.map((alarm) => alarms.save({ ...alarm, actionsEnabled })));
      return {};
    },
  };
}
