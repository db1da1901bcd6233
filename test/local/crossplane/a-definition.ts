/** Valid objects of one small API, `Thing` claims of `XThing`s; a case shows only what differs. */
import type { Stored } from '../../../src/support/kubernetes/objects.js';
import type {
  Composition,
  CompositionRevision,
} from '../../../src/local/crossplane/compositions/composition.js';
import { revisionOf } from '../../../src/local/crossplane/compositions/revisions.js';
import type { Definition } from '../../../src/local/crossplane/definitions/definition.js';
import type { Schema } from '../../../src/local/crossplane/schemas/schema.js';

export const GROUP = 'shop.example.org';
export const TYPE = { apiVersion: `${GROUP}/v1`, kind: 'XThing' };

function stored(name: string): Stored['metadata'] {
  return { name, uid: `uid-of-${name}`, resourceVersion: '1', generation: 1 };
}

export function aSchema(spec: Schema = { properties: { size: { type: 'integer' } } }): Schema {
  return {
    type: 'object',
    properties: {
      spec: { type: 'object', ...spec },
      status: { type: 'object', properties: { arn: { type: 'string' } } },
    },
  };
}

export function aDefinition(spec: Partial<Definition['spec']> = {}): Stored<Definition> {
  return {
    apiVersion: 'apiextensions.crossplane.io/v1',
    kind: 'CompositeResourceDefinition',
    metadata: stored(`xthings.${GROUP}`),
    spec: {
      group: GROUP,
      names: { kind: 'XThing', plural: 'xthings' },
      claimNames: { kind: 'Thing', plural: 'things' },
      scope: 'LegacyCluster',
      defaultCompositeDeletePolicy: 'Background',
      defaultCompositionUpdatePolicy: 'Automatic',
      versions: [
        { name: 'v1', served: true, referenceable: true, schema: { openAPIV3Schema: aSchema() } },
      ],
      ...spec,
    },
  };
}

/** Of the form of Crossplane 2: no claims. */
export function aModernDefinition(scope: 'Namespaced' | 'Cluster'): Stored<Definition> {
  const { claimNames: _, defaultCompositeDeletePolicy: __, ...spec } = aDefinition().spec;
  return { ...aDefinition(), spec: { ...spec, scope } };
}

export function aComposition(
  name = 'main',
  { labels, spec }: { labels?: Record<string, string>; spec?: Partial<Composition['spec']> } = {},
): Stored<Composition> {
  return {
    apiVersion: 'apiextensions.crossplane.io/v1',
    kind: 'Composition',
    metadata: { ...stored(name), ...(labels === undefined ? {} : { labels }) },
    spec: {
      compositeTypeRef: TYPE,
      mode: 'Pipeline',
      pipeline: [{ step: 'compose', functionRef: { name: 'function-patch-and-transform' } }],
      ...spec,
    },
  };
}

export function aRevision(
  composition: Stored<Composition>,
  revision = 1,
): Stored<CompositionRevision> {
  const made = revisionOf(composition, revision);
  return {
    ...made,
    metadata: { ...made.metadata, ...stored(`${made.metadata.name}.${revision}`) },
  };
}
