/** Clients that take their time: none of them holds the server up, or fills its memory. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { IncomingMessage, ServerResponse } from 'node:http';
import * as https from 'node:https';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect as connectPlain, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { loadIdentity } from '../../../../src/local/kubernetes/certificates/authority.js';
import { sendAnswer } from '../../../../src/local/kubernetes/http/answers.js';
import { listen, type Listener } from '../../../../src/local/kubernetes/http/listener.js';
import { definitions } from '../../../../src/local/kubernetes/crds/definition.js';
import { systemClock } from '../../../../src/support/clock.js';

const PATIENCE = { handshakeMs: 300, headersMs: 300, requestMs: 400, checkMs: 50 };
const HOST = '127.0.0.1';

describe('a client is let go', () => {
  let listener: Listener;
  let ca: string;
  let directory: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'listener-'));
    const identity = await loadIdentity(directory, systemClock);
    ca = identity.caCertificate;
    listener = await listen(
      identity,
      0,
      async (request, response) => {
        request.on('error', () => undefined);
        request.resume();
        await once(request, 'end').catch(() => undefined);
        response.end('done');
      },
      PATIENCE,
    );
  });
  afterAll(async () => {
    await listener.close();
    await rm(directory, { recursive: true });
  });

  test.each([
    { sentence: 'that says nothing at all', head: undefined },
    { sentence: 'that says no more after the handshake', head: '' },
    {
      sentence: 'that does not come to the end of its headers',
      head: 'GET / HTTP/1.1\r\nhost: x\r\n',
    },
    {
      sentence: 'that does not come to the end of its body',
      head: 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{',
    },
  ])('$sentence, while others are served', async ({ head }) => {
    const { port } = listener;
    const socket =
      head === undefined ? connectPlain({ host: HOST, port }) : connect({ host: HOST, port, ca });
    const closed = once(socket, 'close');
    socket.on('error', () => undefined);
    if (head !== undefined) {
      await once(socket, 'secureConnect');
      socket.write(head);
    }
    const [other] = (await once(https.get({ host: HOST, port, ca }), 'response')) as [
      IncomingMessage,
    ];
    expect(other.statusCode).toBe(200);
    other.resume();
    await closed;
  });
});

test('a watcher that does not read is let go, with no more than a bound kept for it', async () => {
  const socket = new Socket();
  // Takes what it is given and never says that it went out.
  socket._write = () => undefined;
  socket._writev = () => undefined;
  const request = new IncomingMessage(socket);
  const response = new ServerResponse(request);
  response.assignSocket(socket);
  const line = `${'x'.repeat(16 * 1024)}\n`;
  let most = 0;
  await sendAnswer(
    {
      request,
      response,
      accepted: { form: 'object' },
      nowMs: 0,
      query: new URLSearchParams(),
    } as never,
    definitions,
    {
      kind: 'stream',
      follow: async (write, signal) => {
        for (let change = 0; change < 10_000 && !response.destroyed; change += 1) {
          write(line);
          most = Math.max(most, response.writableLength);
        }
        if (!signal.aborted) await once(signal, 'abort');
      },
    },
  );
  expect(response.destroyed).toBe(true);
  expect(most).toBeLessThan(80 * 1024 * 1024);
});
