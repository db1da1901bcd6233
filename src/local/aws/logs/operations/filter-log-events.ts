/** FilterLogEvents: the events of several streams that match a pattern, in the order of time. `aws logs tail` lives on it. */
import type { LogGroup, LogStream } from '../log-group.js';
import type { LogStore } from '../log-store.js';
import type { Input } from '../../protocols/input.js';
import { parseFilterPattern } from '../patterns/filter-pattern.js';
import {
  admittedGroup,
  GROUP_PARAMETERS,
  invalidParameter,
  readLimit,
  streamOf,
  type LogsOperation,
} from '../operation.js';
import { MAX_PAGE_EVENTS } from './get-log-events.js';

const MAX_PATTERN_LENGTH = 1024;

export const filterLogEvents: LogsOperation = {
  name: 'FilterLogEvents',
  parameters: [
    ...GROUP_PARAMETERS,
    ...['logStreamNames', 'logStreamNamePrefix', 'startTime', 'endTime', 'filterPattern'],
    ...['nextToken', 'limit', 'interleaved'],
  ],
  run: (input, call, store) => {
    const group = admittedGroup(input, call, store, 'FilterLogEvents');
    const matches = parseFilterPattern(readPattern(input));
    const startMs = input.integer('startTime') ?? 0;
    const endMs = input.integer('endTime') ?? Infinity;
    const limit = readLimit(input, MAX_PAGE_EVENTS, MAX_PAGE_EVENTS);
    const after = input.string('nextToken') ?? '';
    if (!/^(?:\d{56})?$/.test(after)) throw invalidParameter('The specified nextToken is invalid.');
    const found = streamsMeant(input, store, group)
      .flatMap((stream) =>
        store
          .eventsOf(group, stream)
          .filter(
            ({ id, timestampMs, message }) =>
              id > after && timestampMs >= startMs && timestampMs <= endMs && matches(message),
          )
          .map((event) => ({ ...event, streamName: stream.name })),
      )
      .sort((a, b) => (a.id < b.id ? -1 : 1));
    const events = found.slice(0, limit);
    return {
      events: events.map(({ id, streamName, timestampMs, message, ingestedAtMs }) => ({
        logStreamName: streamName,
        timestamp: timestampMs,
        message,
        ingestionTime: ingestedAtMs,
        eventId: id,
      })),
      searchedLogStreams: [],
      nextToken: found.length > limit ? events.at(-1)?.id : undefined,
    };
  },
};

function streamsMeant(input: Input, store: LogStore, group: LogGroup): LogStream[] {
  const names = input.strings('logStreamNames');
  const prefix = input.string('logStreamNamePrefix');
  if (names !== undefined && prefix !== undefined) {
    throw invalidParameter(
      'logStreamNames and logStreamNamePrefix are mutually exclusive parameters.',
    );
  }
  if (names !== undefined) return names.map((name) => streamOf(store, group, name));
  return store.streamsOf(group).filter(({ name }) => name.startsWith(prefix ?? ''));
}

function readPattern(input: Input): string {
  const pattern = input.string('filterPattern') ?? '';
  if (pattern.length <= MAX_PATTERN_LENGTH) return pattern;
  const why = `must have length less than or equal to ${MAX_PATTERN_LENGTH}`;
  throw input.invalid('filterPattern', why);
}
