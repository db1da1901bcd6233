import { describe, expect, test } from '@jest/globals';
import { explained } from '../../../src/cli/cluster/connection.js';
import { seconds } from '../../../src/cli/cluster/options.js';
import { refusal } from '../../../src/cli/tasks/apply.js';
import { ApiError } from '../../../src/support/kubernetes/api-error.js';

describe('what a cluster refuses', () => {
  test.each([
    {
      sentence: 'credentials',
      error: new ApiError(401, 'Unauthorized', 'Unauthorized'),
      code: 'PDR1013',
    },
    {
      sentence: 'for want of rights',
      error: new ApiError(403, 'Forbidden', 'x is forbidden: User "eve" cannot get'),
      code: 'PDR1014',
    },
    {
      sentence: 'a kind that it does not serve',
      error: new ApiError(
        404,
        'NoKindMatch',
        'no matches for kind "PaymentsDR" in version "payments.example.org/v1alpha1"',
      ),
      code: 'PDR1015',
    },
    {
      sentence: 'for being too busy',
      error: new ApiError(429, 'TooManyRequests', 'try later'),
      code: 'PDR1005',
    },
  ])('$sentence is told with what to do', ({ error, code }) => {
    expect(explained(error, 'https://cluster')).toMatchObject({
      code,
      message: expect.stringContaining('https://cluster'),
    });
  });

  test('by an admission policy is told in its own words', () => {
    const error = new ApiError(
      403,
      'Forbidden',
      "policy 'environments' denied request: ask for a grant",
    );
    expect(explained(error, 'https://cluster')).toBe(error);
  });

  const claim = {
    apiVersion: 'a/v1',
    kind: 'PaymentsDR',
    metadata: { name: 'a', namespace: 'team' },
  };

  test.each([
    {
      sentence: 'fields of another manager',
      error: new ApiError(409, 'Conflict', 'conflict with "kubectl"'),
      code: 'PDR1025',
    },
    {
      sentence: 'an invalid claim',
      error: new ApiError(422, 'Invalid', 'spec.regions: immutable'),
      code: 'PDR1019',
    },
    {
      sentence: 'a field that an older definition does not have',
      error: new ApiError(500, 'InternalError', '.spec.new: field not declared in schema'),
      code: 'PDR1026',
    },
    {
      sentence: 'a namespace that is not there',
      error: new ApiError(404, 'NotFound', 'namespaces "team" not found'),
      code: 'PDR1027',
    },
  ])('of an apply, $sentence is told with what to do', ({ error, code }) => {
    expect(refusal(error, claim)).toMatchObject({ code });
  });
});

describe('a time on the command line', () => {
  test.each([
    ['90', 90],
    ['500ms', 0.5],
    ['30s', 30],
    ['5m', 300],
    ['1h', 3600],
  ])('%s is %d seconds', (text, value) => {
    expect(seconds(text)).toBe(value);
  });

  test.each(['', '0', '-1s', 'soon', '5 m', '1d'])('%p is refused', (text) => {
    expect(() => seconds(text)).toThrow('A time is wanted, such as 30s or 5m.');
  });
});
