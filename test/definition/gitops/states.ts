/** The states that a claim, a composite or a managed resource goes through, as the objects show them, and what GitOps tools should make of each. */
export type Health = 'Healthy' | 'Progressing' | 'Degraded' | 'Suspended';

interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message?: string;
  readonly observedGeneration?: number;
}

export interface State {
  readonly sentence: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly conditions?: readonly Condition[];
  readonly health: Health;
  readonly message: string;
}

const SYNCED = { type: 'Synced', status: 'True', reason: 'ReconcileSuccess' } as const;
const READY = { type: 'Ready', status: 'True', reason: 'Available' } as const;
const PAUSED = 'Reconciliation (including deletion) is paused via the pause annotation' as const;

export const STATES: readonly State[] = [
  {
    sentence: 'was only just applied',
    health: 'Progressing',
    message: 'Crossplane has not told of it yet',
  },
  {
    sentence: 'is a claim that waits for its composite',
    conditions: [
      SYNCED,
      {
        type: 'Ready',
        status: 'False',
        reason: 'Waiting',
        message: 'Claim is waiting for composite resource to become Ready',
      },
    ],
    health: 'Progressing',
    message: 'Claim is waiting for composite resource to become Ready',
  },
  {
    sentence: 'is a composite with resources that are not ready',
    conditions: [
      SYNCED,
      { type: 'Ready', status: 'False', reason: 'Creating', message: 'Unready resources: table' },
    ],
    health: 'Progressing',
    message: 'Unready resources: table',
  },
  {
    sentence: 'is not ready, and nobody says why',
    conditions: [SYNCED, { type: 'Ready', status: 'False', reason: 'Creating' }],
    health: 'Progressing',
    message: 'Ready is False: Creating',
  },
  { sentence: 'is ready', conditions: [SYNCED, READY], health: 'Healthy', message: 'Ready' },
  {
    sentence: 'was ready before its latest change',
    metadata: { generation: 3 },
    conditions: [
      { ...SYNCED, observedGeneration: 2 },
      { ...READY, observedGeneration: 2 },
    ],
    health: 'Progressing',
    message: 'The latest change has not been looked at yet',
  },
  {
    sentence: 'is ready with its latest change',
    metadata: { generation: 3 },
    conditions: [
      { ...SYNCED, observedGeneration: 3 },
      { ...READY, observedGeneration: 3 },
    ],
    health: 'Healthy',
    message: 'Ready',
  },
  {
    sentence: 'cannot be composed, though it was ready once',
    conditions: [
      {
        type: 'Synced',
        status: 'False',
        reason: 'ReconcileError',
        message: 'cannot compose resources: a fatal result',
      },
      READY,
    ],
    health: 'Degraded',
    message: 'cannot compose resources: a fatal result',
  },
  {
    sentence: 'is refused by AWS in the background',
    conditions: [
      SYNCED,
      { type: 'Ready', status: 'False', reason: 'Creating' },
      {
        type: 'LastAsyncOperation',
        status: 'False',
        reason: 'AsyncCreateFailure',
        message: 'async create failed: AccessDenied',
      },
    ],
    health: 'Degraded',
    message: 'async create failed: AccessDenied',
  },
  {
    sentence: 'is there but does not work',
    conditions: [
      SYNCED,
      { type: 'Ready', status: 'False', reason: 'Unavailable', message: 'Function is Failed' },
    ],
    health: 'Degraded',
    message: 'Function is Failed',
  },
  {
    sentence: 'is paused, and says so itself',
    conditions: [
      { type: 'Synced', status: 'False', reason: 'ReconcilePaused', message: PAUSED },
      READY,
    ],
    health: 'Suspended',
    message: PAUSED,
  },
  {
    sentence: 'was only just paused',
    metadata: { annotations: { 'crossplane.io/paused': 'true' } },
    conditions: [SYNCED, READY],
    health: 'Suspended',
    message: 'Paused by the annotation crossplane.io/paused; take it off to go on',
  },
  {
    sentence: 'is being deleted',
    metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' },
    conditions: [SYNCED, { type: 'Ready', status: 'False', reason: 'Deleting' }],
    health: 'Progressing',
    message: 'Being deleted',
  },
  {
    sentence: 'cannot be deleted',
    metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' },
    conditions: [
      {
        type: 'Synced',
        status: 'False',
        reason: 'ReconcileError',
        message: 'delete failed: the table cannot be deleted for 24 hours',
      },
      { type: 'Ready', status: 'False', reason: 'Deleting' },
    ],
    health: 'Degraded',
    message: 'delete failed: the table cannot be deleted for 24 hours',
  },
];

/** The object of a state, as an API server gives it. */
export function objectOf({ metadata = {}, conditions }: State): Record<string, unknown> {
  return {
    apiVersion: 'payments.example.org/v1alpha1',
    kind: 'PaymentsDR',
    metadata: { name: 'checkout', namespace: 'team-payments', generation: 1, ...metadata },
    spec: {},
    ...(conditions === undefined ? {} : { status: { conditions } }),
  };
}
