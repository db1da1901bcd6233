import { describe, expect, test } from '@jest/globals';
import type { Managed } from '../../../../src/local/provider-aws/managed/managed-resource.js';
import {
  resolveReferences,
  UnresolvedReference,
  type Reference,
} from '../../../../src/local/provider-aws/managed/references.js';
import { aManagedResource } from './a-managed-resource.js';

const BUCKET: Reference = { field: 'bucket', to: 's3/Bucket', take: 'externalName' };
const DESTINATION: Reference = { field: 'rule.destination.bucket', to: 's3/Bucket', take: 'arn' };

function aBucket(name: string, more: Parameters<typeof aManagedResource>[0] = {}): Managed {
  return aManagedResource({
    name,
    annotations: { 'crossplane.io/external-name': `${name}-in-aws` },
    status: { atProvider: { arn: `arn:aws:s3:::${name}` } },
    ...more,
  });
}

function resolve(
  parameters: Record<string, unknown>,
  buckets: readonly Managed[],
  { reference = BUCKET, of = aManagedResource() }: { reference?: Reference; of?: Managed } = {},
) {
  return resolveReferences(parameters, [reference], of, { list: () => buckets });
}

describe('a reference', () => {
  test('by name is resolved to the external name', () => {
    expect(resolve({ bucketRef: { name: 'a' } }, [aBucket('a'), aBucket('b')])).toEqual({
      bucketRef: { name: 'a' },
      bucket: 'a-in-aws',
    });
  });

  test('by labels is resolved, and what was found written beside it', () => {
    const selector = { matchLabels: { role: 'primary' } };
    const buckets = [
      aBucket('a', { labels: { role: 'other' } }),
      aBucket('b', { labels: { role: 'primary' } }),
    ];
    expect(resolve({ bucketSelector: selector }, buckets)).toEqual({
      bucketSelector: selector,
      bucketRef: { name: 'b' },
      bucket: 'b-in-aws',
    });
  });

  test('by controller takes only a resource of the same composite', () => {
    const buckets = [aBucket('a', { controllerUid: 'x' }), aBucket('b', { controllerUid: 'y' })];
    const of = aManagedResource({ controllerUid: 'y' });
    const resolved = resolve({ bucketSelector: { matchControllerRef: true } }, buckets, { of });
    expect(resolved).toMatchObject({ bucket: 'b-in-aws' });
  });

  test('by controller finds nothing for a resource without one', () => {
    const lookup = () => resolve({ bucketSelector: { matchControllerRef: true } }, [aBucket('a')]);
    expect(lookup).toThrow('no resources matched selector');
  });

  test('inside a list is resolved in each item', () => {
    const rule = [{ id: 'r', destination: { bucketRef: { name: 'b' } } }];
    expect(resolve({ rule }, [aBucket('b')], { reference: DESTINATION })).toEqual({
      rule: [{ id: 'r', destination: { bucketRef: { name: 'b' }, bucket: 'arn:aws:s3:::b' } }],
    });
  });

  test('is left alone where the field has a value', () => {
    const parameters = { bucket: 'given', bucketRef: { name: 'a' } };
    expect(resolve(parameters, [aBucket('a')])).toBe(parameters);
  });

  test('is looked up again each time under the policy Always', () => {
    const bucketRef = { name: 'a', policy: { resolve: 'Always' } };
    expect(resolve({ bucket: 'old', bucketRef }, [aBucket('a')])).toMatchObject({
      bucket: 'a-in-aws',
    });
  });

  test('in the namespaced form is looked up in its own namespace', () => {
    const buckets = [aBucket('a', { namespace: 'one' }), aBucket('b', { namespace: 'two' })];
    const of = aManagedResource({ namespace: 'two' });
    expect(resolve({ bucketSelector: {} }, buckets, { of })).toMatchObject({
      bucketRef: { name: 'b' },
    });
    expect(() => resolve({ bucketRef: { name: 'a' } }, buckets, { of })).toThrow('"a" not found');
  });

  test('waits for a resource that has no value yet', () => {
    const young = aBucket('a', { annotations: {} });
    expect(() => resolve({ bucketRef: { name: 'a' } }, [young])).toThrow(UnresolvedReference);
    expect(() => resolve({ bucketRef: { name: 'a' } }, [young])).toThrow('may not yet be ready');
  });

  test('that is optional does not wait', () => {
    const parameters = { bucketSelector: { policy: { resolution: 'Optional' } } };
    expect(resolve(parameters, [])).toBe(parameters);
  });
});
