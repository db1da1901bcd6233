/**
 * What the generic reconciler needs to know of a kind of AWS resource, and what each kind's file tells it.
 *
 * A kind speaks `forProvider` on one side and the AWS API on the other. It reports what it sees in the shape of
 * `forProvider` (`atProvider`), so that drift is one comparison, the same for every kind (`drift.ts`).
 */
import type { AwsConnection } from '../config/aws-connection.js';
import type { Comparison } from './drift.js';
import type { Reference } from '../managed/references.js';

export type Parameters = Readonly<Record<string, unknown>>;

/** The resource in AWS that is meant, and what is asked of it. */
export interface Target<P> {
  /** The external name; empty while AWS has not yet assigned one. */
  readonly name: string;
  /** Where it lives; empty for kinds without a region. */
  readonly region: string;
  readonly forProvider: P;
}

export interface Absent {
  readonly exists: false;
}

export interface Present<P, Detail = unknown> {
  readonly exists: true;
  /** What AWS says, in the shape of `status.atProvider`. */
  readonly atProvider: Parameters;
  /** Whether it does its work: what condition Ready says once it has been complete. */
  readonly usable: boolean;
  /** What AWS is still doing. While it is, nothing is changed: the resource is looked at again shortly. */
  readonly busyWith?: string;
  /** Fields that AWS filled in, written to `spec.forProvider` where it leaves them open. */
  readonly defaults?: Partial<P>;
  /** What only this kind's own `update` and `remove` read. */
  readonly detail: Detail;
}

export type Observation<P, Detail = unknown> = Absent | Present<P, Detail>;

export const absent: Absent = { exists: false };

/** `left`: AWS itself disposes of what cannot be deleted by a call. */
export type Removal = 'requested' | 'left';

export interface External<P = Parameters, Detail = unknown> {
  /** `given`: the external name is ours to choose (`metadata.name` by default). `assigned`: AWS's answer decides. */
  readonly naming: 'given' | 'assigned';
  /** Paths in `forProvider` that are acted on; lists are passed through, maps end a path. Any other is refused. */
  readonly fields: readonly string[];
  readonly references?: readonly Reference[];
  readonly comparison?: Comparison;
  observe(target: Target<P>, aws: AwsConnection): Promise<Observation<P, Detail>>;
  /** Resolves with the external name where AWS assigned it. */
  create(target: Target<P>, aws: AwsConnection): Promise<string | undefined>;
  /** Takes a step towards `forProvider`; called again as long as a difference is seen. */
  update(
    target: Target<P>,
    aws: AwsConnection,
    seen: Present<P, Detail>,
    drift: readonly string[],
  ): Promise<void>;
  remove(target: Target<P>, aws: AwsConnection, seen: Present<P, Detail>): Promise<Removal>;
}

/** Lets kinds of different parameters stand in one registry; the API server's schema has checked `forProvider`. */
export function erase<P, Detail>(external: External<P, Detail>): External {
  return external as unknown as External;
}
