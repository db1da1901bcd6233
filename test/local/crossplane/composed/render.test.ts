import { describe, expect, test } from '@jest/globals';
import type { Stored } from '../../../../src/support/kubernetes/objects.js';
import type { Composite } from '../../../../src/local/crossplane/composites/composite.js';
import {
  composedManager,
  composedName,
  render,
} from '../../../../src/local/crossplane/composed/render.js';
import { TYPE } from '../a-definition.js';

function aComposite(name = 'dev-x', uid = 'u-1'): Stored<Composite> {
  return { ...TYPE, metadata: { name, uid, resourceVersion: '1' } };
}

const KEY = { apiVersion: 'kms.aws.upbound.io/v1beta1', kind: 'Key', spec: {} };
const claimRef = { ...TYPE, kind: 'Thing', namespace: 'team', name: 'dev' };

describe('the name of a composed resource', () => {
  test('is the same whenever the same composite makes the same template', () => {
    expect(composedName(aComposite(), 'key')).toMatch(/^dev-x-[0-9a-f]{12}$/);
    expect(composedName(aComposite(), 'key')).toBe(composedName(aComposite(), 'key'));
  });

  test('is another for another template, and for a composite made again', () => {
    const names = [
      composedName(aComposite(), 'key'),
      composedName(aComposite(), 'queue'),
      composedName(aComposite('dev-x', 'u-2'), 'key'),
    ];
    expect(new Set(names).size).toBe(3);
  });

  test('has at most 63 characters', () => {
    expect(composedName(aComposite('x'.repeat(63)), 'key')).toHaveLength(63);
  });
});

describe('a composed resource', () => {
  test('carries the labels, annotation and owner that Crossplane gives', () => {
    const { metadata } = render('key', KEY, aComposite(), { claimRef }, undefined);
    expect(metadata).toMatchObject({
      generateName: 'dev-x-',
      labels: {
        'crossplane.io/composite': 'dev-x',
        'crossplane.io/claim-name': 'dev',
        'crossplane.io/claim-namespace': 'team',
      },
      annotations: { 'crossplane.io/composition-resource-name': 'key' },
      ownerReferences: [{ uid: 'u-1', controller: true, blockOwnerDeletion: true }],
    });
  });

  test('keeps a name that a patch gave it, and then has no generateName', () => {
    const wanted = { ...KEY, metadata: { name: 'fixed' } };
    const { metadata } = render('key', wanted, aComposite(), {}, undefined);
    expect(metadata.name).toBe('fixed');
    expect(metadata).not.toHaveProperty('generateName');
  });

  test('keeps the name under which it exists', () => {
    const existing = { ...KEY, metadata: { name: 'older', uid: 'k', resourceVersion: '1' } };
    expect(render('key', KEY, aComposite(), {}, existing).metadata.name).toBe('older');
  });

  test.each([{ generateName: 'dev-x-' }, {}])(
    'keeps %o of what exists, whose name functions repeat',
    (generated) => {
      const metadata = { name: 'older', uid: 'k', resourceVersion: '1', ...generated };
      const wanted = { ...KEY, metadata: { name: 'older' } };
      const rendered = render('key', wanted, aComposite(), {}, { ...KEY, metadata });
      expect(rendered.metadata.generateName).toBe(metadata.generateName);
    },
  );

  test('lives in the namespace of its composite', () => {
    const composite = aComposite();
    composite.metadata.namespace = 'team';
    expect(render('key', KEY, composite, {}, undefined).metadata.namespace).toBe('team');
  });

  test('is applied by a manager of its composite’s own', () => {
    expect(composedManager(aComposite())).toMatch(
      /^apiextensions\.crossplane\.io\/composed\/[0-9a-f]{64}$/,
    );
    expect(composedManager(aComposite('a'))).not.toBe(composedManager(aComposite('b')));
  });
});
