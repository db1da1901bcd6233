/** DeleteAlarms: all of those named, or, where one does not exist or a composite alarm needs it, none. */
import { isComposite } from '../alarms/alarm.js';
import { validationError } from '../errors.js';
import { alarmArn, type CloudWatchOperation } from '../operation.js';

const MAX_ALARMS = 100;

export const deleteAlarms: CloudWatchOperation = {
  name: 'DeleteAlarms',
  parameters: ['AlarmNames'],
  run: async (input, call, { alarms }) => {
    const names = input.strings('AlarmNames') ?? [];
    if (names.length > MAX_ALARMS)
      throw validationError(`No more than ${MAX_ALARMS} alarms are allowed.`);
    for (const name of names) call.authorize('cloudwatch:DeleteAlarms', alarmArn(call, name));
    const found = names.map((name) => alarms.get(call.region, name));
    if (found.filter(isComposite).length > 1) {
      throw validationError('No more than one composite alarm can be deleted in one call.');
    }
    const needed = found.find((alarm) =>
      alarms.parentsOf(alarm).some((parent) => !names.includes(parent.name)),
    );
    if (needed !== undefined) {
      throw validationError(
        `Cannot delete ${needed.name} as there are composite alarm(s) depending on it.`,
      );
    }
    await Promise.all(names.map((name) => alarms.delete(call.region, name)));
    return {};
  },
};
