/**
 * Calls a composition function that runs elsewhere, over gRPC, as Crossplane's core does.
 *
 * The engine gets the target and the certificates from the Function's revision. The gRPC packages are loaded at the first
 * call, so that a platform which runs only the built-in functions never pays for it. Promises one attempt within a
 * deadline; trying again is the engine's decision.
 */
import { type Clock, systemClock } from '../../../support/clock.js';
import { FunctionCallError } from './function-call-error.js';
import type { Connection, FunctionTls } from './grpc-connection.js';
import type { RunFunction } from './protocol.js';

/** What core waits for one call to a function. */
const DEADLINE_MS = 10_000;

export interface GrpcOptions {
  /** @default 10 s */
  readonly deadlineMs?: number;
  readonly clock?: Clock;
}

export interface GrpcFunction extends RunFunction {
  /** Ends the connection. A call under way fails; so does every later one. */
  close(): void;
}

/** Without `tls` the connection is plain. Never throws before the first call; a call throws `FunctionCallError`. */
export function grpcFunction(
  target: string,
  tls?: FunctionTls,
  options: GrpcOptions = {},
): GrpcFunction {
  const { deadlineMs = DEADLINE_MS, clock = systemClock } = options;
  let connection: Promise<Connection> | undefined;
  let isClosed = false;

  const run: RunFunction = async (request) => {
    if (isClosed) throw new FunctionCallError(target, 'CANCELLED', 'the connection is closed');
    connection ??= import('./grpc-connection.js').then(({ connect }) => connect(target, tls));
    const { call } = await connection;
    return call(request, clock.now() + deadlineMs);
  };
  const close = (): void => {
    isClosed = true;
    const disconnect = (open: Connection): void => {
      open.close();
    };
    // A connection that was never made has told its callers so already.
    connection?.then(disconnect, () => undefined);
  };
  return Object.assign(run, { close });
}
