import { describe, expect, test } from '@jest/globals';
import { firstCause } from '../../../src/claims/observation/cause.js';
import { reportOf } from '../../../src/claims/observation/report.js';
import {
  an,
  condition,
  CREATING,
  observed,
  READY,
  REFUSED,
  SYNCED,
  TIME,
  WAITS,
} from '../../builders/an-observed-claim.js';

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

  test("is first of all what is another claim's", () => {
    const taken = an('Table', 't', [SYNCED, READY], {
      labels: { 'crossplane.io/claim-namespace': 'team', 'crossplane.io/claim-name': 'first' },
      ownerReferences: [
        { apiVersion: 'a/v1', kind: 'XPaymentsDR', name: 'x', uid: 'x', controller: true },
      ],
    });
    const state = observed({ composite: [REFUSED, CREATING], resources: [taken] });
    expect(firstCause(state, [])).toMatchObject({
      kind: 'Table',
      message: 'it belongs to PaymentsDR team/first: no two claims can have one environment',
    });
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
