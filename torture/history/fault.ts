/** Faults as the plan orders them and as the history says they were. */
export type Fault =
  | { readonly kind: 'region-loss'; readonly region: string }
  | { readonly kind: 'partition'; readonly regions: readonly [string, string] }
  | {
      readonly kind: 'slow-link';
      readonly from: string;
      readonly to: string;
      readonly lagMs: number;
    }
  | CallFault;

/** What happens to single calls in a region, as the local AWS has it. */
export interface CallFault {
  readonly kind: 'throttle' | 'slow' | 'loseResponse';
  readonly region: string;
  readonly service: 'lambda' | 'dynamodb' | 's3';
  /** How many of the calls are struck. @default 1, all of them */
  readonly probability?: number;
  /** How long a slow call waits before the service sees it. */
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
