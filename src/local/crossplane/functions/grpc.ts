/**
 * Calls a composition function that runs elsewhere, over gRPC, as Crossplane's core does.
 *
 * The engine gets the target and the certificates from the Function's revision. The protocol's own package is loaded at the
 * first call, so that a platform which runs only the built-in functions never pays for it. Promises one attempt within a
 * deadline; trying again is the engine's decision.
 */
import type { RunFunctionResponse as ProtobufResponse } from '@crossplane-org/function-sdk-typescript';
import type { ServiceError } from '@grpc/grpc-js';
import { type Clock, systemClock } from '../../../support/clock.js';
import type { Resource, RunFunction, RunFunctionResponse, State } from './protocol.js';

/** What core waits for one call to a function. */
const DEADLINE_MS = 10_000;

/** PEM. The function is checked against `ca`, and shown `cert` in turn. */
export interface FunctionTls {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

export interface GrpcOptions {
  /** @default 10 s */
  readonly deadlineMs?: number;
  readonly clock?: Clock;
}

export interface GrpcFunction extends RunFunction {
  /** Ends the connection. A call under way fails; so does every later one. */
  close(): void;
}

/** The function did not answer: not reached, not in time, or with a gRPC error of its own. */
export class FunctionCallError extends Error {
  constructor(
    readonly target: string,
    /** The gRPC status, for example `UNAVAILABLE`. */
    readonly code: string,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(`cannot run Function at ${target}: rpc error: code = ${code} desc = ${reason}`, options);
  }
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
    connection ??= connect(target, tls);
    const { call } = await connection;
    return call(request, clock.now() + deadlineMs);
  };
  const close = (): void => {
    isClosed = true;
    void connection?.then((open) => {
      open.close();
    });
  };
  return Object.assign(run, { close });
}

interface Connection {
  readonly call: (request: unknown, deadline: number) => Promise<RunFunctionResponse>;
  readonly close: () => void;
}

async function connect(target: string, tls: FunctionTls | undefined): Promise<Connection> {
  const [grpc, sdk] = await Promise.all([
    import('@grpc/grpc-js'),
    import('@crossplane-org/function-sdk-typescript'),
  ]);
  const { path, requestSerialize } = sdk.FunctionRunnerServiceService.runFunction;
  const { responseDeserialize } = sdk.FunctionRunnerServiceService.runFunction;
  const credentials =
    tls === undefined
      ? grpc.credentials.createInsecure()
      : grpc.credentials.createSsl(
          Buffer.from(tls.ca),
          Buffer.from(tls.key),
          Buffer.from(tls.cert),
        );
  const client = new grpc.Client(target, credentials);

  const refusal = (code: string, cause: ServiceError | null): FunctionCallError =>
    new FunctionCallError(target, code, cause?.details ?? 'no answer', { cause });
  const call: Connection['call'] = (request, deadline) =>
    new Promise((resolve, reject) => {
      const message = sdk.RunFunctionRequest.fromJSON(request);
      const answered = (cause: ServiceError | null, response?: ProtobufResponse): void => {
        if (response !== undefined) resolve(fromProtobuf(sdk.RunFunctionResponse.toJSON(response)));
        else reject(refusal(grpc.status[cause?.code ?? grpc.status.UNKNOWN], cause));
      };
      client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        message,
        { deadline },
        answered,
      );
    });
  const close = (): void => {
    client.close();
  };
  return { call, close };
}

/** The response in protobuf's JSON form, which leaves out every field that has its zero value. */
type ProtobufJson = Partial<Omit<RunFunctionResponse, 'meta' | 'desired'>> & {
  readonly meta?: {
    readonly tag?: string;
    readonly ttl?: { readonly seconds?: number; readonly nanos?: number };
  };
  readonly desired?: {
    readonly composite?: Partial<Resource>;
    readonly resources?: Readonly<Record<string, Partial<Resource>>>;
  };
};

function fromProtobuf(json: unknown): RunFunctionResponse {
  const { meta, desired, results, ...rest } = json as ProtobufJson;
  const { seconds = 0, nanos = 0 } = meta?.ttl ?? {};
  return {
    ...rest,
    meta: {
      tag: meta?.tag ?? '',
      ...(meta?.ttl === undefined ? {} : { ttlSeconds: seconds + nanos / 1e9 }),
    },
    desired: stateOf(desired ?? {}),
    results: (results ?? []).map((result) => ({ ...UNSPECIFIED, ...result })),
  };
}

function stateOf({ composite, resources = {} }: NonNullable<ProtobufJson['desired']>): State {
  const named = Object.entries(resources).map(([name, resource]) => [
    name,
    { resource: {}, ...resource },
  ]);
  return {
    ...(composite === undefined ? {} : { composite: { resource: {}, ...composite } }),
    resources: Object.fromEntries(named) as State['resources'],
  };
}

/** A severity that a function leaves unset is unknown to core too, and counts as a warning. */
const UNSPECIFIED = { severity: 'SEVERITY_WARNING', message: '' } as const;
