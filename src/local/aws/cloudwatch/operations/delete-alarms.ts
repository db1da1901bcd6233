/** DeleteAlarms: all of those named, or, where one does not exist, none. */
import { alarmArn, validationError, type CloudWatchOperation } from '../operation.js';

const MAX_ALARMS = 100;

export const deleteAlarms: CloudWatchOperation = {
  name: 'DeleteAlarms',
  parameters: ['AlarmNames'],
  run: async (input, call, { alarms }) => {
    const names = input.strings('AlarmNames') ?? [];
    if (names.length > MAX_ALARMS)
      throw validationError(`No more than ${MAX_ALARMS} alarms are allowed.`);
    for (const name of names) call.authorize('cloudwatch:DeleteAlarms', alarmArn(call, name));
    for (const name of names) alarms.get(call.region, name);
    await Promise.all(names.map((name) => alarms.delete(call.region, name)));
    return {};
  },
};
