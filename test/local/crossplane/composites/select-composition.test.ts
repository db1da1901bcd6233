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

  test.each<{ sentence: string; machinery: Machinery; message: string }>([
    {
      sentence: 'where none has the labels',
      machinery: { compositionSelector: { matchLabels: { tier: 'gold' } } },
      message: 'cannot select Composition: no compatible Compositions found',
    },
    {
      sentence: 'where it is of another type',
      machinery: { compositionRef: { name: 'foreign' } },
      message:
        'cannot configure composite resource: referenced composition is not compatible with this composite resource',
    },
    {
      sentence: 'where there is none of its name',
      machinery: { compositionRef: { name: 'gone' } },
      message:
        'cannot fetch Composition: cannot get Composition: Composition.apiextensions.crossplane.io "gone" not found',
    },
    {
      sentence: 'where its pinned revision is gone',
      machinery: {
        compositionRef: { name: 'prod' },
        compositionUpdatePolicy: 'Manual',
        compositionRevisionRef: { name: 'prod-1' },
      },
      message:
        'cannot fetch Composition: cannot get CompositionRevision: CompositionRevision.apiextensions.crossplane.io "prod-1" not found',
    },
    {
      sentence: 'where no revision has the labels',
      machinery: {
        compositionRef: { name: 'dev' },
        compositionUpdatePolicy: 'Automatic',
        compositionRevisionSelector: { matchLabels: { channel: 'edge' } },
      },
      message: 'cannot fetch Composition: no compatible CompositionRevisions found',
    },
  ])('is refused $sentence', ({ machinery, message }) => {
    expect(select(machinery).problem?.message).toBe(message);
  });
});

describe('the revision of a composite', () => {
  test('is the latest', () => {
    expect(select({ compositionRef: { name: 'prod' } }).revision?.spec.revision).toBe(2);
  });

  test('stays where updates are manual', () => {
    const machinery = {
      compositionRef: { name: 'prod' },
      compositionUpdatePolicy: 'Manual',
      compositionRevisionRef: { name: aRevision(prod).metadata.name },
    } as const;
    expect(select(machinery).revision?.spec.revision).toBe(1);
  });

  test.each<{ sentence: string; definition: Partial<Definition['spec']>; machinery: Machinery }>([
    {
      sentence: 'its own selector',
      definition: {},
      machinery: { compositionRevisionSelector: { matchLabels: { channel: 'stable' } } },
    },
    {
      sentence: 'the selector of its definition',
      definition: { defaultCompositionRevisionSelector: { matchLabels: { channel: 'stable' } } },
      machinery: {},
    },
  ])('is the latest that $sentence allows', ({ definition, machinery }) => {
    const stable = aComposition('prod', { labels: { tier: 'prod', channel: 'stable' } });
    const selected = selectComposition(
      { ...TYPE, metadata: { name: 'x' } },
      {
        compositionRef: { name: 'prod' },
        compositionUpdatePolicy: 'Automatic',
        ...machinery,
      },
      {
        definition: aDefinition(definition),
        compositions: [prod],
        revisions: [aRevision(stable, 1), aRevision(edge, 2)],
      },
    );
    expect(selected.revision?.spec.revision).toBe(1);
  });

  test('is none of a composition that was deleted and made again', () => {
    const again = { ...prod, metadata: { ...prod.metadata, uid: 'another' } };
    const { problem } = selectComposition(
      { ...TYPE, metadata: { name: 'x' } },
      { compositionRef: { name: 'prod' } },
      { definition: aDefinition(), compositions: [again], revisions },
    );
    expect(problem?.message).toContain('no compatible CompositionRevisions found');
  });
});
