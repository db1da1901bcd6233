import { describe, expect, test } from '@jest/globals';
import {
  compositionHash,
  revisionOf,
} from '../../../../src/local/crossplane/compositions/revisions.js';
import { aComposition } from '../a-definition.js';

describe('a revision', () => {
  test('is named after its composition and the start of its digest', () => {
    const hash = compositionHash(aComposition());
    const { metadata, spec } = revisionOf(aComposition(), 3);
    expect(metadata.name).toBe(`main-${hash.slice(0, 7)}`);
    expect(metadata.labels).toEqual({
      'crossplane.io/composition-name': 'main',
      'crossplane.io/composition-hash': hash,
    });
    expect(spec.revision).toBe(3);
  });

  test('carries the labels and annotations of its composition', () => {
    const composition = aComposition('main', { labels: { channel: 'edge' } });
    composition.metadata.annotations = { note: 'x' };
    const { metadata } = revisionOf(composition, 1);
    expect(metadata.labels).toMatchObject({ channel: 'edge' });
    expect(metadata.annotations).toEqual({ note: 'x' });
  });
});

describe('the digest of a composition', () => {
  test('does not depend on the order of keys', () => {
    const { spec } = aComposition();
    const { mode: _, ...rest } = spec;
    const reordered = { ...aComposition(), spec: { mode: 'Pipeline' as const, ...rest } };
    expect(compositionHash(reordered)).toBe(compositionHash(aComposition()));
  });

  test.each([
    { sentence: 'changes with a label', other: aComposition('main', { labels: { a: 'b' } }) },
    {
      sentence: 'changes with the pipeline',
      other: aComposition('main', {
        spec: { pipeline: [{ step: 'other', functionRef: { name: 'f' } }] },
      }),
    },
  ])('$sentence', ({ other }) => {
    expect(compositionHash(other)).not.toBe(compositionHash(aComposition()));
  });

  test('fits the value of a label', () => {
    expect(compositionHash(aComposition())).toHaveLength(63);
  });
});
