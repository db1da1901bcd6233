import { describe, expect, test } from '@jest/globals';
import type { Stored } from '../../../../src/support/kubernetes/objects.js';
import type { Claim } from '../../../../src/local/crossplane/claims/claim.js';
import { compositeName } from '../../../../src/local/crossplane/claims/composite-name.js';
import {
  desiredComposite,
  returned,
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
    const labels = {
      team: 'pay',
      'app.kubernetes.io/name': 'x',
      'node.k8s.io/y': 'z',
      'my.k8s.io': '',
    };
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

  test('its revision where its composite’s updates are manual and it says nothing', () => {
    const claim = aClaim({ compositionRevisionRef: { name: 'main-1' } });
    const present = {
      ...TYPE,
      metadata: { name: 'dev-x' },
      spec: { compositionUpdatePolicy: 'Manual' },
    };
    const { spec } = desiredComposite(claim, TYPE, 'dev-x', aDefinition(), present);
    expect(spec).toMatchObject({ compositionRevisionRef: { name: 'main-1' } });
  });

  test('its revision until its composite follows the latest one by itself', () => {
    const compositionRevisionRef = { name: 'main-1' };
    const claim = aClaim({ compositionRevisionRef, compositionUpdatePolicy: 'Automatic' });
    const pinned = (compositionUpdatePolicy: 'Manual' | 'Automatic') => {
      const present = { ...TYPE, metadata: { name: 'dev-x' }, spec: { compositionUpdatePolicy } };
      return desiredComposite(claim, TYPE, 'dev-x', aDefinition(), present).spec;
    };
    expect(pinned('Manual')).toMatchObject({
      compositionRevisionRef,
      compositionUpdatePolicy: 'Automatic',
    });
    expect(pinned('Automatic')).not.toHaveProperty('compositionRevisionRef');
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
    spec: {
      compositionRef: { name: 'main' },
      compositionRevisionRef: { name: 'main-2' },
      compositionUpdatePolicy: 'Automatic',
    },
    status: { arn: 'arn:new', conditions: [{ type: 'Responsive' }] },
  };

  test('what was selected', () => {
    const { compositionUpdatePolicy: _, ...selected } = composite.spec;
    expect(returned(aClaim(), composite, aDefinition())).toEqual({ spec: selected });
    expect(returned(aClaim(selected), composite, aDefinition())).toBeUndefined();
  });

  test('no revision where updates are manual, whoever said so', () => {
    const spec = { ...composite.spec, compositionUpdatePolicy: 'Manual' };
    const patch = returned(aClaim(), { ...composite, spec }, aDefinition());
    expect(patch).toEqual({ spec: { compositionRef: { name: 'main' } } });
  });

  test('its external name, which stays with it', () => {
    const annotations = { 'crossplane.io/external-name': 'given' };
    const named = { ...composite, metadata: { name: 'dev-x', annotations } };
    expect(returned(aClaim(), named, aDefinition())).toMatchObject({ metadata: { annotations } });
    const wanted = desiredComposite(aClaim(), TYPE, 'dev-x', aDefinition(), named);
    expect(wanted.metadata.annotations).toEqual(annotations);
  });

  test('no composition where the claim has chosen', () => {
    const claim = aClaim({ compositionRef: { name: 'own' } });
    expect(returned(claim, composite, aDefinition())).not.toHaveProperty('spec.compositionRef');
  });

  test('the author’s status in the place of the former one, beside the claim’s own conditions', () => {
    const conditions = [{ type: 'Ready' }];
    const claim = { ...aClaim(), status: { conditions, gone: true } };
    expect(returnedStatus(claim, composite)).toEqual({ arn: 'arn:new', conditions });
  });
});
