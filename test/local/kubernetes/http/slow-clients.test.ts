/** Clients that take their time: none of them holds the server up, or fills its memory. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import * as https from 'node:https';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect as connectPlain } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { loadIdentity } from '../../../../src/local/kubernetes/certificates/authority.js';
import { listen, type Listener } from '../../../../src/local/kubernetes/http/listener.js';
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
