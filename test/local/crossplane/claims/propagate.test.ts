import { describe, expect, test } from '@jest/globals';
import type { Stored } from '../../../../src/support/kubernetes/objects.js';
import type { Claim } from '../../../../src/local/crossplane/claims/claim.js';
import { compositeName } from '../../../../src/local/crossplane/claims/composite-name.js';
import {
  desiredComposite,
  returnedSpec,
  returnedStatus,
} from '../../../../src/local/crossplane/claims/propagate.js';
import { aDefinition, TYPE } from '../a-definition.js';

function aClaim(
  spec: Claim['spec'] = {},
  metadata: Partial<Claim['metadata']> = {},
): Stored<Claim> {
  return {
    apiVersion: TYPE.apiVersion,
    kind: 'Thing',
    metadata: { name: 'dev', namespace: 'team', uid: 'u', resourceVersion: '1', ...metadata },
    spec,
  };
}

const down = (claim: Stored<Claim>, definition = aDefinition()) =>
  desiredComposite(claim, TYPE, 'dev-x', definition);

describe('the name of a composite', () => {
  test('is the claim’s with five characters of chance', () => {
    expect(compositeName('dev', () => 0)).toBe('dev-bbbbb');
    expect(compositeName('dev', () => 0.999)).toBe('dev-99999');
  });

  test('fits a label however long the claim’s is', () => {
    expect(compositeName('n'.repeat(63), Math.random)).toHaveLength(63);
  });
});

describe('a claim gives its composite', () => {
  test('the author’s fields and a reference back, but not how it is bound', () => {
    const resourceRef = { ...TYPE, name: 'dev-x' };
    const claim = aClaim({ size: 3, resourceRef, compositeDeletePolicy: 'Foreground' });
    expect(down(claim).spec).toEqual({
      size: 3,
      claimRef: { apiVersion: TYPE.apiVersion, kind: 'Thing', namespace: 'team', name: 'dev' },
    });
  });

  test('its labels, but not those of Kubernetes', () => {
    const labels = { team: 'pay', 'app.kubernetes.io/name': 'x', 'node.k8s.io/y': 'z' };
    expect(down(aClaim({}, { labels })).metadata.labels).toEqual({
      team: 'pay',
      'crossplane.io/claim-name': 'dev',
      'crossplane.io/claim-namespace': 'team',
    });
  });

  test.each([
    { policy: 'Manual', isPinned: true },
    { policy: 'Automatic', isPinned: false },
  ] as const)('its revision where updates are $policy: $isPinned', ({ policy, isPinned }) => {
    const compositionRevisionRef = { name: 'main-1' };
    const { spec } = down(aClaim({ compositionRevisionRef, compositionUpdatePolicy: policy }));
    expect('compositionRevisionRef' in (spec ?? {})).toBe(isPinned);
  });

  test('no composition where the definition enforces one', () => {
    const claim = aClaim({ compositionRef: { name: 'own' } });
    const enforced = aDefinition({ enforcedCompositionRef: { name: 'main' } });
    expect(down(claim).spec).toHaveProperty('compositionRef');
    expect(down(claim, enforced).spec).not.toHaveProperty('compositionRef');
  });
});

describe('a composite gives its claim', () => {
  const composite = {
    ...TYPE,
    metadata: { name: 'dev-x' },
    spec: { compositionRef: { name: 'main' }, compositionRevisionRef: { name: 'main-2' } },
    status: { arn: 'arn:new', conditions: [{ type: 'Responsive' }] },
  };

  test('what was selected', () => {
    expect(returnedSpec(aClaim(), composite, aDefinition())).toEqual(composite.spec);
  });

  test('no composition where the claim has chosen', () => {
    const claim = aClaim({ compositionRef: { name: 'own' } });
    expect(returnedSpec(claim, composite, aDefinition())).not.toHaveProperty('compositionRef');
  });

  test('the author’s status in the place of the former one, beside the claim’s own conditions', () => {
    const conditions = [{ type: 'Ready' }];
    const claim = { ...aClaim(), status: { conditions, gone: true } };
    expect(returnedStatus(claim, composite)).toEqual({ arn: 'arn:new', conditions });
  });
});
