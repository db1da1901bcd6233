/**
 * The connection to one function: `protocol.ts` on our side, protobuf over gRPC on the other.
 *
 * Only `grpc.ts` imports this, at its first call: the packages below are heavy. Protobuf's JSON form is our protocol's but
 * for the fields that it leaves out, which come back here.
 */
import {
  FunctionRunnerServiceService,
  RunFunctionRequest,
  RunFunctionResponse as ProtobufResponse,
} from '@crossplane-org/function-sdk-typescript';
import * as grpc from '@grpc/grpc-js';
import { FunctionCallError } from './function-call-error.js';
import type { Resource, RunFunctionResponse, State } from './protocol.js';

/** PEM. The function is checked against `ca`, and shown `cert` in turn. */
export interface FunctionTls {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

export interface Connection {
  readonly call: (request: unknown, deadline: number) => Promise<RunFunctionResponse>;
  readonly close: () => void;
}

export function connect(target: string, tls: FunctionTls | undefined): Connection {
  const { path, requestSerialize } = FunctionRunnerServiceService.runFunction;
  const { responseDeserialize } = FunctionRunnerServiceService.runFunction;
  const client = new grpc.Client(target, credentialsFor(target, tls));

  const refusal = (code: string, cause: grpc.ServiceError | null): FunctionCallError =>
    new FunctionCallError(target, code, cause?.details ?? 'no answer', { cause });
  const call: Connection['call'] = (request, deadline) =>
    new Promise((resolve, reject) => {
      const message = RunFunctionRequest.fromJSON(request);
      const answered = (cause: grpc.ServiceError | null, response?: ProtobufResponse): void => {
        if (response !== undefined) resolve(fromProtobuf(ProtobufResponse.toJSON(response)));
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

function credentialsFor(target: string, tls: FunctionTls | undefined): grpc.ChannelCredentials {
  if (tls === undefined) return grpc.credentials.createInsecure();
  try {
    const [ca, key, cert] = [tls.ca, tls.key, tls.cert].map((pem) => Buffer.from(pem));
    return grpc.credentials.createSsl(ca, key, cert);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new FunctionCallError(target, 'UNAVAILABLE', `bad certificate: ${reason}`, { cause });
  }
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
  const { meta, desired, results, conditions, ...rest } = json as ProtobufJson;
  const { seconds = 0, nanos = 0 } = meta?.ttl ?? {};
  return {
    ...rest,
    meta: {
      tag: meta?.tag ?? '',
      ...(meta?.ttl === undefined ? {} : { ttlSeconds: seconds + nanos / 1e9 }),
    },
    desired: stateOf(desired ?? {}),
    results: (results ?? []).map((result) => ({ ...UNSPECIFIED, ...result })),
    ...(conditions === undefined
      ? {}
      : { conditions: conditions.map((condition) => ({ ...UNTYPED, ...condition })) }),
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

const UNTYPED = { type: '' } as const;
const UNSPECIFIED = { severity: 'SEVERITY_UNSPECIFIED', message: '' } as const;
