/** How other services send to queues: as themselves under the queue's policy, or in a role under the role's rights. */
import type { CloudFoundation, QueueSink } from '../cloud.js';
import { AwsError } from '../service.js';
import { queueDoesNotExist } from './operation.js';
import { senderOf } from './operations/send-message.js';
import type { QueueStore } from './queue-store.js';

export class QueueSender implements QueueSink {
  constructor(
    private readonly cloud: Pick<CloudFoundation, 'accountId' | 'access' | 'network'>,
    private readonly queues: QueueStore,
  ) {}

  async send({
    service,
    caller = { kind: 'service', service, accountId: this.cloud.accountId },
    sourceArn,
    queueArn,
    body,
    attributes,
  }: Parameters<QueueSink['send']>[0]): Promise<void> {
    const { access, accountId, network } = this.cloud;
    const queue = this.queues.find(queueArn);
    access.authorize({
      ...{ caller, action: 'sqs:SendMessage', resource: queueArn },
      context: { 'aws:SourceArn': sourceArn, 'aws:SourceAccount': accountId },
      resourcePolicy: queue?.attributes.Policy,
    });
    if (queue === undefined) throw queueDoesNotExist();
    if (!network.isUp(queue.region)) {
      throw new AwsError('ServiceUnavailable', `${queue.region} is down`, 503);
    }
    await this.queues.send(queue, { body, attributes, senderId: senderOf(caller) });
  }
}
