/** SNS: topics, who may publish to them, and who hears them. */
import { flag, object, text } from '../schema.js';
import { arn, id, region, tags, tagsAll } from './fields.js';
import { defineKind } from './kind.js';
import { reference, selector } from './references.js';

export const Topic = defineKind({
  kind: 'Topic',
  plural: 'topics',
  service: 'sns',
  clusterVersion: 'v1beta1',
  description: 'An SNS topic.',
  externalName: 'given',
  needs: [],
  forProvider: object(
    'What is asked of SNS.',
    {
      region,
      tags,
      displayName: text('The sender that a subscriber reads.'),
      kmsMasterKeyId: text(
        'The KMS key that encrypts messages at rest. CloudWatch needs rights on it.',
      ),
    },
    { required: ['region'] },
  ),
  observed: { arn, id, tagsAll, owner: text('The account that owns it.') },
});

export const TopicPolicy = defineKind({
  kind: 'TopicPolicy',
  plural: 'topicpolicies',
  service: 'sns',
  clusterVersion: 'v1beta1',
  description: 'Who may do what with an SNS topic.',
  externalName: 'assigned',
  needs: ['policy'],
  refersTo: { arn: 'Topic' },
  forProvider: object(
    'What is asked of SNS.',
    {
      region,
      arn: text('The ARN of the topic.'),
      arnRef: reference('the Topic'),
      arnSelector: selector('the Topic'),
      policy: text('The policy document, as JSON.'),
    },
    { required: ['region'] },
  ),
  observed: { id, owner: text('The account that owns the topic.') },
});

export const TopicSubscription = defineKind({
  kind: 'TopicSubscription',
  plural: 'topicsubscriptions',
  service: 'sns',
  clusterVersion: 'v1beta1',
  description:
    'Somebody who hears an SNS topic. An e-mail address must confirm by the link it is sent.',
  externalName: 'assigned',
  needs: ['protocol'],
  refersTo: { topicArn: 'Topic' },
  forProvider: object(
    'What is asked of SNS.',
    {
      region,
      protocol: text('How messages are sent: email, https, …'),
      endpoint: text('Where they are sent.'),
      topicArn: text('The ARN of the topic.'),
      topicArnRef: reference('the Topic'),
      topicArnSelector: selector('the Topic'),
    },
    { required: ['region'] },
  ),
  observed: {
    arn,
    id,
    ownerId: text('The account that owns it.'),
    pendingConfirmation: flag('Whether the subscriber has not confirmed yet.'),
    confirmationWasAuthenticated: flag('Whether only the owner can unsubscribe.'),
  },
});
