/** Whoever is on call: confirmed the subscriptions of the claim's address, and reads the mail. */
import type { GivenUp } from '../history/given-up.js';

export const ADDRESS = 'payments-oncall@example.org';

interface Mail {
  readonly body: string;
  readonly topicArn: string;
}

/** Lambda's invocation record, as far as it is read here. */
interface InvocationRecord {
  readonly requestContext?: { readonly requestId: string; readonly condition: string };
  readonly requestPayload?: unknown;
}

/** Between the message and what SNS writes beneath it. */
const FOOTER = '\n\n--\n';

export class OnCall {
  /** Takes the address of the gateway of the local AWS. */
  constructor(private readonly awsUrl: string) {}

  async confirmSubscriptions(): Promise<void> {
    for (const { body } of await this.#mail()) {
      const [url] = /http:\S+Action=ConfirmSubscription\S+/.exec(body) ?? [];
      if (url !== undefined) await fetch(url);
    }
  }

  /** Every event that the mail tells of. The mailbox keeps the last thousand. */
  async givenUp(): Promise<GivenUp[]> {
    return (await this.#mail()).flatMap(({ body, topicArn }) => {
      const { requestContext, requestPayload: payload } = recordIn(body);
      if (requestContext === undefined) return [];
      const { requestId, condition } = requestContext;
      return [{ requestId, condition, payload, region: topicArn.split(':')[3] ?? '' }];
    });
  }

  async #mail(): Promise<Mail[]> {
    const response = await fetch(`${this.awsUrl}/_payments-dr/mail?to=${ADDRESS}`);
    return (await response.json()) as Mail[];
  }
}

/** Empty where the mail is of something else, such as an alarm. */
function recordIn(body: string): InvocationRecord {
  try {
    const parsed: unknown = JSON.parse(body.split(FOOTER)[0] ?? '');
    return typeof parsed === 'object' && parsed !== null ? parsed : {};
  } catch {
    return {};
  }
}
