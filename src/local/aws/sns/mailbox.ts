/**
 * Where e-mail to subscribers arrives: stored, and read through the admin API (`GET /_payments-dr/mail`).
 */
import type { CloudState, DurableMap } from '../cloud.js';

export interface Mail {
  /** Rises with every mail. */
  readonly number: number;
  readonly to: string;
  readonly from: string;
  readonly subject: string;
  readonly body: string;
  readonly topicArn: string;
  /** Milliseconds since the epoch. */
  readonly sentAtMs: number;
}

/** The oldest go when there are more. */
const CAPACITY = 1000;

export class Mailbox {
  private last: number;

  private constructor(private readonly mails: DurableMap<Mail>) {
    this.last = Math.max(0, ...[...mails.values()].map(({ number }) => number));
  }

  static async open(state: CloudState): Promise<Mailbox> {
    return new Mailbox(await state.map('sns.mail'));
  }

  /** Resolves when the mail is stored. */
  async receive(mail: Omit<Mail, 'number'>): Promise<void> {
    this.last += 1;
    const stored = this.mails.set(keyOf(this.last), { number: this.last, ...mail });
    await Promise.all([stored, this.mails.delete(keyOf(this.last - CAPACITY))]);
  }

  /** The mails to an address, or all, oldest first. */
  read(to?: string): Mail[] {
    return [...this.mails.values()]
      .filter((mail) => to === undefined || mail.to === to)
      .sort((a, b) => a.number - b.number);
  }
}

function keyOf(number: number): string {
  return String(number).padStart(12, '0');
}
