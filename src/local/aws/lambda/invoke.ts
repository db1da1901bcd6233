/** Invoke: synchronous (RequestResponse), asynchronous (Event), or a rehearsal (DryRun). */
import type { Cloud } from '../cloud.js';
import { AwsError, type ServiceRequest, type ServiceResponse } from '../service.js';
import { admitted } from './function-operations.js';
import { isUsable, type FunctionRecord } from './function-record.js';
import type { LambdaContext } from './lambda-context.js';
import { invalid } from './rest.js';
import { runMeasured } from './measured-run.js';
import type { InvocationResult } from './sandbox.js';
import { constraint } from './settings.js';

/** Lambda's limits for a payload, in bytes. */
const MAX_SYNCHRONOUS_BYTES = 6 * 1024 * 1024;
const MAX_ASYNCHRONOUS_BYTES = 1024 * 1024;

export async function invoke(
  context: LambdaContext,
  request: ServiceRequest,
  name: string,
): Promise<ServiceResponse> {
  const record = admitted(context, request, name, 'lambda:InvokeFunction');
  const { headers } = request;
  const type = oneOf(
    TYPES,
    headers['x-amz-invocation-type'] ?? 'RequestResponse',
    'invocationType',
  );
  const withLog = oneOf(LOG_TYPES, headers['x-amz-log-type'] ?? 'None', 'logType') === 'Tail';
  if (headers['x-amz-client-context'] !== undefined) {
    throw invalid('ClientContext is not supported by the local Lambda.');
  }
  const payload = payloadOf(
    request,
    type === 'Event' ? MAX_ASYNCHRONOUS_BYTES : MAX_SYNCHRONOUS_BYTES,
  );
  switch (type) {
    case 'DryRun':
      return { status: 204 };
    case 'Event':
      await context.events.accept(record, { requestId: request.id, payload });
      return { status: 202 };
    case 'RequestResponse': {
      await untilUsable(context.cloud, record);
      const result = await runMeasured(context.cloud, context.sandboxes, record, {
        requestId: request.id,
        payload,
      });
      return answer(result, withLog);
    }
  }
}

const TYPES = ['Event', 'RequestResponse', 'DryRun'] as const;
const LOG_TYPES = ['None', 'Tail'] as const;

function oneOf<Known extends string>(known: readonly Known[], text: string, name: string): Known {
  const found = known.find((value) => value === text);
  if (found !== undefined) return found;
  throw constraint(text, name, `Member must satisfy enum value set: [${known.join(', ')}]`);
}

/** A Pending function's first callers wait for it, as in Lambda's own SDK waiters, instead of being turned away. */
async function untilUsable(cloud: Cloud, record: FunctionRecord): Promise<void> {
  const nowMs = cloud.clock.now();
  if (!isUsable(record, nowMs)) await cloud.clock.sleep(record.usableAtMs - nowMs);
}

function payloadOf({ body }: ServiceRequest, maxBytes: number): string {
  if (body.length > maxBytes) {
    throw new AwsError(
      'RequestTooLargeException',
      `Request must be smaller than ${maxBytes} bytes for the InvokeFunction operation`,
      413,
    );
  }
  const payload = body.length === 0 ? '{}' : body.toString('utf8');
  try {
    JSON.parse(payload);
  } catch (error) {
    throw new AwsError(
      'InvalidRequestContentException',
      `Could not parse request body into json: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  return payload;
}

function answer(result: InvocationResult, withLog: boolean): ServiceResponse {
  return {
    status: 200,
    headers: {
      'content-type': 'application/json',
      'x-amz-executed-version': '$LATEST',
      ...(result.functionError === undefined
        ? {}
        : { 'x-amz-function-error': result.functionError }),
      ...(withLog ? { 'x-amz-log-result': Buffer.from(result.logTail).toString('base64') } : {}),
    },
    body: result.payload,
  };
}
