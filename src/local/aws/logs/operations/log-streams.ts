/** CreateLogStream, DeleteLogStream, DescribeLogStreams. */
import { groupArn, streamArn, type LogGroup, type LogStream } from '../log-group.js';
import type { LogStore } from '../log-store.js';
import type { Call } from '../../protocols/operation-service.js';
import type { Input } from '../../protocols/input.js';
import {
  admittedGroup,
  alreadyExists,
  GROUP_PARAMETERS,
  invalidParameter,
  page,
  readStreamName,
  streamOf,
  type LogsOperation,
} from '../operation.js';

export const createLogStream: LogsOperation = {
  name: 'CreateLogStream',
  parameters: ['logGroupName', 'logStreamName'],
  run: async (input, call, store) => {
    const name = readStreamName(input);
    const group = admittedGroup(input, call, store, 'CreateLogStream', name);
    if (store.stream(group, name) !== undefined) throw alreadyExists('log stream');
    const { region } = call;
    const createdAtMs = call.cloud.clockOf(region).now();
    await store.saveStream({ region, groupName: group.name, name, createdAtMs });
    return {};
  },
};

export const deleteLogStream: LogsOperation = {
  name: 'DeleteLogStream',
  parameters: ['logGroupName', 'logStreamName'],
  run: async (input, call, store) => {
    const name = readStreamName(input);
    const group = admittedGroup(input, call, store, 'DeleteLogStream', name);
    await store.deleteStream(streamOf(store, group, name));
    return {};
  },
};

const PAGE_SIZE = 50;

export const describeLogStreams: LogsOperation = {
  name: 'DescribeLogStreams',
  parameters: [
    ...GROUP_PARAMETERS,
    ...['logStreamNamePrefix', 'orderBy', 'descending', 'limit', 'nextToken'],
  ],
  run: (input, call, store) => {
    const group = admittedGroup(input, call, store, 'DescribeLogStreams');
    const prefix = input.string('logStreamNamePrefix');
    const order = input.choice('orderBy', ['LogStreamName', 'LastEventTime']) ?? 'LogStreamName';
    if (prefix !== undefined && order === 'LastEventTime') {
      throw invalidParameter('Cannot order by LastEventTime with a logStreamNamePrefix.');
    }
    const streams = store
      .streamsOf(group)
      .filter(({ name }) => name.startsWith(prefix ?? ''))
      .map((stream) => describe(stream, group, call, store));
    if (order === 'LastEventTime') {
      streams.sort((a, b) => (a.lastEventTimestamp ?? 0) - (b.lastEventTimestamp ?? 0));
    }
    if (isDescending(input)) streams.reverse();
    const { items, nextToken } = page(streams, input, PAGE_SIZE);
    return { logStreams: items, nextToken };
  },
};

function isDescending(input: Input): boolean {
  return input.boolean('descending') ?? false;
}

function describe(stream: LogStream, group: LogGroup, call: Call, store: LogStore) {
  const events = store.eventsOf(group, stream);
  const arn = groupArn(call.region, call.cloud.accountId, group.name);
  return {
    logStreamName: stream.name,
    creationTime: stream.createdAtMs,
    firstEventTimestamp: events.at(0)?.timestampMs,
    lastEventTimestamp: events.at(-1)?.timestampMs,
    lastIngestionTime: stream.lastIngestedAtMs,
    arn: streamArn(arn, stream.name),
    // CloudWatch Logs has reported no other for a single stream since 2019.
    storedBytes: 0,
  };
}
