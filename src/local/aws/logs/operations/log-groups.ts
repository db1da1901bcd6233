/** CreateLogGroup, DeleteLogGroup, DescribeLogGroups, and how long a group keeps its events. */
import { groupArn, RETENTION_DAYS, type LogGroup } from '../log-group.js';
import type { LogStore } from '../log-store.js';
import type { Call } from '../../protocols/operation-service.js';
import type { Input } from '../../protocols/input.js';
import {
  admittedGroup,
  alreadyExists,
  authorize,
  invalidParameter,
  nameInArn,
  page,
  readGroupName,
  type LogsOperation,
} from '../operation.js';
import { checkTags } from './log-group-tags.js';

export const createLogGroup: LogsOperation = {
  name: 'CreateLogGroup',
  parameters: ['logGroupName', 'tags', 'logGroupClass'],
  run: async (input, call, store) => {
    const name = readGroupName(input, 'logGroupName');
    const tags = input.map('tags') ?? {};
    checkTags(tags);
    readClass(input);
    authorize(call, 'CreateLogGroup', name);
    if (Object.keys(tags).length > 0) authorize(call, 'TagResource', name);
    if (store.group(call.region, name) !== undefined) throw alreadyExists('log group');
    const createdAtMs = call.cloud.clockOf(call.region).now();
    await store.saveGroup({ region: call.region, name, createdAtMs, tags });
    return {};
  },
};

export const deleteLogGroup: LogsOperation = {
  name: 'DeleteLogGroup',
  parameters: ['logGroupName'],
  run: async (input, call, store) => {
    await store.deleteGroup(admittedGroup(input, call, store, 'DeleteLogGroup'));
    return {};
  },
};

const PAGE_SIZE = 50;

export const describeLogGroups: LogsOperation = {
  name: 'DescribeLogGroups',
  parameters: [
    ...['logGroupNamePrefix', 'logGroupNamePattern', 'logGroupIdentifiers', 'logGroupClass'],
    ...['limit', 'nextToken'],
  ],
  run: (input, call, store) => {
    const isMeant = readSelection(input, call);
    authorize(call, 'DescribeLogGroups', '');
    const { items, nextToken } = page(
      store.groupsOf(call.region).filter(isMeant),
      input,
      PAGE_SIZE,
    );
    return { logGroups: items.map((group) => describe(group, call, store)), nextToken };
  },
};

export const putRetentionPolicy: LogsOperation = {
  name: 'PutRetentionPolicy',
  parameters: ['logGroupName', 'retentionInDays'],
  run: async (input, call, store) => {
    const retentionDays = input.requiredInteger('retentionInDays');
    if (!RETENTION_DAYS.includes(retentionDays)) {
      throw input.invalid(
        'retentionInDays',
        `must satisfy enum value set: [${RETENTION_DAYS.join(', ')}]`,
      );
    }
    const group = admittedGroup(input, call, store, 'PutRetentionPolicy');
    await store.saveGroup({ ...group, retentionDays });
    return {};
  },
};

export const deleteRetentionPolicy: LogsOperation = {
  name: 'DeleteRetentionPolicy',
  parameters: ['logGroupName'],
  run: async (input, call, store) => {
    const group = admittedGroup(input, call, store, 'DeleteRetentionPolicy');
    const { retentionDays: _ended, ...kept } = group;
    await store.saveGroup(kept);
    return {};
  },
};

function readClass(input: Input): void {
  const logGroupClass = input.choice('logGroupClass', [
    'STANDARD',
    'INFREQUENT_ACCESS',
    'DELIVERY',
  ]);
  if (logGroupClass === undefined || logGroupClass === 'STANDARD') return;
  throw invalidParameter(`The local AWS has log groups of class STANDARD, not ${logGroupClass}.`);
}

function readSelection(input: Input, call: Call): (group: LogGroup) => boolean {
  const prefix = input.string('logGroupNamePrefix');
  const pattern = input.string('logGroupNamePattern');
  if (prefix !== undefined && pattern !== undefined) {
    throw invalidParameter(
      'LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.',
    );
  }
  const identifiers = input.strings('logGroupIdentifiers');
  const names = identifiers?.map((identifier) =>
    identifier.startsWith('arn:') ? nameInArn(identifier, call) : identifier,
  );
  const logGroupClass = input.string('logGroupClass') ?? 'STANDARD';
  return ({ name }) =>
    (names === undefined || names.includes(name)) &&
    name.startsWith(prefix ?? '') &&
    name.toLowerCase().includes((pattern ?? '').toLowerCase()) &&
    logGroupClass === 'STANDARD';
}

function describe(group: LogGroup, call: Call, store: LogStore) {
  const arn = groupArn(call.region, call.cloud.accountId, group.name);
  return {
    logGroupName: group.name,
    creationTime: group.createdAtMs,
    retentionInDays: group.retentionDays,
    metricFilterCount: 0,
    arn: `${arn}:*`,
    storedBytes: store.bytesOf(group),
    logGroupClass: 'STANDARD',
    logGroupArn: arn,
  };
}
