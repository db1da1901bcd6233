import { describe, expect, test } from '@jest/globals';
import type { Machinery } from '../../../../src/local/crossplane/composites/composite.js';
import { selectComposition } from '../../../../src/local/crossplane/composites/select-composition.js';
import type { Definition } from '../../../../src/local/crossplane/definitions/definition.js';
import { aComposition, aDefinition, aRevision, TYPE } from '../a-definition.js';

const dev = aComposition('dev', { labels: { tier: 'dev' } });
const prod = aComposition('prod', { labels: { tier: 'prod' } });
const foreign = aComposition('foreign', {
  spec: { compositeTypeRef: { ...TYPE, kind: 'XOther' } },
});
const edge = aComposition('prod', { labels: { tier: 'prod', channel: 'edge' } });
const revisions = [aRevision(dev), aRevision(prod), aRevision(edge, 2), aRevision(foreign)];

function select(machinery: Machinery, definition: Partial<Definition['spec']> = {}) {
  return selectComposition({ ...TYPE, metadata: { name: 'x' } }, machinery, {
    definition: aDefinition(definition),
    compositions: [prod, foreign, dev],
    revisions,
  });
}

describe('the composition of a composite', () => {
  test.each<{
    sentence: string;
    machinery: Machinery;
    definition?: Partial<Definition['spec']>;
    composition: string;
  }>([
    { sentence: 'is the first that fits where nobody chose', machinery: {}, composition: 'dev' },
    {
      sentence: 'is the one that it names',
      machinery: { compositionRef: { name: 'prod' } },
      composition: 'prod',
    },
    {
      sentence: 'is the one with the labels that it selects by',
      machinery: { compositionSelector: { matchLabels: { tier: 'prod' } } },
      composition: 'prod',
    },
    {
      sentence: 'is the default of its definition where it chose nothing',
      machinery: {},
      definition: { defaultCompositionRef: { name: 'prod' } },
      composition: 'prod',
    },
    {
      sentence: 'is its own rather than the default',
      machinery: { compositionRef: { name: 'dev' } },
      definition: { defaultCompositionRef: { name: 'prod' } },
      composition: 'dev',
    },
    {
      sentence: 'is the enforced one whatever it names',
      machinery: { compositionRef: { name: 'dev' } },
      definition: { enforcedCompositionRef: { name: 'prod' } },
      composition: 'prod',
    },
  ])('$sentence', ({ machinery, definition, composition }) => {
    expect(select(machinery, definition).composition).toBe(composition);
  });

  test('is refused where none has the labels', () => {
    expect(() => select({ compositionSelector: { matchLabels: { tier: 'gold' } } })).toThrow(
      'no compatible Compositions found',
    );
  });

  test('is refused where it is of another type', () => {
    expect(() => select({ compositionRef: { name: 'foreign' } })).toThrow('not compatible');
  });
});

describe('the revision of a composite', () => {
  test('is the latest', () => {
    expect(select({ compositionRef: { name: 'prod' } }).revision.spec.revision).toBe(2);
  });

  test('stays where updates are manual', () => {
    const machinery = {
      compositionRef: { name: 'prod' },
      compositionUpdatePolicy: 'Manual',
      compositionRevisionRef: { name: aRevision(prod).metadata.name },
    } as const;
    expect(select(machinery).revision.spec.revision).toBe(1);
  });

  test('is the latest of those that its selector allows', () => {
    const machinery = { compositionRevisionSelector: { matchLabels: { channel: 'edge' } } };
    expect(select({ ...machinery, compositionRef: { name: 'prod' } }).revision.spec.revision).toBe(
      2,
    );
    expect(() => select({ ...machinery, compositionRef: { name: 'dev' } })).toThrow('no revision');
  });
});
