/**
 * What a function's log says came of events whose payers did not wait: nobody else hears the answer.
 *
 * That a run ended well, and did not throw, are lines of Lambda's own, which no handler can leave out. Which answer it was
 * is the handler's line: what it does not say that it refused, it took.
 */
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Result } from '../history/history.js';

export interface LogSource {
  readonly region: string;
  readonly url: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly functionName: string;
}

export interface LogLine {
  readonly stream: string;
  readonly message: string;
}

type Answered = Omit<Result, 'requestId'>;

interface Page {
  readonly events: readonly { readonly logStreamName: string; readonly message: string }[];
  readonly nextToken?: string;
}

const PATIENCE_MS = 2000;
const GROUPS = '/aws/lambda/';
const END = /^REPORT RequestId: (\S+)(?:(?!\tStatus: ).)*$/;
const THROWN = /^\S+\t(\S+)\tERROR\tInvoke Error/;
const START = /^START RequestId: (\S+)/;

/** The lines since then, in order within each stream. Rejects while the region does not answer. */
export async function readLog(source: LogSource, sinceMs: number): Promise<LogLine[]> {
  const lines: LogLine[] = [];
  let nextToken: string | undefined;
  do {
    const page = await filterLogEvents(source, {
      logGroupName: `${GROUPS}${source.functionName}`,
      startTime: sinceMs,
      nextToken,
    });
    lines.push(...page.events.map(({ logStreamName: stream, message }) => ({ stream, message })));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return lines;
}

/** By request id: what was answered first. An event that only failed until now is absent. */
export function answersIn(lines: readonly LogLine[]): ReadonlyMap<string, Answered> {
  const answers = new Map<string, Answered>();
  const refusals = new Map<string, Answered>();
  const thrown = new Set<string>();
  for (const { stream, message } of lines) {
    const refusal = refusalIn(message);
    if (refusal !== undefined) refusals.set(`${stream} ${refusal.requestId}`, refusal.answered);
    const [, started] = START.exec(message) ?? [];
    if (started !== undefined) {
      thrown.delete(`${stream} ${started}`);
      refusals.delete(`${stream} ${started}`);
    }
    const [, failed] = THROWN.exec(message) ?? [];
    if (failed !== undefined) thrown.add(`${stream} ${failed}`);
    const [, ended] = END.exec(message) ?? [];
    if (ended === undefined || thrown.has(`${stream} ${ended}`) || answers.has(ended)) continue;
    answers.set(
      ended,
      refusals.get(`${stream} ${ended}`) ?? { outcome: 'acknowledged', detail: '' },
    );
  }
  return answers;
}

function refusalIn(message: string): { requestId: string; answered: Answered } | undefined {
  if (!message.startsWith('{')) return undefined;
  const said = JSON.parse(message) as Partial<Record<string, unknown>>;
  const { requestId, statusCode, reason } = said;
  if (said.message !== 'payment refused' || typeof requestId !== 'string') return undefined;
  const outcome = statusCode === 409 ? 'conflict' : 'refused';
  return { requestId, answered: { outcome, detail: String(reason) } };
}

async function filterLogEvents(
  { region, url, credentials }: LogSource,
  input: object,
): Promise<Page> {
  const { host, hostname, port } = new URL(url);
  const signer = new SignatureV4({ credentials, region, service: 'logs', sha256: Sha256 });
  const body = JSON.stringify(input);
  const { headers } = await signer.sign({
    ...{ method: 'POST', protocol: 'http:', hostname, port: Number(port), path: '/', query: {} },
    headers: {
      host,
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'Logs_20140328.FilterLogEvents',
    },
    body,
  });
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const response = await fetch(url, { method: 'POST', headers, body, signal });
  if (!response.ok) throw new Error(`the log of ${region}: ${await response.text()}`);
  return (await response.json()) as Page;
}
