/** PutLogEvents: one batch of events for one stream, within CloudWatch Logs' limits. */
import { DAY_MS, expiryOf, sizeOf, type LogGroup, type NewEvent } from '../log-group.js';
import type { Input } from '../../protocols/input.js';
import {
  admittedGroup,
  invalidParameter,
  readStreamName,
  streamOf,
  type LogsOperation,
} from '../operation.js';

const MAX_EVENTS = 10_000;
const MAX_BATCH_BYTES = 1_048_576;
const OLDEST_MS = 14 * DAY_MS;
const NEWEST_MS = 2 * 3600_000;

export const putLogEvents: LogsOperation = {
  name: 'PutLogEvents',
  parameters: ['logGroupName', 'logStreamName', 'logEvents', 'sequenceToken'],
  run: async (input, call, store) => {
    const name = readStreamName(input);
    const events = readEvents(input);
    const group = admittedGroup(input, call, store, 'PutLogEvents', name);
    const stream = streamOf(store, group, name);
    const nowMs = call.cloud.clockOf(call.region).now();
    const { taken, rejected } = sort(events, group, nowMs);
    if (taken.length > 0) await store.append(stream, taken);
    return { nextSequenceToken: String(nowMs).padStart(56, '0'), rejectedLogEventsInfo: rejected };
  },
};

function readEvents(input: Input): NewEvent[] {
  const events = (input.structures('logEvents') ?? []).map((event) => ({
    timestampMs: event.requiredInteger('timestamp'),
    message: event.requiredString('message'),
  }));
  if (events.length < 1 || events.length > MAX_EVENTS) {
    throw input.invalid('logEvents', `must have from 1 to ${MAX_EVENTS} elements`);
  }
  for (const [i, { timestampMs, message }] of events.entries()) {
    if (message === '') {
      throw input.invalid(`logEvents.${i + 1}.member.message`, 'must have length greater than 0');
    }
    if (timestampMs < 0) {
      throw input.invalid(`logEvents.${i + 1}.member.timestamp`, 'must be 0 or more');
    }
    if (timestampMs < (events[i - 1]?.timestampMs ?? 0)) {
      throw invalidParameter(
        'Log events in a single PutLogEvents request must be in chronological order.',
      );
    }
  }
  const bytes = events.reduce((sum, { message }) => sum + sizeOf(message), 0);
  if (bytes > MAX_BATCH_BYTES) {
    throw invalidParameter(`Upload too large: ${bytes} bytes exceeds limit of ${MAX_BATCH_BYTES}`);
  }
  const spanMs = (events.at(-1)?.timestampMs ?? 0) - (events[0]?.timestampMs ?? 0);
  if (spanMs > DAY_MS) {
    throw invalidParameter(
      'The batch of log events in a single PutLogEvents request cannot span more than 24 hours.',
    );
  }
  return events;
}

/** Which events are taken; the others are told by their place in the batch, which is in the order of time. */
function sort(events: readonly NewEvent[], group: LogGroup, nowMs: number) {
  const expiredEnd = firstFrom(events, expiryOf(group, nowMs));
  const tooOldEnd = firstFrom(events, nowMs - OLDEST_MS);
  const tooNewStart = firstFrom(events, nowMs + NEWEST_MS + 1);
  const taken = events.slice(Math.max(expiredEnd, tooOldEnd), tooNewStart);
  if (taken.length === events.length) return { taken, rejected: undefined };
  return {
    taken,
    rejected: {
      tooNewLogEventStartIndex: tooNewStart < events.length ? tooNewStart : undefined,
      tooOldLogEventEndIndex: tooOldEnd > 0 ? tooOldEnd : undefined,
      expiredLogEventEndIndex: expiredEnd > 0 ? expiredEnd : undefined,
    },
  };
}

function firstFrom(events: readonly NewEvent[], timestampMs: number): number {
  const found = events.findIndex((event) => event.timestampMs >= timestampMs);
  return found < 0 ? events.length : found;
}
