/** The listener: HTTPS on 127.0.0.1, client certificates asked for but not demanded. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { PdrError } from '../../../support/errors.js';
import type { Identity } from '../certificates/identity.js';

const HOST = '127.0.0.1';
/** How long a client may take; a connection that takes longer is closed. */
export interface Patience {
  readonly handshakeMs: number;
  /** For the head of a request, as the real server allows. */
  readonly headersMs: number;
  /** For the whole of a request. */
  readonly requestMs: number;
  /** How often it is looked whether somebody took too long. */
  readonly checkMs: number;
}

const PATIENCE: Patience = {
  handshakeMs: 10_000,
  headersMs: 32_000,
  requestMs: 60_000,
  checkMs: 5000,
};

export interface Listener {
  readonly port: number;
  close(): Promise<void>;
}

/** Rejects with PDR1002 when the port is taken. */
export function listen(
  identity: Identity,
  port: number,
  answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  patience = PATIENCE,
): Promise<Listener> {
  const server = createServer(
    {
      cert: identity.serverCertificate,
      key: identity.serverKey,
      ca: identity.caCertificate,
      requestCert: true,
      rejectUnauthorized: false,
      minVersion: 'TLSv1.2',
      handshakeTimeout: patience.handshakeMs,
      headersTimeout: patience.headersMs,
      requestTimeout: patience.requestMs,
      connectionsCheckingInterval: patience.checkMs,
      keepAliveTimeout: 90_000,
    },
    (request, response) => void answer(request, response),
  );
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  server.on('clientError', (_error, socket) => socket.destroy());
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const code = cause.code === 'EADDRINUSE' || cause.code === 'EACCES' ? 'PDR1002' : undefined;
      reject(
        code === undefined
          ? cause
          : new PdrError(code, { subject: `${HOST}:${port}`, detail: cause.message, cause }),
      );
    });
    server.listen(port, HOST, () => {
      resolve({
        port: (server.address() as AddressInfo).port,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            server.closeAllConnections();
          }),
      });
    });
  });
}
