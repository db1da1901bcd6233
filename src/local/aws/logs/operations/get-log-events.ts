/** GetLogEvents: pages of one stream, forwards and backwards. A token stays good for the events that come later. */
import type { LogEvent } from '../log-group.js';
import type { Input } from '../../protocols/input.js';
import {
  admittedGroup,
  GROUP_PARAMETERS,
  invalidParameter,
  readLimit,
  readStreamName,
  streamOf,
  type LogsOperation,
} from '../operation.js';

export const MAX_PAGE_EVENTS = 10_000;

const FIRST_ID = '0'.repeat(56);
const LAST_ID = '9'.repeat(56);
const TOKEN = /^([fb])\/(\d{56})$/;

export const getLogEvents: LogsOperation = {
  name: 'GetLogEvents',
  parameters: [
    ...GROUP_PARAMETERS,
    ...['logStreamName', 'startTime', 'endTime', 'nextToken', 'limit', 'startFromHead'],
  ],
  run: (input, call, store) => {
    const name = readStreamName(input);
    const group = admittedGroup(input, call, store, 'GetLogEvents', name);
    const stream = streamOf(store, group, name);
    const startMs = input.integer('startTime') ?? 0;
    const endMs = input.integer('endTime') ?? Infinity;
    const within = store
      .eventsOf(group, stream)
      .filter(({ timestampMs }) => timestampMs >= startMs && timestampMs < endMs);
    const { events, before, after } = turn(within, input);
    return {
      events: events.map(({ timestampMs, message, ingestedAtMs }) => ({
        timestamp: timestampMs,
        message,
        ingestionTime: ingestedAtMs,
      })),
      nextForwardToken: `f/${after}`,
      nextBackwardToken: `b/${before}`,
    };
  },
};

/** The page, and the ids between which it lies: at an end the token that led there comes back, as in AWS. */
function turn(all: readonly LogEvent[], input: Input) {
  const limit = readLimit(input, MAX_PAGE_EVENTS, MAX_PAGE_EVENTS);
  const token = input.string('nextToken');
  const [, way, id = ''] = token === undefined ? [] : (TOKEN.exec(token) ?? []);
  if (token !== undefined && way === undefined) {
    throw invalidParameter('The specified nextToken is invalid.');
  }
  const isForward = way === undefined ? (input.boolean('startFromHead') ?? false) : way === 'f';
  const candidates = all.filter((event) =>
    way === undefined ? true : isForward ? event.id > id : event.id < id,
  );
  const events = isForward ? candidates.slice(0, limit) : candidates.slice(-limit);
  const end = way === undefined ? (isForward ? FIRST_ID : LAST_ID) : id;
  return {
    events,
    before: events.at(0)?.id ?? (isForward ? LAST_ID : end),
    after: events.at(-1)?.id ?? (isForward ? end : FIRST_ID),
  };
}
