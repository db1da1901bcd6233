/** Faults as the plan orders them and as the history says they were. */
export type Fault = RegionFault | LinkFault | ClockFault | CallFault;

export interface RegionFault {
  readonly kind: 'region-loss';
  readonly region: string;
  /** What its callers meet: no connection, no answer, or a 503. */
  readonly manner: 'refuse' | 'hang' | '503';
}

export type LinkFault =
  | { readonly kind: 'partition'; readonly regions: readonly [string, string] }
  /** Replication stands still, one way. */
  | { readonly kind: 'pause'; readonly from: string; readonly to: string }
  | {
      readonly kind: 'slow-link';
      readonly from: string;
      readonly to: string;
      readonly lagMs: number;
    };

export interface ClockFault {
  readonly kind: 'skew';
  readonly region: string;
  /** Below 0 where the region's clock is behind. */
  readonly aheadMs: number;
}

/** What happens to single calls in a region, in the local AWS's own terms. */
export interface CallFault {
  readonly kind: 'throttle' | 'slow' | 'loseResponse' | 'crash';
  readonly region: string;
  readonly service: 'lambda' | 'dynamodb' | 's3';
  /** How many of the calls are struck. @default 1, all of them */
  readonly probability?: number;
  /** How long a slow call waits before the service sees it; the latest moment of an invocation at which a crash comes. */
  readonly withinMs?: number;
}

export interface PlannedFault {
  readonly atMs: number;
  readonly forMs: number;
  readonly fault: Fault;
}

/** A fault that was on: from before it was switched on until after it was switched off. */
export interface Disturbance {
  readonly fault: Fault;
  readonly beganMs: number;
  readonly endedMs: number;
}
