import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { LogStore } from '../../../../src/local/aws/logs/log-store.js';
import { aKilledCopy, removeCloud } from '../../../builders/a-cloud.js';
import { aLogStore, REGION, type ALogStore } from './a-log-store.js';

const GROUP = '/aws/lambda/pay';
const DAY_MS = 24 * 3600_000;

let logs: ALogStore;
beforeEach(async () => {
  logs = await aLogStore();
});
afterEach(() => logs.close());

const messagesOf = async (input: object, operation = 'FilterLogEvents') => {
  const { events } = await logs.call(operation, { logGroupName: GROUP, ...input });
  return (events as { message: string }[]).map(({ message }) => message);
};

describe('CloudWatch Logs', () => {
  test.each([
    { operation: 'CreateLogGroup', input: {}, code: 'InvalidParameterException' },
    {
      operation: 'CreateLogGroup',
      input: { logGroupName: 'a b' },
      code: 'InvalidParameterException',
    },
    {
      operation: 'CreateLogGroup',
      input: { logGroupName: 'g', kmsKeyId: 'k' },
      code: 'InvalidParameterException',
    },
    {
      operation: 'CreateLogGroup',
      input: { logGroupName: GROUP },
      code: 'ResourceAlreadyExistsException',
    },
    {
      operation: 'CreateLogStream',
      input: { logGroupName: GROUP, logStreamName: 's' },
      code: 'ResourceAlreadyExistsException',
    },
    {
      operation: 'GetLogEvents',
      input: { logGroupName: GROUP, logStreamName: 'none' },
      code: 'ResourceNotFoundException',
    },
    {
      operation: 'FilterLogEvents',
      input: { logGroupName: '/none' },
      code: 'ResourceNotFoundException',
    },
    {
      operation: 'PutRetentionPolicy',
      input: { logGroupName: GROUP, retentionInDays: 2 },
      code: 'InvalidParameterException',
    },
    {
      operation: 'FilterLogEvents',
      input: { logGroupName: GROUP, filterPattern: '[ip, user]' },
      code: 'InvalidParameterException',
    },
    { operation: 'StartQuery', input: {}, code: 'UnknownOperationException' },
  ])('refuses $operation $input with $code', async ({ operation, input, code }) => {
    await logs.say(GROUP, 's', 'there');
    await expect(logs.call(operation, input)).resolves.toEqual({ code, status: 400 });
  });

  test('denies in its own words who may not', async () => {
    logs.cloud.allow(() => false);
    await expect(logs.call('DescribeLogGroups')).resolves.toEqual({
      code: 'AccessDeniedException',
      status: 400,
    });
  });

  test('asks for rights on the stream, as policies name it', async () => {
    const asked: string[] = [];
    logs.cloud.allow(({ action, resource }) => asked.push(`${action} ${resource}`) > 0);
    await logs.say(GROUP, 's', 'x');
    const arn = `arn:aws:logs:${REGION}:123456789012:log-group:${GROUP}`;
    expect(asked).toEqual([
      `logs:CreateLogGroup ${arn}:log-stream:`,
      `logs:CreateLogStream ${arn}:log-stream:s`,
      `logs:PutLogEvents ${arn}:log-stream:s`,
    ]);
  });

  test('reads a stream page by page, both ways, and goes on from the last page when more comes', async () => {
    await logs.say(GROUP, 's', '1', '2', '3', '4', '5');
    const page = async (input: object) => {
      const answer = await logs.call('GetLogEvents', {
        ...{ logGroupName: GROUP, logStreamName: 's', limit: 2 },
        ...input,
      });
      return {
        messages: (answer.events as { message: string }[]).map(({ message }) => message),
        forward: { nextToken: answer.nextForwardToken },
        backward: { nextToken: answer.nextBackwardToken },
      };
    };
    const first = await page({ startFromHead: true });
    const second = await page(first.forward);
    const third = await page(second.forward);
    const end = await page(third.forward);
    expect([first, second, third, end].map(({ messages }) => messages)).toEqual([
      ['1', '2'],
      ['3', '4'],
      ['5'],
      [],
    ]);
    expect(end.forward).toEqual(third.forward);
    expect((await page(second.backward)).messages).toEqual(['1', '2']);
    expect((await page({})).messages).toEqual(['4', '5']);
    await logs.say(GROUP, 's', '6');
    expect((await page(end.forward)).messages).toEqual(['6']);
  });

  test('filters several streams in the order of time, in pages', async () => {
    for (const [stream, message] of [
      ['a', 'ERROR 1'],
      ['b', 'ERROR 2'],
      ['a', 'INFO 3'],
      ['a', 'ERROR 4'],
    ] as const) {
      await logs.say(GROUP, stream, message);
      await logs.clock.advance(1);
    }
    expect(await messagesOf({ filterPattern: 'ERROR' })).toEqual(['ERROR 1', 'ERROR 2', 'ERROR 4']);
    expect(await messagesOf({ logStreamNames: ['b'] })).toEqual(['ERROR 2']);
    expect(await messagesOf({ startTime: logs.clock.now() - 2 })).toEqual(['INFO 3', 'ERROR 4']);
    const { nextToken } = await logs.call('FilterLogEvents', { logGroupName: GROUP, limit: 3 });
    expect(await messagesOf({ nextToken })).toEqual(['ERROR 4']);
  });

  test('takes what is in time, and says which events of a batch were not', async () => {
    await logs.say(GROUP, 's', 'seed');
    const nowMs = logs.clock.now();
    const put = (...timestamps: readonly number[]) =>
      logs.call('PutLogEvents', {
        ...{ logGroupName: GROUP, logStreamName: 's' },
        logEvents: timestamps.map((timestamp) => ({ timestamp, message: String(timestamp) })),
      });
    const early = nowMs - 14 * DAY_MS;
    await expect(put(early - 1, early)).resolves.toMatchObject({
      rejectedLogEventsInfo: { tooOldLogEventEndIndex: 1 },
    });
    await expect(put(nowMs, nowMs + 3 * 3600_000)).resolves.toMatchObject({
      rejectedLogEventsInfo: { tooNewLogEventStartIndex: 1 },
    });
    await expect(put(nowMs, nowMs - 1)).resolves.toMatchObject({
      code: 'InvalidParameterException',
    });
    expect(await messagesOf({})).toEqual([String(early), 'seed', String(nowMs)]);
  });

  test('forgets what is older than the retention, for readers at once and on disk soon after', async () => {
    await logs.say(GROUP, 's', 'old');
    await logs.call('PutRetentionPolicy', { logGroupName: GROUP, retentionInDays: 1 });
    await logs.clock.leap(DAY_MS - 30_000);
    await logs.say(GROUP, 's', 'new');
    expect(await messagesOf({})).toEqual(['old', 'new']);
    await logs.clock.leap(31_000);
    expect(await messagesOf({})).toEqual(['new']);
    await logs.clock.advance(60_000);
    const batches = await logs.cloud.state.map('logs.batches');
    expect(batches.size).toBe(1);
    await expect(logs.call('DescribeLogGroups')).resolves.toMatchObject({
      logGroups: [{ logGroupName: GROUP, retentionInDays: 1, storedBytes: 29 }],
    });
  });

  test('makes room for new events when its capacity is reached: the oldest go', async () => {
    const small = await aLogStore({ capacityBytes: 1000 });
    for (let i = 0; i < 20; i += 1) await small.say(GROUP, 's', `${i}`.padStart(74, '0'));
    const { events } = await small.call('FilterLogEvents', { logGroupName: GROUP });
    const kept = (events as { message: string }[]).map(({ message }) => Number(message));
    expect(kept.length).toBeLessThanOrEqual(10);
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, i) => 20 - kept.length + i));
    await small.close();
  });

  test('has everything acknowledged after a kill, in the same order', async () => {
    await logs.say(GROUP, 's', '1', '2');
    await logs.say(GROUP, 's', '3');
    const copy = await aKilledCopy(logs.cloud);
    const store = await LogStore.open(copy);
    const group = store.group(REGION, GROUP);
    const [stream] = group === undefined ? [] : store.streamsOf(group);
    expect(group && stream && store.eventsOf(group, stream).map(({ message }) => message)).toEqual([
      '1',
      '2',
      '3',
    ]);
    await store.close();
    await copy.close();
    await removeCloud(copy);
  });

  test('keeps tags by name and by ARN, which are the same', async () => {
    await logs.call('CreateLogGroup', { logGroupName: GROUP, tags: { team: 'payments' } });
    const resourceArn = `arn:aws:logs:${REGION}:123456789012:log-group:${GROUP}`;
    await logs.call('TagResource', { resourceArn, tags: { stage: 'dev' } });
    await logs.call('UntagLogGroup', { logGroupName: GROUP, tags: ['team'] });
    await expect(logs.call('ListTagsForResource', { resourceArn })).resolves.toEqual({
      tags: { stage: 'dev' },
    });
  });

  test('describes streams by the time of their last event', async () => {
    await logs.say(GROUP, 'z', 'first');
    await logs.clock.advance(10);
    await logs.say(GROUP, 'a', 'second');
    const { logStreams } = await logs.call('DescribeLogStreams', {
      ...{ logGroupName: GROUP, orderBy: 'LastEventTime', descending: true },
    });
    expect((logStreams as { logStreamName: string }[]).map((s) => s.logStreamName)).toEqual([
      'a',
      'z',
    ]);
  });

  test('ends a group with its streams and events', async () => {
    await logs.say(GROUP, 's', 'x');
    await logs.call('DeleteLogGroup', { logGroupName: GROUP });
    await logs.say(GROUP, 's', 'y');
    expect(await messagesOf({})).toEqual(['y']);
  });
});

describe('a service that writes in a role', () => {
  const entry = {
    caller: { kind: 'anonymous' } as const,
    ...{ region: REGION, group: GROUP, stream: 's' },
    events: [{ timestampMs: 1, message: 'said' }],
  };

  test.each(['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'])(
    'writes nothing without the right to %s',
    async (missing) => {
      logs.cloud.allow(({ action }) => action !== missing);
      await expect(logs.writer.write(entry)).rejects.toThrow(missing);
    },
  );

  test('needs no right to make what is there already', async () => {
    await logs.writer.write(entry);
    logs.cloud.allow(({ action }) => !action.startsWith('logs:Create'));
    await logs.writer.write({ ...entry, events: [{ timestampMs: 2, message: 'more' }] });
    expect(await messagesOf({})).toEqual(['said', 'more']);
  });
});
