/**
 * The admin API, on the gateway's address under `/_payments-dr/`: what AWS has no API for.
 *
 * - `GET faults`: what is switched on. `POST faults`: one wish of `fault-wishes.ts`, as JSON, such as
 *   `{"action":"takeDown","region":"us-east-1","manner":"hang"}`. Answers what is switched on then.
 * - `GET mail?to=ADDRESS`: the mail that SNS sent, oldest first; without `to` all of it.
 *
 * Unsigned, so for this machine only: it answers to loopback names, and takes JSON, which no web page may send here unasked.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Faults } from '../faults/region-faults.js';
import { readBody } from '../gateway/envelope.js';
import { AwsError } from '../service.js';
import type { Mailbox } from '../sns/mailbox.js';
import { switchFault } from './fault-wishes.js';

export const ADMIN_PATH = '/_payments-dr/';

const MAX_BODY_BYTES = 64 * 1024;
const LOOPBACK = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/;

export interface AdminParts {
  readonly faults: Faults;
  readonly mailbox: Mailbox;
}

interface Answer {
  readonly status: number;
  readonly body: object;
}

export class AdminApi {
  private parts: AdminParts | undefined;

  /** Begins to answer; until then it says that the platform starts. */
  serve(parts: AdminParts): void {
    this.parts = parts;
  }

  async answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, body } = await this.decide(message).catch(refused);
    const text = `${JSON.stringify(body, null, 2)}\n`;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(text);
  }

  private async decide(message: IncomingMessage): Promise<Answer> {
    if (!LOOPBACK.test(message.headers.host ?? '')) {
      return { status: 403, body: { error: 'the admin API answers on loopback addresses only' } };
    }
    const { parts } = this;
    if (parts === undefined) return { status: 503, body: { error: 'the platform is starting' } };
    const url = new URL(message.url ?? '/', 'http://127.0.0.1');
    switch (`${message.method ?? ''} ${url.pathname.slice(ADMIN_PATH.length)}`) {
      case 'GET faults':
        return { status: 200, body: parts.faults.report() };
      case 'POST faults':
        return { status: 200, body: await switchFault(await readJson(message), parts.faults) };
      case 'GET mail':
        return { status: 200, body: parts.mailbox.read(url.searchParams.get('to') ?? undefined) };
      default:
        return { status: 404, body: { error: 'there is faults and mail' } };
    }
  }
}

function refused(error: unknown): Answer {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof AwsError) return { status: error.status, body: { error: message } };
  return { status: error instanceof RangeError ? 400 : 500, body: { error: message } };
}

async function readJson(message: IncomingMessage): Promise<Record<string, unknown>> {
  if (message.headers['content-type']?.startsWith('application/json') !== true) {
    throw new AwsError('UnsupportedMediaType', 'content-type must be application/json', 415);
  }
  const body = await readBody(message, MAX_BODY_BYTES);
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    if (typeof parsed === 'object' && parsed !== null) return parsed as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new RangeError('the body must be a JSON object');
}
