/** The faults of the platform that runs in a state directory, over the admin API of its AWS: how `region` reaches it. */
import { PdrError } from '../../support/errors.js';
import { isRunning, readRunFile } from './run-file.js';

/** One wish, as the admin API reads it: `{action: 'takeDown', region: 'us-east-1'}`. */
export type FaultWish = Readonly<Record<string, unknown>> & { readonly action: string };

/** What is switched on, as the admin API answers it. */
export interface FaultReport {
  readonly outages: Readonly<Record<string, string>>;
  readonly partitions: readonly (readonly [string, string])[];
  readonly paused: readonly string[];
  readonly lagMs: Readonly<Record<string, number>>;
  readonly skewMs: Readonly<Record<string, number>>;
  readonly mishaps: readonly {
    readonly kind: string;
    readonly region: string;
    readonly service?: string;
    readonly resource?: string;
    readonly probability?: number;
    readonly withinMs?: number;
  }[];
  readonly seed: number;
}

/** Fulfils the wish, if there is one. Throws PDR1012 where no AWS runs, PDR1006 where the wish cannot be fulfilled. */
export async function switchFaults(
  stateDir: string,
  wish?: FaultWish,
  command = 'region',
): Promise<FaultReport> {
  const run = await readRunFile(stateDir);
  if (run?.awsUrl === undefined || !isRunning(run)) {
    throw new PdrError('PDR1012', { subject: stateDir });
  }
  const response = await ask(run.awsUrl, wish).catch((cause: unknown) => {
    throw new PdrError('PDR1012', { subject: stateDir, cause });
  });
  const answer = (await response.json()) as FaultReport & { readonly error?: string };
  if (response.ok) return answer;
  throw new PdrError('PDR1006', {
    subject: command,
    detail: answer.error ?? `HTTP ${response.status}`,
  });
}

function ask(awsUrl: string, wish: FaultWish | undefined): Promise<Response> {
  const url = new URL('/_payments-dr/faults', awsUrl);
  if (wish === undefined) return fetch(url);
  const headers = { 'content-type': 'application/json' };
  return fetch(url, { method: 'POST', headers, body: JSON.stringify(wish) });
}
