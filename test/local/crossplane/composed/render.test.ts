import { describe, expect, test } from '@jest/globals';
import type { Stored } from '../../../../src/support/kubernetes/objects.js';
import type { Composite } from '../../../../src/local/crossplane/composites/composite.js';
import {
  composedManager,
  composedName,
  render,
} from '../../../../src/local/crossplane/composed/render.js';
import { TYPE } from '../a-definition.js';

function aComposite(name = 'dev-x', uid = 'u-1', labels = {}): Stored<Composite> {
  const own = { 'crossplane.io/composite': name, ...labels };
  return { ...TYPE, metadata: { name, uid, resourceVersion: '1', labels: own } };
}

const nameOf = (template: string, composite = aComposite()): string =>
  composedName(`${composite.metadata.name}-`, composite, template);

const KEY = { apiVersion: 'kms.aws.upbound.io/v1beta1', kind: 'Key', spec: {} };
const CLAIMED = { 'crossplane.io/claim-name': 'dev', 'crossplane.io/claim-namespace': 'team' };

describe('the name of a composed resource', () => {
  test('is the same whenever the same composite makes the same template', () => {
    expect(nameOf('key')).toMatch(/^dev-x-[0-9a-f]{12}$/);
    expect(nameOf('key')).toBe(nameOf('key'));
  });

  test('is another for another template, and for a composite made again', () => {
    const names = [nameOf('key'), nameOf('queue'), nameOf('key', aComposite('dev-x', 'u-2'))];
    expect(new Set(names).size).toBe(3);
  });

  test('has at most 63 characters', () => {
    expect(nameOf('key', aComposite('x'.repeat(63)))).toHaveLength(63);
  });
});

describe('a composed resource', () => {
  test('carries the labels, annotation and owner that Crossplane gives', () => {
    const { metadata } = render('key', KEY, aComposite('dev-x', 'u-1', CLAIMED), undefined);
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
    const { metadata } = render('key', wanted, aComposite(), undefined);
    expect(metadata.name).toBe('fixed');
    expect(metadata).not.toHaveProperty('generateName');
  });

  test('takes the generateName of its template, with an end that is the same each time', () => {
    const wanted = { ...KEY, metadata: { generateName: 'mine' } };
    const { metadata } = render('key', wanted, aComposite(), undefined);
    expect(metadata).toMatchObject({
      generateName: 'mine',
      name: expect.stringMatching(/^mine-[0-9a-f]{12}$/),
    });
  });

  test('of a composite that another has composed carries the name of the uppermost', () => {
    const nested = aComposite('dev-x-1', 'u-2', { 'crossplane.io/composite': 'dev-x', ...CLAIMED });
    const { metadata } = render('key', KEY, nested, undefined);
    expect(metadata).toMatchObject({
      generateName: 'dev-x-',
      labels: { 'crossplane.io/composite': 'dev-x', ...CLAIMED },
      ownerReferences: [{ name: 'dev-x-1' }],
    });
  });

  test('keeps owners that its template names, but has one controller', () => {
    const owner = { ...TYPE, name: 'other', uid: 'o' };
    const owned = (ownerReferences: object[]) => ({ ...KEY, metadata: { ownerReferences } });
    const { metadata } = render('key', owned([owner]), aComposite(), undefined);
    expect(metadata.ownerReferences?.map(({ uid }) => uid)).toEqual(['o', 'u-1']);
    expect(() =>
      render('key', owned([{ ...owner, controller: true }]), aComposite(), undefined),
    ).toThrow('is already controlled by XThing other (UID o)');
  });

  test('keeps the name under which it exists', () => {
    const existing = { ...KEY, metadata: { name: 'older', uid: 'k', resourceVersion: '1' } };
    expect(render('key', KEY, aComposite(), existing).metadata.name).toBe('older');
  });

  test.each([{ generateName: 'dev-x-' }, {}])(
    'keeps %o of what exists, whose name functions repeat',
    (generated) => {
      const metadata = { name: 'older', uid: 'k', resourceVersion: '1', ...generated };
      const wanted = { ...KEY, metadata: { name: 'older' } };
      const rendered = render('key', wanted, aComposite(), { ...KEY, metadata });
      expect(rendered.metadata.generateName).toBe(metadata.generateName);
    },
  );

  test('lives in the namespace of its composite', () => {
    const composite = aComposite();
    composite.metadata.namespace = 'team';
    expect(render('key', KEY, composite, undefined).metadata.namespace).toBe('team');
  });

  test('is applied by a manager of its composite’s own', () => {
    expect(composedManager(aComposite())).toMatch(
      /^apiextensions\.crossplane\.io\/composed\/[0-9a-f]{64}$/,
    );
    expect(composedManager(aComposite('a'))).not.toBe(composedManager(aComposite('b')));
  });
});
