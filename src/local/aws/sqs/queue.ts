/** Queues and the messages in them, as stored. */

export interface Queue {
  readonly arn: string;
  readonly name: string;
  readonly region: string;
  readonly createdAtMs: number;
  readonly changedAtMs: number;
  /** What was set; what was not has its default (`queue-attributes.ts`). */
  readonly attributes: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

export interface MessageAttribute {
  /** `String`, `Number` or `Binary`, with a label of the sender's own after a dot. */
  readonly DataType: string;
  readonly StringValue?: string;
  /** Base64. */
  readonly BinaryValue?: string;
}

export interface QueueMessage {
  readonly queueArn: string;
  readonly id: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  readonly senderId: string;
  readonly sentAtMs: number;
  /** Nobody receives it before: it is delayed, or with somebody who has not deleted it yet. */
  readonly visibleAtMs: number;
  readonly receiveCount: number;
  readonly firstReceivedAtMs?: number;
  /** What the latest receiver was given to delete it by. */
  readonly receipt?: string;
}

export function queueArn(region: string, accountId: string, name: string): string {
  return `arn:aws:sqs:${region}:${accountId}:${name}`;
}
