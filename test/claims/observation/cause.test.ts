import { describe, expect, test } from '@jest/globals';
import pc from 'picocolors';
import { statusTable } from '../../../src/cli/view/status-table.js';
import { firstCause } from '../../../src/claims/observation/cause.js';
import type { ObservedClaim } from '../../../src/claims/observation/observe.js';
import { reportOf } from '../../../src/claims/observation/report.js';
import type { KubernetesObject, Stored } from '../../../src/support/kubernetes/objects.js';

const TIME = '2026-01-01T00:00:00Z';
const condition = (type: string, status: string, reason: string, message?: string) => ({
  type,
  status,
  reason,
  message,
  lastTransitionTime: TIME,
});
const SYNCED = condition('Synced', 'True', 'ReconcileSuccess');
const READY = condition('Ready', 'True', 'Available');
const CREATING = condition('Ready', 'False', 'Creating');
const REFUSED = condition('Synced', 'False', 'ReconcileError', 'AccessDenied: no such role');
const WAITS = {
  template: 'alarm',
  kind: 'MetricAlarm',
  for: [{ field: 'status.primary.topic.arn', from: 'topic-primary' }],
};

function an(kind: string, name: string, conditions: object[], metadata: object = {}): Stored {
  return {
    apiVersion: 'example.org/v1',
    kind,
    metadata: { name, uid: name, resourceVersion: '1', creationTimestamp: TIME, ...metadata },
    status: { conditions },
  };
}

interface State {
  readonly claim?: object[];
  readonly composite?: object[];
  readonly resources?: readonly KubernetesObject[];
  readonly missing?: ObservedClaim['missing'];
}

function observed({
  claim = [SYNCED, READY],
  composite = [SYNCED, READY],
  resources = [],
  missing = [],
}: State): ObservedClaim {
  return {
    form: 'cluster',
    claim: an('PaymentsDR', 'checkout', claim, { namespace: 'team' }),
    composite: an('XPaymentsDR', 'checkout-x', composite),
    resources,
    missing,
    hidden: [],
  };
}

describe('what holds a claim up', () => {
  test.each([
    {
      sentence: 'is the composite that cannot be rendered, though the claim still says it is ready',
      state: {
        composite: [condition('Synced', 'False', 'ReconcileError', 'cannot compose'), READY],
        resources: [an('Bucket', 'b', [REFUSED])],
      },
      cause: { kind: 'XPaymentsDR', message: 'cannot compose' },
    },
    {
      sentence: 'is what AWS refuses, before what is still being made',
      state: {
        claim: [SYNCED, CREATING],
        resources: [an('Table', 't', [SYNCED, CREATING]), an('Bucket', 'b', [REFUSED, CREATING])],
      },
      cause: { kind: 'Bucket', name: 'b', message: 'AccessDenied: no such role' },
    },
    {
      sentence: 'is what AWS refuses, before what is refused for want of it',
      state: {
        claim: [SYNCED, CREATING],
        resources: [
          an('FunctionEventInvokeConfig', 'f', [
            condition(
              'Synced',
              'False',
              'ReconcileError',
              'create failed: ResourceNotFoundException: Function not found: f',
            ),
          ]),
          an('Function', 'f', [
            condition(
              'Synced',
              'False',
              'ReconcileError',
              'create failed: InvalidParameterValueException: Source image x does not exist',
            ),
          ]),
        ],
      },
      cause: { kind: 'Function' },
    },
    {
      sentence: 'is what is still being made',
      state: { claim: [SYNCED, CREATING], resources: [an('Table', 't', [SYNCED, CREATING])] },
      cause: { kind: 'Table', reason: 'Creating' },
    },
    {
      sentence: 'is what is referred to and not there',
      state: { missing: [{ apiVersion: 'v1', kind: 'Table', name: 't' }] },
      cause: { kind: 'Table', reason: 'Missing' },
    },
    {
      sentence: 'is a status that nobody knows, which never passes for health',
      state: {
        resources: [
          an('Table', 't', [SYNCED, condition('Ready', 'Perhaps', 'Novel', 'a later version')]),
        ],
      },
      cause: { kind: 'Table', reason: 'Novel', message: 'a later version' },
    },
    {
      sentence: 'is what nothing has been said of yet',
      state: { resources: [an('Table', 't', [])] },
      cause: { kind: 'Table', reason: 'Waiting' },
    },
    {
      sentence: 'is, of a claim that is being deleted, what refuses to go',
      state: {
        resources: [
          an('Topic', 'a', [SYNCED, CREATING]),
          an('Table', 't', [REFUSED, READY], { deletionTimestamp: TIME }),
        ],
      },
      cause: { kind: 'Table', message: 'AccessDenied: no such role' },
    },
    {
      sentence: 'is its deletion, where nothing refuses to go',
      state: {
        resources: [
          an('Table', 't', [SYNCED, READY], {
            deletionTimestamp: TIME,
            finalizers: ['finalizer.managedresource.crossplane.io'],
          }),
        ],
      },
      cause: { reason: 'Deleting', message: expect.stringContaining('finalizer.managedresource') },
    },
  ])('$sentence', ({ state, cause }) => {
    expect(firstCause(observed(state), [])).toMatchObject(cause);
  });

  test('is what waits for a field, where all that is made is ready', () => {
    expect(firstCause(observed({ claim: [SYNCED, CREATING] }), [WAITS])).toMatchObject({
      reason: 'Waiting',
      message: 'it waits for status.primary.topic.arn, which topic-primary reports',
    });
  });

  test('is nothing where all of it is synced and ready', () => {
    expect(firstCause(observed({}), [])).toBeUndefined();
    expect(reportOf(observed({}), [])).toMatchObject({ healthy: true, cause: null });
  });
});

describe('the tree of a status', () => {
  const plain = pc.createColors(false);
  const now = Date.parse(TIME) + 60_000;

  test('has the cause on top, and everything below the composite', () => {
    const state = observed({
      claim: [SYNCED, CREATING],
      resources: [an('Bucket', 'b', [REFUSED, CREATING])],
    });
    const lines = statusTable({ observed: state, waiting: [WAITS] }, plain, now, false).split('\n');
    expect(lines.slice(0, 2)).toEqual([
      '✘ PaymentsDR team/checkout is not ready',
      '  Bucket b: ReconcileError: AccessDenied: no such role',
    ]);
    expect(lines.slice(4).map((line) => line.replaceAll(/ {2,}/g, ' ').trim())).toEqual([
      'PaymentsDR checkout True False 60s Creating',
      '└─ XPaymentsDR checkout-x True True 60s',
      '├─ global',
      '│ └─ Bucket b False False 60s AccessDenied: no such role',
      '└─ not made yet',
      '└─ MetricAlarm (alarm) waits for status.primary.topic.arn',
    ]);
  });

  test('says what may not be read', () => {
    const hidden = { ...observed({}), hidden: ['Bucket', 'Table'] };
    expect(statusTable({ observed: hidden, waiting: [] }, plain, now, false)).toContain(
      'you may not read Bucket, Table',
    );
  });
});
