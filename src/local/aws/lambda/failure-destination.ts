/**
 * The on-failure destination of asynchronous events: tells an SNS topic what was given up, with the event and why.
 *
 * Lambda publishes under the function's role. A record that cannot be delivered is counted (DestinationDeliveryFailures) and
 * dropped, as in AWS.
 */
import type { Cloud } from '../cloud.js';
import { AwsError } from '../service.js';
import type { QueuedEvent } from './event-queue.js';
import type { FunctionRecord } from './function-record.js';
import { invalid } from './rest.js';
import type { InvocationResult } from './sandbox.js';

const LAMBDA = 'lambda.amazonaws.com';
const TOPIC_ARN = /^arn:aws:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/;

export interface GivenUp {
  readonly event: QueuedEvent;
  readonly condition: 'RetriesExhausted' | 'EventAgeExceeded';
  /** What the last try answered; absent where the event never got to run. */
  readonly result?: InvocationResult;
}

/** Throws InvalidParameterValueException where Lambda could not publish there under the function's role. */
export async function checkDestination(
  { access }: Cloud,
  { role, name }: FunctionRecord,
  topicArn: string,
): Promise<void> {
  if (!TOPIC_ARN.test(topicArn)) {
    throw invalid(`The local Lambda sends failures to SNS topics only, not to ${topicArn}.`);
  }
  const { principal } = await access.assumeForService(role, LAMBDA, name);
  if (access.allows({ caller: principal, action: 'sns:Publish', resource: topicArn })) return;
  throw invalid(
    `The function execution role ${role} does not have permissions to call Publish on ${topicArn}.`,
  );
}

export async function reportFailure(
  cloud: Cloud,
  record: FunctionRecord,
  givenUp: GivenUp,
): Promise<void> {
  const topicArn = record.eventInvoke?.onFailure;
  if (topicArn === undefined) return;
  const { access, notifications, metrics, log } = cloud;
  const { region, name, role, arn } = record;
  try {
    const { principal } = await access.assumeForService(role, LAMBDA, name);
    await notifications.publish({
      service: LAMBDA,
      caller: principal,
      sourceArn: arn,
      topicArn,
      subject: 'AWS Lambda invocation record',
      message: JSON.stringify(invocationRecord(record, givenUp, cloud.clockOf(region).now())),
    });
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    log.warn('a failed event was not told to its destination', { function: arn, topicArn, error });
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
