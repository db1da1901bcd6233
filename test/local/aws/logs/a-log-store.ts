/** CloudWatch Logs alone, spoken to in its own protocol. */
import { createLogs } from '../../../../src/local/aws/logs/service.js';
import { LogStore } from '../../../../src/local/aws/logs/log-store.js';
import { LogWriter } from '../../../../src/local/aws/logs/log-writer.js';
import { AwsError } from '../../../../src/local/aws/service.js';
import { aClock, type ManualClock } from '../../../builders/a-clock.js';
import { aCloud, removeCloud, type TestCloud } from '../../../builders/a-cloud.js';

export const REGION = 'eu-west-1';

export interface ALogStore {
  readonly cloud: TestCloud;
  readonly clock: ManualClock;
  readonly writer: LogWriter;
  /** The output; or `{ code, status }` of a refusal. */
  call(operation: string, input?: object): Promise<Record<string, unknown>>;
  /** Puts messages at the clock's time, one group and stream made for them where absent. */
  say(group: string, stream: string, ...messages: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

export async function aLogStore(
  options: { readonly capacityBytes?: number } = {},
): Promise<ALogStore> {
  const clock = aClock();
  const cloud = await aCloud({ clock });
  const store = await LogStore.open(cloud, options.capacityBytes);
  const service = createLogs(cloud, store);
  const call: ALogStore['call'] = async (operation, input = {}) => {
    const request = {
      ...{ id: 'r', region: REGION, method: 'POST', path: '/', query: new URLSearchParams() },
      headers: { 'x-amz-target': `Logs_20140328.${operation}` },
      body: Buffer.from(JSON.stringify(input)),
      caller: { kind: 'anonymous' } as const,
    };
    try {
      const { body } = await service.answer(request);
      return JSON.parse(String(body)) as Record<string, unknown>;
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const { body, status } = service.answerError(error, request);
      return { code: (JSON.parse(String(body)) as { __type: string }).__type, status };
    }
  };
  return {
    cloud,
    clock,
    writer: new LogWriter(cloud, store),
    call,
    say: async (logGroupName, logStreamName, ...messages) => {
      await call('CreateLogGroup', { logGroupName });
      await call('CreateLogStream', { logGroupName, logStreamName });
      const logEvents = messages.map((message) => ({ timestamp: clock.now(), message }));
      await call('PutLogEvents', { logGroupName, logStreamName, logEvents });
    },
    close: async () => {
      await service.close();
      await cloud.close();
      await removeCloud(cloud);
    },
  };
}
