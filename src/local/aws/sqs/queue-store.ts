/**
 * The queues of every region and their messages. What is acknowledged is on disk; delivery is at least once.
 *
 * A message that was received as often as its queue's redrive policy allows moves to the dead-letter queue when it would be
 * received again.
 */
import { randomUUID } from 'node:crypto';

import type { CloudFoundation, DurableMap } from '../cloud.js';
import { numberOf, redriveOf } from './queue-attributes.js';
import type { MessageAttribute, Queue, QueueMessage } from './queue.js';

export interface NewMessage {
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  readonly senderId: string;
  /** @default the queue's */
  readonly delaySeconds?: number | undefined;
}

/** A key that sorts messages by the order in which they came. */
const KEY_DIGITS = 16;

export class QueueStore {
  private readonly keysOf = new Map<string, Set<string>>();
  private readonly waiting = new Map<string, Set<() => void>>();
  private lastKey = 0;

  private constructor(
    private readonly cloud: Pick<CloudFoundation, 'clock'>,
    private readonly queues: DurableMap<Queue>,
    private readonly messages: DurableMap<QueueMessage>,
  ) {
    for (const [key, { queueArn }] of messages) this.learn(key, queueArn);
  }

  static async open(cloud: Pick<CloudFoundation, 'clock' | 'state'>): Promise<QueueStore> {
    const queues = await cloud.state.map<Queue>('sqs.queues');
    return new QueueStore(cloud, queues, await cloud.state.map<QueueMessage>('sqs.messages'));
  }

  find(arn: string): Queue | undefined {
    return this.queues.get(arn);
  }

  list(region: string): Queue[] {
    return [...this.queues.values()]
      .filter((queue) => queue.region === region)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  save(queue: Queue): Promise<void> {
    return this.queues.set(queue.arn, queue);
  }

  async delete({ arn }: Queue): Promise<void> {
    await Promise.all([this.queues.delete(arn), this.purge(arn)]);
  }

  async purge(arn: string): Promise<void> {
    await Promise.all([...this.keys(arn)].map((key) => this.forget(arn, key)));
  }

  /** Resolves when the message is on disk. */
  async send(queue: Queue, { delaySeconds, ...message }: NewMessage): Promise<QueueMessage> {
    const sentAtMs = this.cloud.clock.now();
    const delayMs = (delaySeconds ?? numberOf(queue, 'DelaySeconds')) * 1000;
    const sent: QueueMessage = {
      ...message,
      ...{ queueArn: queue.arn, id: randomUUID(), sentAtMs },
      ...{ visibleAtMs: sentAtMs + delayMs, receiveCount: 0 },
    };
    const key = this.learn(String(this.lastKey + 1).padStart(KEY_DIGITS, '0'), queue.arn);
    await this.messages.set(key, sent);
    this.wake(queue.arn);
    return sent;
  }

  /** At most `count` messages, which nobody else receives for `visibilitySeconds`. */
  async receive(queue: Queue, count: number, visibilitySeconds: number): Promise<QueueMessage[]> {
    const nowMs = this.cloud.clock.now();
    const taken: QueueMessage[] = [];
    const written: Promise<void>[] = [];
    for (const [key, message] of this.stored(queue)) {
      if (taken.length === count) break;
      if (message.visibleAtMs > nowMs) continue;
      if (this.redrive(queue, key, message, written)) continue;
      const received: QueueMessage = {
        ...message,
        visibleAtMs: nowMs + visibilitySeconds * 1000,
        receiveCount: message.receiveCount + 1,
        firstReceivedAtMs: message.firstReceivedAtMs ?? nowMs,
        receipt: `${key}-${randomUUID()}`,
      };
      written.push(this.messages.set(key, received));
      taken.push(received);
    }
    await Promise.all(written);
    return taken;
  }

  /** Resolves at the next message for the queue, or after `ms`: a message that was taken may be visible again then. */
  async untilMessage(arn: string, ms: number): Promise<void> {
    const woken = new AbortController();
    const wake = () => woken.abort();
    const others = this.waiting.get(arn) ?? new Set();
    this.waiting.set(arn, others.add(wake));
    await this.cloud.clock.sleep(ms, woken.signal);
    others.delete(wake);
  }

  /** The message of a receipt, where it is there still; `isLatest` is false once somebody else has received it. */
  byReceipt(
    { arn }: Queue,
    receipt: string,
  ): { readonly message: QueueMessage; readonly isLatest: boolean } | undefined {
    const message = this.messages.get(keyIn(receipt));
    if (message?.queueArn !== arn) return undefined;
    return { message, isLatest: message.receipt === receipt };
  }

  async remove({ arn }: Queue, receipt: string): Promise<void> {
    await this.forget(arn, keyIn(receipt));
  }

  async hide(receipt: string, message: QueueMessage, seconds: number): Promise<void> {
    const visibleAtMs = this.cloud.clock.now() + seconds * 1000;
    await this.messages.set(keyIn(receipt), { ...message, visibleAtMs });
    if (seconds === 0) this.wake(message.queueArn);
  }

  /** How many can be received, are with a receiver, are delayed. */
  count(queue: Queue): { visible: number; inFlight: number; delayed: number } {
    const nowMs = this.cloud.clock.now();
    const counts = { visible: 0, inFlight: 0, delayed: 0 };
    for (const [, { visibleAtMs, receiveCount }] of this.stored(queue)) {
      if (visibleAtMs <= nowMs) counts.visible += 1;
      else if (receiveCount > 0) counts.inFlight += 1;
      else counts.delayed += 1;
    }
    return counts;
  }

  /** Oldest first, without those older than the queue keeps them. */
  private *stored(queue: Queue): Iterable<[string, QueueMessage]> {
    const oldestMs = this.cloud.clock.now() - numberOf(queue, 'MessageRetentionPeriod') * 1000;
    for (const key of [...this.keys(queue.arn)]) {
      const message = this.messages.get(key);
      if (message === undefined) continue;
      if (message.sentAtMs >= oldestMs) yield [key, message];
      else void this.forget(queue.arn, key);
    }
  }

  private redrive(
    queue: Queue,
    key: string,
    message: QueueMessage,
    written: Promise<void>[],
  ): boolean {
    const policy = redriveOf(queue);
    const target = policy && this.queues.get(policy.deadLetterTargetArn);
    if (policy === undefined || target === undefined) return false;
    if (message.receiveCount < policy.maxReceiveCount) return false;
    const { receipt: _old, ...moved } = message;
    this.keys(queue.arn).delete(key);
    this.learn(key, target.arn);
    written.push(this.messages.set(key, { ...moved, queueArn: target.arn }));
    this.wake(target.arn);
    return true;
  }

  private async forget(arn: string, key: string): Promise<void> {
    this.keys(arn).delete(key);
    await this.messages.delete(key);
  }

  private learn(key: string, arn: string): string {
    this.lastKey = Math.max(this.lastKey, Number(key));
    this.keysOf.set(arn, this.keys(arn).add(key));
    return key;
  }

  private keys(arn: string): Set<string> {
    return this.keysOf.get(arn) ?? new Set();
  }

  private wake(arn: string): void {
    for (const wake of this.waiting.get(arn) ?? []) wake();
  }
}

function keyIn(receipt: string): string {
  return receipt.slice(0, KEY_DIGITS);
}
