/** A message on its way to subscribers, and how each protocol shows it. */
import type { Subscription, Topic } from './topics.js';

export interface Message {
  readonly id: string;
  readonly subject: string | undefined;
  /** What each protocol gets; `default` for those not named. */
  readonly texts: Readonly<Record<string, string>>;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  readonly sentAtMs: number;
}

export interface MessageAttribute {
  readonly Type: string;
  readonly Value: string;
}

export function textFor(message: Message, protocol: string): string {
  return message.texts[protocol] ?? message.texts.default ?? '';
}

/** The JSON document that HTTP endpoints and `email-json` get. Not signed: there is no certificate a receiver could trust. */
export function envelope(
  message: Message,
  { topicArn, protocol }: Subscription,
  unsubscribeUrl: string,
): string {
  return JSON.stringify(
    {
      Type: 'Notification',
      MessageId: message.id,
      TopicArn: topicArn,
      ...(message.subject !== undefined && { Subject: message.subject }),
      Message: textFor(message, protocol),
      Timestamp: new Date(message.sentAtMs).toISOString(),
      UnsubscribeURL: unsubscribeUrl,
      ...(Object.keys(message.attributes).length > 0 && { MessageAttributes: message.attributes }),
    },
    null,
    2,
  );
}

export function confirmationEnvelope(
  subscription: Subscription,
  messageId: string,
  subscribeUrl: string,
): string {
  const { topicArn, token, createdAtMs } = subscription;
  return JSON.stringify(
    {
      Type: 'SubscriptionConfirmation',
      MessageId: messageId,
      Token: token,
      TopicArn: topicArn,
      Message: `You have chosen to subscribe to the topic ${topicArn}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`,
      SubscribeURL: subscribeUrl,
      Timestamp: new Date(createdAtMs).toISOString(),
    },
    null,
    2,
  );
}

export function confirmationMail({ topicArn }: Subscription, subscribeUrl: string): string {
  return (
    `You have chosen to subscribe to the topic:\n${topicArn}\n\n` +
    `To confirm this subscription, visit the link below (if this was in error no action is necessary):\n${subscribeUrl}\n`
  );
}

export function mailBody(
  message: Message,
  subscription: Subscription,
  unsubscribeUrl: string,
): string {
  return (
    `${textFor(message, subscription.protocol)}\n\n--\n` +
    `If you wish to stop receiving notifications from this topic, visit the link below to unsubscribe:\n${unsubscribeUrl}\n`
  );
}

export function senderOf(topic: Topic): string {
  return `${topic.attributes.DisplayName ?? 'AWS Notifications'} <no-reply@sns.amazonaws.com>`;
}
