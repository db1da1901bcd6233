/** Faults as the plan orders them and as the history says they were. */
export type Fault =
  | { readonly kind: 'region-loss'; readonly region: string }
  | { readonly kind: 'partition'; readonly regions: readonly [string, string] }
  | {
      readonly kind: 'slow-link';
      readonly from: string;
      readonly to: string;
      readonly lagMs: number;
    };

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
