/** A local AWS on a clock that the test moves, with a function that fails when it is told to, and somebody who gets the mail. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aClock, type ManualClock } from '../../builders/a-clock.js';
import { anAws, type AnAws } from './an-aws.js';

export const ADDRESS = 'payments-oncall@example.org';
export const MINUTE_MS = 60_000;

const HANDLER = `export const handler = async ({ fail }) => { if (fail) throw new Error('no'); return {}; };`;

interface Mail {
  readonly subject: string;
  readonly text: string;
}

export interface AWatchedAws {
  readonly aws: AnAws;
  /** Begins with a minute. */
  readonly clock: ManualClock;
  /** For clients, which sign by the time that the test made. */
  clientOptions(region: string): ReturnType<AnAws['clientOptions']> & {
    readonly systemClockOffset: number;
  };
  /** Everything that was sent to `ADDRESS`. */
  readonly mail: () => Promise<Mail[]>;
  /** Follows the links in the mail. */
  confirmSubscriptions(): Promise<void>;
  stop(): Promise<void>;
}

export async function aWatchedAws(): Promise<AWatchedAws> {
  const clock = aClock(Math.ceil(Date.now() / MINUTE_MS) * MINUTE_MS);
  const directory = await mkdtemp(join(tmpdir(), 'pdr-alarms-'));
  const bundle = join(directory, 'index.mjs');
  await writeFile(bundle, HANDLER);
  const aws = await anAws({ clock, bundle });
  const mail = async () => {
    const response = await fetch(`${aws.url}/_payments-dr/mail?to=${ADDRESS}`);
    return ((await response.json()) as Record<string, string>[]).map((message) => ({
      subject: message.subject ?? '',
      text: Object.values(message).join('\n'),
    }));
  };
  return {
    aws,
    clock,
    mail,
    clientOptions: (region) => ({
      ...aws.clientOptions(region),
      systemClockOffset: clock.now() - Date.now(),
    }),
    confirmSubscriptions: async () => {
      for (const { text } of await mail()) await fetch(/http:\S+/.exec(text)?.[0] ?? '');
    },
    stop: async () => {
      await aws.stop();
      await rm(directory, { recursive: true });
    },
  };
}
