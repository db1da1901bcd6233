import { describe, expect, test } from '@jest/globals';
import { ManagementPolicy } from '../../../../src/local/provider-aws/managed/management-policy.js';
import type { ManagedSpec } from '../../../../src/local/provider-aws/managed/managed-resource.js';
import { aManagedResource } from './a-managed-resource.js';

function policyOf(spec: ManagedSpec): ManagementPolicy {
  return new ManagementPolicy(aManagedResource({ spec }));
}

describe('management policies', () => {
  test.each([
    { sentence: 'the default deletes', spec: {}, mayDelete: true },
    { sentence: 'Orphan keeps', spec: { deletionPolicy: 'Orphan' as const }, mayDelete: false },
    {
      sentence: 'policies without Delete keep',
      spec: { managementPolicies: ['Observe', 'Create', 'Update'] },
      mayDelete: false,
    },
    {
      sentence: 'a default of Delete does not widen them',
      spec: { deletionPolicy: 'Delete' as const, managementPolicies: ['Observe'] },
      mayDelete: false,
    },
    {
      sentence: 'Delete in the policies outweighs Orphan',
      spec: { deletionPolicy: 'Orphan' as const, managementPolicies: ['Observe', 'Delete'] },
      mayDelete: true,
    },
  ])('$sentence', ({ spec, mayDelete }) => {
    expect(policyOf(spec).mayDelete).toBe(mayDelete);
  });

  test('an empty list pauses', () => {
    expect(policyOf({ managementPolicies: [] }).isPaused).toBe(true);
    expect(policyOf({}).isPaused).toBe(false);
  });

  test('the annotation pauses with "true" and no other value', () => {
    const paused = (value: string) =>
      new ManagementPolicy(aManagedResource({ annotations: { 'crossplane.io/paused': value } }))
        .isPaused;
    expect(paused('true')).toBe(true);
    expect(paused('yes')).toBe(false);
  });

  test('a combination that the real provider does not know is refused', () => {
    expect(policyOf({ managementPolicies: ['Create', 'Delete'] }).refusal).toContain(
      'not supported',
    );
    expect(policyOf({ managementPolicies: ['Delete', 'Observe'] }).refusal).toBeUndefined();
  });
});
