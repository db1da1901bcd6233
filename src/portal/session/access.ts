/**
 * Access: what a caller may see and do, as the API server answers it (SelfSubjectAccessReview).
 *
 * What is shown live comes from one watch of the portal's own, so each caller's share of it is decided here
 * (docs/decisions/0007). Answers are kept for a short while: a right that is taken away ends within it.
 */
import type { Clock } from '../../support/clock.js';
import type { ResourceType } from '../../support/kubernetes/client.js';
import type { KubernetesObject } from '../../support/kubernetes/objects.js';
import type { Caller } from './callers.js';

export const ACCESS_TTL_MS = 15_000;
/** Beyond this, what has run out is swept. */
const SWEEP_AT = 10_000;

const REVIEW: ResourceType = {
  apiVersion: 'authorization.k8s.io/v1',
  kind: 'SelfSubjectAccessReview',
  plural: 'selfsubjectaccessreviews',
  namespaced: false,
};

export interface Question {
  readonly verb: string;
  readonly group: string;
  /** The plural. */
  readonly resource: string;
  /** None: in all namespaces, or outside of any. */
  readonly namespace?: string;
  readonly name?: string;
}

interface Answer {
  readonly isAllowed: Promise<boolean>;
  readonly expiresAtMs: number;
}

export class Access {
  readonly #answers = new Map<string, Answer>();

  constructor(private readonly clock: Clock) {}

  /** Rejects where the API server does not answer, or no longer knows the caller. */
  may(caller: Caller, question: Question): Promise<boolean> {
    const key = `${caller.id} ${JSON.stringify(question)}`;
    const nowMs = this.clock.now();
    const kept = this.#answers.get(key);
    if (kept !== undefined && kept.expiresAtMs > nowMs) return kept.isAllowed;
    if (this.#answers.size > SWEEP_AT) this.#sweep(nowMs);
    const isAllowed = ask(caller, question);
    this.#answers.set(key, { isAllowed, expiresAtMs: nowMs + ACCESS_TTL_MS });
    isAllowed.catch(() => this.#answers.delete(key)); // a failure is no answer
    return isAllowed;
  }

  #sweep(nowMs: number): void {
    for (const [key, { expiresAtMs }] of this.#answers) {
      if (expiresAtMs <= nowMs) this.#answers.delete(key);
    }
  }
}

async function ask({ client }: Caller, question: Question): Promise<boolean> {
  const review = await client.create<KubernetesObject>(REVIEW, {
    apiVersion: REVIEW.apiVersion,
    kind: REVIEW.kind,
    metadata: {},
    spec: { resourceAttributes: question },
  });
  return (review.status as { allowed?: boolean } | undefined)?.allowed === true;
}
