/** Tells which Composition and revision a composite has now, where that is news. */
import type { Stored } from '../../../support/kubernetes/objects.js';
import type { EngineContext } from '../engine-context.js';
import type { Composite, Machinery } from './composite.js';
import type { Selection } from './select-composition.js';

export function reportSelection(
  composite: Stored<Composite>,
  before: Machinery,
  { composition, revision, revisionSelector, chosenBy }: Selection,
  { events }: EngineContext,
): void {
  const tell = (words: string) => events.normal(composite, 'SelectComposition', words);
  if (chosenBy !== undefined) {
    const words = `${chosenBy} composition has been selected`;
    events.normal(composite, 'CompositionSelection', words);
  }
  if (revisionSelector !== undefined) {
    const words = 'Default revision selector has been selected';
    events.normal(composite, 'CompositionSelection', words);
  }
  if (composition !== undefined && before.compositionRef?.name !== composition) {
    tell(`Successfully selected composition: ${composition}`);
  }
  const name = revision?.metadata.name;
  if (name !== undefined && before.compositionRevisionRef?.name !== name) {
    tell(`Selected composition revision: ${name}`);
  }
}
