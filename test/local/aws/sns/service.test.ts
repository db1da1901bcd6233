import {
  ConfirmSubscriptionCommand,
  CreateTopicCommand,
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListTagsForResourceCommand,
  PublishBatchCommand,
  PublishCommand,
  SetSubscriptionAttributesCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { anAws, policy, type AnAws } from '../an-aws.js';

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

describe('SNS', () => {
  let aws: AnAws;
  let sns: SNSClient;
  let names = 0;

  beforeAll(async () => {
    aws = await anAws();
    sns = new SNSClient(aws.clientOptions('us-west-2'));
  });
  afterAll(async () => {
    sns.destroy();
    await aws.stop();
  });

  async function aTopic(): Promise<string> {
    names += 1;
    const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: `topic-${names}` }));
    return TopicArn;
  }

  async function mailOf(address: string): Promise<{ subject: string; body: string }[]> {
    const response = await fetch(`${aws.url}/_payments-dr/mail?to=${address}`);
    return (await response.json()) as { subject: string; body: string }[];
  }

  test('delivers to an address only once it has confirmed by the link in its mail, until it leaves by the other', async () => {
    const TopicArn = await aTopic();
    const Endpoint = 'confirming@example.org';
    const { SubscriptionArn } = await sns.send(
      new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint }),
    );
    expect(SubscriptionArn).toBe('pending confirmation');
    await sns.send(new PublishCommand({ TopicArn, Message: 'too early' }));
    const [invitation, ...others] = await mailOf(Endpoint);
    expect(others).toEqual([]);

    await fetch(/http:\S+/.exec(invitation?.body ?? '')?.[0] ?? '');
    await sns.send(new PublishCommand({ TopicArn, Message: 'now', Subject: 'News' }));
    const [, news] = await mailOf(Endpoint);
    expect(news).toMatchObject({ subject: 'News', body: expect.stringContaining('now') });

    await fetch(/http:\S+/.exec(news?.body ?? '')?.[0] ?? '');
    const { Subscriptions } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
    expect(Subscriptions).toEqual([]);
  });

  describe('with a web server as subscriber', () => {
    let server: Server;
    let received: Received[];
    let heard: () => void;

    beforeAll(async () => {
      received = [];
      server = createServer((message, response) => {
        let body = '';
        message.on('data', (chunk: Buffer) => (body += chunk.toString()));
        message.on('end', () => {
          received.push({ headers: message.headers, body });
          response.end();
          heard();
        });
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    });
    afterAll(() => new Promise((resolve) => server.close(resolve)));

    const next = () => new Promise<void>((resolve) => (heard = resolve));

    test('asks it to confirm, and posts to it after', async () => {
      const TopicArn = await aTopic();
      const Endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
      let arrived = next();
      await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint }));
      await arrived;
      const request = JSON.parse(received[0]?.body ?? '{}') as { Token: string };
      expect(received[0]?.headers['x-amz-sns-message-type']).toBe('SubscriptionConfirmation');
      await sns.send(new ConfirmSubscriptionCommand({ TopicArn, Token: request.Token }));

      arrived = next();
      const Message = JSON.stringify({ default: 'for all', http: 'for the web' });
      const { MessageId } = await sns.send(
        new PublishCommand({ TopicArn, Message, MessageStructure: 'json' }),
      );
      await arrived;
      expect(JSON.parse(received[1]?.body ?? '{}')).toMatchObject({
        Type: 'Notification',
        MessageId,
        TopicArn,
        Message: 'for the web',
      });
    });
  });

  test('keeps a subscription that nobody has confirmed from being ended', async () => {
    const TopicArn = await aTopic();
    const wish = {
      TopicArn,
      Protocol: 'email',
      Endpoint: 'p@example.org',
      ReturnSubscriptionArn: true,
    };
    const { SubscriptionArn } = await sns.send(new SubscribeCommand(wish));
    await expect(sns.send(new UnsubscribeCommand({ SubscriptionArn }))).rejects.toThrow(
      'Cannot unsubscribe a subscription that is pending confirmation',
    );
  });

  test('is the same topic when it is made again as it is, and refuses to be another', async () => {
    const wish = {
      Name: 'again',
      Attributes: { DisplayName: 'Again' },
      Tags: [{ Key: 'a', Value: 'b' }],
    };
    const { TopicArn } = await sns.send(new CreateTopicCommand(wish));
    await expect(sns.send(new CreateTopicCommand(wish))).resolves.toMatchObject({ TopicArn });
    const other = { ...wish, Attributes: { DisplayName: 'Other' } };
    await expect(sns.send(new CreateTopicCommand(other))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
    const { Tags } = await sns.send(new ListTagsForResourceCommand({ ResourceArn: TopicArn }));
    expect(Tags).toEqual(wish.Tags);
  });

  test('takes its subscriptions with it when it is deleted', async () => {
    const TopicArn = await aTopic();
    await sns.send(
      new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'gone@example.org' }),
    );
    await sns.send(new DeleteTopicCommand({ TopicArn }));
    await expect(sns.send(new GetTopicAttributesCommand({ TopicArn }))).rejects.toMatchObject({
      name: 'NotFoundException',
    });
    await sns.send(new CreateTopicCommand({ Name: TopicArn.split(':').at(-1) }));
    const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn }));
    expect(Attributes).toMatchObject({ SubscriptionsPending: '0' });
  });

  test('denies what its policy denies, to the administrator too', async () => {
    const TopicArn = await aTopic();
    const AttributeValue = policy({
      Effect: 'Deny',
      Principal: '*',
      Action: 'sns:Publish',
      Resource: TopicArn,
    });
    await sns.send(
      new SetTopicAttributesCommand({ TopicArn, AttributeName: 'Policy', AttributeValue }),
    );
    await expect(sns.send(new PublishCommand({ TopicArn, Message: 'm' }))).rejects.toMatchObject({
      name: 'AuthorizationErrorException',
      message: expect.stringContaining('with an explicit deny in a resource-based policy'),
    });
  });

  test('says of each message of a batch what became of it', async () => {
    const TopicArn = await aTopic();
    const answer = await sns.send(
      new PublishBatchCommand({
        TopicArn,
        PublishBatchRequestEntries: [
          { Id: 'good', Message: 'm' },
          { Id: 'bad', Message: 'm', Subject: 'two\nlines' },
        ],
      }),
    );
    expect(answer.Successful).toMatchObject([{ Id: 'good' }]);
    expect(answer.Failed).toMatchObject([
      { Id: 'bad', Code: 'InvalidParameter', SenderFault: true },
    ]);
  });

  test('takes to a subscriber only what its filter policy accepts, until there is none', async () => {
    const TopicArn = await aTopic();
    const Endpoint = 'filtered@example.org';
    const FilterPolicy = '{"event":[{"prefix":"order-"}]}';
    const wish = { TopicArn, Protocol: 'email-json', Endpoint, ReturnSubscriptionArn: true };
    const { SubscriptionArn } = await sns.send(
      new SubscribeCommand({ ...wish, Attributes: { FilterPolicy } }),
    );
    const [invitation] = await mailOf(Endpoint);
    const { Token } = JSON.parse(invitation?.body ?? '{}') as { Token: string };
    await sns.send(new ConfirmSubscriptionCommand({ TopicArn, Token }));
    const publish = (Message: string, StringValue = 'none') =>
      sns.send(
        new PublishCommand({
          TopicArn,
          Message,
          MessageAttributes: { event: { DataType: 'String', StringValue } },
        }),
      );
    const set = (AttributeName: string, AttributeValue: string) =>
      sns.send(
        new SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName, AttributeValue }),
      );
    const attributes = async () =>
      (await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))).Attributes;
    await publish('placed', 'order-placed');
    await publish('other');
    expect(await attributes()).toMatchObject({
      FilterPolicy,
      FilterPolicyScope: 'MessageAttributes',
    });

    const nested = '{"payment":{"state":["failed"]}}';
    await expect(set('FilterPolicy', nested)).rejects.toThrow('does not support nested');
    await set('FilterPolicyScope', 'MessageBody');
    await set('FilterPolicy', nested);
    await publish('{"payment":{"state":"done"}}');
    await publish('{"payment":{"state":"failed"}}');

    await set('FilterPolicy', '{}');
    expect(await attributes()).not.toHaveProperty('FilterPolicy');
    await publish('all');
    const messages = (await mailOf(Endpoint)).slice(1).map(({ body }) => {
      return (JSON.parse(body) as { Message: string }).Message;
    });
    expect(messages).toEqual(['placed', '{"payment":{"state":"failed"}}', 'all']);
  });

  test.each([
    {
      sentence: 'a filter policy that is none, and says that it is in the attributes',
      command: (TopicArn: string) =>
        new SubscribeCommand({
          TopicArn,
          Protocol: 'email',
          Endpoint: 'f@example.org',
          Attributes: { FilterPolicy: '{"a":"x"}' },
        }),
      message:
        'Invalid parameter: Attributes Reason: FilterPolicy: "a" must be an object or an array',
    },
    {
      sentence: 'a scope that is none',
      command: (TopicArn: string) =>
        new SubscribeCommand({
          TopicArn,
          Protocol: 'email',
          Endpoint: 'f@example.org',
          Attributes: { FilterPolicyScope: 'Subject' },
        }),
      message:
        'Invalid parameter: Attributes Reason: FilterPolicyScope: Invalid value [Subject]. Please use either MessageBody or MessageAttributes',
    },
    {
      sentence: 'a queue of another region as subscriber',
      command: (TopicArn: string) =>
        new SubscribeCommand({
          TopicArn,
          Protocol: 'sqs',
          Endpoint: 'arn:aws:sqs:us-east-1:123456789012:q',
        }),
    },
    {
      sentence: 'an address that is none',
      command: (TopicArn: string) =>
        new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'nobody' }),
    },
    {
      sentence: 'an unknown attribute',
      command: (TopicArn: string) =>
        new SetTopicAttributesCommand({
          TopicArn,
          AttributeName: 'TracingConfig',
          AttributeValue: 'Active',
        }),
    },
    {
      sentence: 'a policy that is none',
      command: (TopicArn: string) =>
        new SetTopicAttributesCommand({ TopicArn, AttributeName: 'Policy', AttributeValue: '{}' }),
    },
    { sentence: 'a FIFO topic', command: () => new CreateTopicCommand({ Name: 'a.fifo' }) },
    {
      sentence: 'a topic of another region',
      command: (arn: string) =>
        new PublishCommand({ TopicArn: arn.replace('us-west-2', 'us-east-1'), Message: 'm' }),
    },
    {
      sentence: 'a message without its default',
      command: (TopicArn: string) =>
        new PublishCommand({ TopicArn, Message: '{"email":"m"}', MessageStructure: 'json' }),
    },
    {
      sentence: 'to end what is no subscription',
      command: (arn: string) => new UnsubscribeCommand({ SubscriptionArn: arn }),
    },
  ])('refuses $sentence', async ({ command, message = '' }) => {
    const send = sns.send.bind(sns) as (command: unknown) => Promise<unknown>;
    await expect(send(command(await aTopic()))).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringContaining(message),
    });
  });

  test.each([
    { sentence: 'a type there is not', given: { DataType: 'Text', StringValue: 'x' } },
    { sentence: 'nothing in it', given: { DataType: 'String', StringValue: '' } },
    { sentence: 'no number in it', given: { DataType: 'Number', StringValue: 'x' } },
  ])('publishes no message with an attribute that has $sentence', async ({ given }) => {
    const TopicArn = await aTopic();
    const MessageAttributes = { kind: given };
    await expect(
      sns.send(new PublishCommand({ TopicArn, Message: 'x', MessageAttributes })),
    ).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
  });

  test('publishes no batch in which an id has other characters than ids have', async () => {
    const PublishBatchRequestEntries = [{ Id: 'a b', Message: 'x' }];
    await expect(
      sns.send(new PublishBatchCommand({ TopicArn: await aTopic(), PublishBatchRequestEntries })),
    ).rejects.toMatchObject({ name: 'InvalidBatchEntryIdException' });
  });

  test.each([
    { Action: 's3:GetObject', isRefused: true },
    { Action: 'sns:ListTopics', isRefused: true },
    { Action: 'SNS:Publish', isRefused: false },
  ])('takes a policy about $Action: refused $isRefused', async ({ Action, isRefused }) => {
    const TopicArn = await aTopic();
    const AttributeValue = policy({
      ...{ Effect: 'Allow', Principal: { AWS: '*' }, Action, Resource: TopicArn },
    });
    const set = sns.send(
      new SetTopicAttributesCommand({ TopicArn, AttributeName: 'Policy', AttributeValue }),
    );
    const outcome = await set.then(
      () => false,
      (error: unknown) => (error as Error).message.includes('out of service scope'),
    );
    expect(outcome).toBe(isRefused);
  });
});
