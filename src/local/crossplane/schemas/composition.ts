/** Composition and CompositionRevision: the pipeline, and each state that it ever had. */
import { crossplaneCrd } from './crossplane-crd.js';
import {
  IMMUTABLE,
  ageColumn,
  conditions,
  int64,
  mapList,
  object,
  oneOf,
  text,
  textMap,
  withRules,
  type Column,
  type Schema,
} from './schema.js';

const credentials = mapList(
  'name',
  withRules(
    object(
      {
        name: text,
        secretRef: object({ name: text, namespace: text }, ['name', 'namespace']),
        source: oneOf(['None', 'Secret']),
      },
      ['name', 'source'],
    ),
    {
      rule: "self.source == 'Secret' && has(self.secretRef)",
      message: 'the Secret source requires a secretRef',
    },
  ),
);

const requiredResource = withRules(
  object(
    {
      apiVersion: text,
      kind: text,
      matchLabels: textMap,
      name: text,
      namespace: text,
      requirementName: text,
    },
    ['apiVersion', 'kind', 'requirementName'],
  ),
  {
    rule: '!(has(self.name) && has(self.matchLabels))',
    message: 'name and matchLabels are mutually exclusive',
  },
);

const step = object(
  {
    credentials,
    functionRef: object({ name: text }, ['name']),
    input: {
      type: 'object',
      'x-kubernetes-embedded-resource': true,
      'x-kubernetes-preserve-unknown-fields': true,
    },
    requirements: object({ requiredResources: mapList('requirementName', requiredResource) }),
    step: text,
  },
  ['functionRef', 'step'],
);

const steps = mapList('step', step);

const pipeline: Readonly<Record<string, Schema>> = {
  compositeTypeRef: withRules(
    object({ apiVersion: text, kind: text }, ['apiVersion', 'kind']),
    IMMUTABLE,
  ),
  mode: oneOf(['Pipeline'], 'Pipeline'),
  pipeline: { ...steps, minItems: 1, maxItems: 99 },
  writeConnectionSecretsToNamespace: text,
};

const NEEDS_PIPELINE = {
  rule: "self.mode == 'Pipeline' && has(self.pipeline)",
  message: 'an array of pipeline steps is required in Pipeline mode',
};

const typeColumns: readonly Column[] = [
  { name: 'XR-KIND', type: 'string', jsonPath: '.spec.compositeTypeRef.kind' },
  { name: 'XR-APIVERSION', type: 'string', jsonPath: '.spec.compositeTypeRef.apiVersion' },
  ageColumn,
];

export const compositionCrd = crossplaneCrd({
  group: 'apiextensions.crossplane.io',
  kind: 'Composition',
  plural: 'compositions',
  shortNames: ['comp'],
  versions: [
    {
      name: 'v1',
      stored: true,
      columns: typeColumns,
      properties: { spec: withRules(object(pipeline, ['compositeTypeRef']), NEEDS_PIPELINE) },
    },
  ],
});

export const compositionRevisionCrd = crossplaneCrd({
  group: 'apiextensions.crossplane.io',
  kind: 'CompositionRevision',
  plural: 'compositionrevisions',
  shortNames: ['comprev'],
  versions: [
    {
      name: 'v1',
      stored: true,
      columns: [{ name: 'REVISION', type: 'string', jsonPath: '.spec.revision' }, ...typeColumns],
      properties: {
        spec: object({ ...pipeline, pipeline: steps, revision: int64 }, [
          'compositeTypeRef',
          'revision',
        ]),
        status: object({ conditions }),
      },
    },
  ],
});

/** What functions may ask for by requirements: data that several compositions share. */
export const environmentConfigCrd = crossplaneCrd({
  group: 'apiextensions.crossplane.io',
  kind: 'EnvironmentConfig',
  plural: 'environmentconfigs',
  shortNames: ['envcfg'],
  versions: [
    {
      name: 'v1beta1',
      stored: true,
      columns: [ageColumn],
      properties: {
        data: {
          type: 'object',
          additionalProperties: { 'x-kubernetes-preserve-unknown-fields': true },
        },
      },
    },
  ],
});
