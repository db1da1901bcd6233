/** DeleteTopic, ListTopics, GetTopicAttributes, SetTopicAttributes. */
import { admittedTopic, invalidParameter, page, type SnsOperation } from '../operation.js';
import {
  policyOf,
  checkTopicAttribute,
  describeAttributes,
  withAttribute,
} from '../topic-attributes.js';

/** Deleting what is not there succeeds. */
export const deleteTopic: SnsOperation = {
  name: 'DeleteTopic',
  parameters: ['TopicArn'],
  run: async (input, call, { topics }) => {
    const arn = input.requiredString('TopicArn');
    if (!arn.startsWith('arn:')) throw invalidParameter('TopicArn');
    const topic = topics.find(arn);
    const policy = topic && policyOf(topic, call.cloud.accountId);
    call.authorize('SNS:DeleteTopic', arn, {}, policy);
    if (topic?.region === call.region) await topics.delete(arn);
    return {};
  },
};

export const listTopics: SnsOperation = {
  name: 'ListTopics',
  parameters: ['NextToken'],
  run: (input, call, { topics }) => {
    call.authorize('SNS:ListTopics', '*');
    const { items, NextToken } = page(topics.list(call.region), input);
    return { Topics: items.map(({ arn }) => ({ TopicArn: arn })), NextToken };
  },
};

export const getTopicAttributes: SnsOperation = {
  name: 'GetTopicAttributes',
  parameters: ['TopicArn'],
  run: (input, call, context) => {
    const topic = admittedTopic(input, call, context, 'SNS:GetTopicAttributes');
    return { Attributes: describeAttributes(topic, context.topics, call.cloud.accountId) };
  },
};

export const setTopicAttributes: SnsOperation = {
  name: 'SetTopicAttributes',
  parameters: ['TopicArn', 'AttributeName', 'AttributeValue'],
  run: async (input, call, context) => {
    const topic = admittedTopic(input, call, context, 'SNS:SetTopicAttributes');
    const name = input.requiredString('AttributeName');
    const value = input.string('AttributeValue') ?? '';
    // An empty value takes an attribute back to its default; that of a name unknown here is still refused.
    if (value !== '' || name === 'Policy') checkTopicAttribute(name, value);
    else checkTopicAttribute(name, 'default');
    await context.topics.save(withAttribute(topic, name, value));
    return {};
  },
};
