/**
 * CompositeResourceDefinition: v1, which has claims and connection secrets, and v2, which has neither.
 *
 * Both are one stored object, as in Crossplane. Conversion by webhook is refused as a value that is not supported.
 */
import { crossplaneCrd, type CrossplaneVersion } from './crossplane-crd.js';
import {
  IMMUTABLE,
  ageColumn,
  anything,
  conditionColumn,
  conditions,
  flag,
  int32,
  list,
  object,
  oneOf,
  text,
  textMap,
  texts,
  withRules,
  type Rule,
  type Schema,
} from './schema.js';

const names = object(
  {
    categories: { ...texts, 'x-kubernetes-list-type': 'atomic' },
    kind: text,
    listKind: text,
    plural: text,
    shortNames: { ...texts, 'x-kubernetes-list-type': 'atomic' },
    singular: text,
  },
  ['kind', 'plural'],
);

const LOWER_CASE: readonly Rule[] = [
  {
    rule: 'self.plural == self.plural.lowerAscii()',
    message: 'Plural name must be lowercase',
  },
  {
    rule: '!has(self.singular) || self.singular == self.singular.lowerAscii()',
    message: 'Singular name must be lowercase',
  },
];

const compositionRef = object({ name: text }, ['name']);
const typeReference = object({ apiVersion: text, kind: text }, ['apiVersion', 'kind']);

const version = object(
  {
    additionalPrinterColumns: list(
      object(
        {
          description: text,
          format: text,
          jsonPath: text,
          name: text,
          priority: int32,
          type: text,
        },
        ['jsonPath', 'name', 'type'],
      ),
    ),
    deprecated: flag,
    deprecationWarning: { ...text, maxLength: 256 },
    name: text,
    referenceable: flag,
    schema: object({ openAPIV3Schema: anything }),
    served: flag,
    subresources: object({
      scale: object({ labelSelectorPath: text, specReplicasPath: text, statusReplicasPath: text }, [
        'specReplicasPath',
        'statusReplicasPath',
      ]),
    }),
  },
  ['name', 'referenceable', 'served'],
);

interface Differences {
  readonly claimNames: Schema;
  readonly scope: Schema;
  readonly defaultCompositeDeletePolicy: Schema;
  readonly rules: readonly Rule[];
}

function properties(differences: Differences): Readonly<Record<string, Schema>> {
  return {
    spec: withRules(
      object(
        {
          claimNames: differences.claimNames,
          connectionSecretKeys: texts,
          conversion: object({ strategy: oneOf(['None']) }, ['strategy']),
          defaultCompositeDeletePolicy: differences.defaultCompositeDeletePolicy,
          defaultCompositionRef: compositionRef,
          defaultCompositionRevisionSelector: object({ matchLabels: textMap }, ['matchLabels']),
          defaultCompositionUpdatePolicy: oneOf(['Automatic', 'Manual'], 'Automatic'),
          enforcedCompositionRef: withRules(compositionRef, IMMUTABLE),
          group: withRules(text, IMMUTABLE),
          metadata: object({ annotations: textMap, labels: textMap }),
          names: withRules(names, IMMUTABLE, ...LOWER_CASE),
          scope: withRules(differences.scope, IMMUTABLE),
          versions: list(version),
        },
        ['group', 'names', 'versions'],
      ),
      ...differences.rules,
    ),
    status: object({
      conditions,
      controllers: object({
        compositeResourceClaimType: typeReference,
        compositeResourceType: typeReference,
      }),
    }),
  };
}

const columns = [
  conditionColumn('ESTABLISHED', 'Established'),
  conditionColumn('OFFERED', 'Offered'),
  ageColumn,
];

const v1: CrossplaneVersion = {
  name: 'v1',
  stored: true,
  deprecationWarning:
    'CompositeResourceDefinition v1 is deprecated and will be removed in a future release; consider migrating to v2',
  columns,
  properties: properties({
    claimNames: withRules(names, IMMUTABLE, ...LOWER_CASE),
    scope: oneOf(['LegacyCluster', 'Namespaced', 'Cluster'], 'LegacyCluster'),
    defaultCompositeDeletePolicy: oneOf(['Background', 'Foreground'], 'Background'),
    rules: [
      {
        rule: "self.scope == 'LegacyCluster' || !has(self.claimNames)",
        message: 'Only LegacyCluster composite resources can offer claims',
      },
      {
        rule: "self.scope == 'LegacyCluster' || !has(self.connectionSecretKeys)",
        message: 'Only LegacyCluster composite resources support connection secrets',
      },
    ],
  }),
};

const v2: CrossplaneVersion = {
  name: 'v2',
  stored: false,
  columns,
  properties: properties({
    claimNames: names,
    scope: oneOf(['Namespaced', 'Cluster'], 'Namespaced'),
    defaultCompositeDeletePolicy: oneOf(['Background', 'Foreground']),
    rules: [
      {
        rule: '!has(self.claimNames)',
        message: "Claims aren't supported in apiextensions.crossplane.io/v2",
      },
      {
        rule: '!has(self.connectionSecretKeys)',
        message: "XR connection secrets aren't supported in apiextensions.crossplane.io/v2",
      },
    ],
  }),
};

export const compositeResourceDefinitionCrd = crossplaneCrd({
  group: 'apiextensions.crossplane.io',
  kind: 'CompositeResourceDefinition',
  plural: 'compositeresourcedefinitions',
  shortNames: ['xrd', 'xrds'],
  versions: [v1, v2],
});
