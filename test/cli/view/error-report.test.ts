import { describe, expect, test } from '@jest/globals';
import { describeError } from '../../../src/cli/view/error-report.js';
import { PdrError } from '../../../src/support/errors.js';
import { ApiError } from '../../../src/support/kubernetes/api-error.js';

describe('the report of an error', () => {
  test('names code, subject, detail and remedy of one of ours', () => {
    const error = new PdrError('PDR1002', { subject: '127.0.0.1:6443' });
    expect(describeError(error).split('\n')).toEqual([
      'error[PDR1002] 127.0.0.1:6443: the port is in use',
      '  try: stop what listens there, or pass --port 0 to take any free one',
    ]);
  });

  test('adds a cause only where it says something new', () => {
    const cause = new Error('EADDRINUSE', { cause: new Error('address in use') });
    const error = new PdrError('PDR1002', { subject: 'port', detail: 'EADDRINUSE', cause });
    expect(describeError(error)).toContain('because: address in use');
    expect(describeError(error)).not.toContain('because: EADDRINUSE');
  });

  test('lists the fields that the Kubernetes API refused', () => {
    const error = new ApiError(422, 'Invalid', 'paymentsdr "checkout" is invalid', {
      kind: 'Status',
      details: { causes: [{ field: 'spec.regions', message: 'name two different regions' }] },
    });
    expect(describeError(error)).toContain('\n  spec.regions: name two different regions');
  });

  test('says once what the Kubernetes API says twice', () => {
    const message = "policy 'environments' denied request: ask for a grant";
    const error = new ApiError(403, 'Forbidden', message, {
      kind: 'Status',
      details: { causes: [{ message }] },
    });
    expect(describeError(error)).toBe(`error the Kubernetes API refused (Forbidden): ${message}`);
  });

  test('shows no stack trace', () => {
    expect(describeError(new TypeError('x is undefined'))).toBe('error TypeError: x is undefined');
  });
});
