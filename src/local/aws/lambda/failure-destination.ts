/**
 * The on-failure destination of asynchronous events: tells an SNS topic or an SQS queue what was given up, with the event and why.
 *
 * Lambda speaks under the function's role. A record that cannot be delivered is counted (DestinationDeliveryFailures) and
 * dropped, as in AWS.
 */
import type { Cloud } from '../cloud.js';
import { AwsError } from '../service.js';
import type { QueuedEvent } from './queued-event.js';
import type { FunctionRecord } from './function-record.js';
import { invalid } from './rest.js';
import type { InvocationResult } from './sandbox.js';

const LAMBDA = 'lambda.amazonaws.com';
const DESTINATION_ARN = /^arn:aws:(sns|sqs):[a-z0-9-]+:\d{12}:[\w-]{1,256}$/;

/** What Lambda does at a destination, by its service. */
const CALLS: Readonly<Record<string, readonly [action: string, call: string]>> = {
  sns: ['sns:Publish', 'Publish'],
  sqs: ['sqs:SendMessage', 'SendMessage'],
};

export interface GivenUp {
  readonly event: QueuedEvent;
  readonly condition: 'RetriesExhausted' | 'EventAgeExceeded' | 'ZeroReservedConcurrency';
  /** What the last try answered; absent where there was none. */
  readonly result?: InvocationResult;
}

/** Throws InvalidParameterValueException where Lambda could not send it there under the function's role. */
export async function checkDestination(
  { access }: Cloud,
  { role, name }: FunctionRecord,
  destinationArn: string,
): Promise<void> {
  const [action, call] = CALLS[DESTINATION_ARN.exec(destinationArn)?.[1] ?? ''] ?? [];
  if (action === undefined || call === undefined) {
    throw invalid(
      `The local Lambda sends failures to SNS topics and SQS queues, not to ${destinationArn}.`,
    );
  }
  const { principal } = await access.assumeForService(role, LAMBDA, name);
  if (access.allows({ caller: principal, action, resource: destinationArn })) return;
  throw invalid(
    `The function execution role ${role} does not have permissions to call ${call} on ${destinationArn}.`,
  );
}

export async function reportFailure(
  cloud: Cloud,
  record: FunctionRecord,
  givenUp: GivenUp,
): Promise<void> {
  const destinationArn = record.eventInvoke?.onFailure;
  if (destinationArn === undefined) return;
  const { access, metrics, log } = cloud;
  const { region, name, role, arn } = record;
  try {
    const { principal } = await access.assumeForService(role, LAMBDA, name);
    const nowMs = cloud.clockOf(region).now();
    const message = JSON.stringify(invocationRecord(record, givenUp, nowMs));
    const from = { service: LAMBDA, caller: principal, sourceArn: arn };
    if (destinationArn.startsWith('arn:aws:sqs:')) {
      const to = { queueArn: destinationArn, attributes: {} };
      await cloud.queues.send({ ...from, ...to, body: message });
    } else {
      const subject = 'AWS Lambda invocation record';
      await cloud.notifications.publish({ ...from, topicArn: destinationArn, subject, message });
    }
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    log.warn('a failed event was not told to its destination', {
      function: arn,
      destinationArn,
      error,
    });
    metrics.record({
      ...{ region, namespace: 'AWS/Lambda', name: 'DestinationDeliveryFailures' },
      ...{ dimensions: { FunctionName: name }, value: 1, unit: 'Count' },
    });
  }
}

/** As the Lambda guide words it ("Invocation record"). */
function invocationRecord(
  { arn }: FunctionRecord,
  { event, condition, result }: GivenUp,
  nowMs: number,
): object {
  return {
    version: '1.0',
    timestamp: new Date(nowMs).toISOString(),
    requestContext: {
      requestId: event.requestId,
      functionArn: `${arn}:$LATEST`,
      condition,
      approximateInvokeCount: event.failures + (result === undefined ? 0 : 1),
    },
    requestPayload: JSON.parse(event.payload) as unknown,
    ...(result && {
      responseContext: {
        statusCode: 200,
        executedVersion: '$LATEST',
        functionError: result.functionError,
      },
      responsePayload: JSON.parse(result.payload) as unknown,
    }),
  };
}
