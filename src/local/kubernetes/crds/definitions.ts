/** CustomResourceDefinition as a kind of its own: its schema, its defaults and its columns. What makes one valid is in `definition-validation.ts`. */
import {
  builtIn,
  column,
  CONDITIONS,
  flag,
  free,
  int32,
  list,
  object,
  pointer,
  struct,
  text,
} from '../built-in/built-in.js';
import type { Schema } from '../schema/schema.js';
import { CREATED_COLUMN, NAME_COLUMN } from '../tables/columns.js';
import { decodeFailure } from '../schema/decode.js';
import type { Resource } from '../resources/resource.js';
import type { Definition, DefinitionNames } from './definition.js';
import { validateDefinition } from './definition-validation.js';
import { readSchema, SchemaTypeError } from './schema-words.js';
import { formatWarnings } from './unrecognized-formats.js';

export const CLEANUP_FINALIZER = 'customresourcecleanup.apiextensions.k8s.io';

const NAMES = object('The names of the kind.', {
  plural: text('As in addresses and lists.'),
  singular: text('As on the command line.'),
  kind: text('As in objects.'),
  listKind: text('The kind of its lists.'),
  shortNames: {
    ...list('Short forms for the command line.', { type: 'string' }),
    'x-kubernetes-list-type': 'atomic',
  },
  categories: {
    ...list('Groups of kinds, as in kubectl get all.', { type: 'string' }),
    'x-kubernetes-list-type': 'atomic',
  },
});

const VERSION: Schema = {
  goType: 'CustomResourceDefinitionVersion',
  ...object('One version of the kind.', {
    name: text('As in apiVersion.'),
    served: flag('Whether it is served.'),
    storage: flag('Whether objects are stored in it; true for exactly one.'),
    deprecated: flag('Whether its use is warned of.'),
    deprecationWarning: pointer(text('What is warned.')),
    schema: object('What its objects may hold.', {
      openAPIV3Schema: free('The structural schema.'),
    }),
    subresources: pointer(
      object('Addresses beside that of the object.', {
        status: pointer(object('Status is written apart.', {})),
        scale: pointer(
          object('Where replicas are.', {
            specReplicasPath: text('Path of the wanted replicas.'),
            statusReplicasPath: text('Path of the actual replicas.'),
            labelSelectorPath: pointer(text('Path of the selector.')),
          }),
        ),
      }),
    ),
    additionalPrinterColumns: {
      ...list(
        'What kubectl get shows.',
        object('A column.', {
          name: text('Its heading.'),
          type: text('integer, number, string, boolean or date.'),
          format: text('Its format.'),
          description: text('What it is.'),
          priority: int32('Above 0: shown with -o wide only.'),
          jsonPath: text('Where its value is.'),
        }),
      ),
      'x-kubernetes-list-type': 'atomic',
    },
    selectableFields: {
      ...list(
        'Fields that field selectors can name.',
        object('A field.', { jsonPath: text('Where it is.') }),
      ),
      'x-kubernetes-list-type': 'atomic',
    },
  }),
  required: ['name', 'served', 'storage'],
};

const kind = builtIn({
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  shortNames: ['crd', 'crds'],
  categories: ['api-extensions'],
  isNamespaced: false,
  description: 'CustomResourceDefinition adds a kind to the server.',
  hasStatus: true,
  hasGeneration: true,
  required: ['spec'],
  properties: {
    spec: struct('CustomResourceDefinitionSpec', 'The kind.', {
      group: text('The group of the kind.'),
      scope: text('Namespaced or Cluster.'),
      names: NAMES,
      versions: {
        ...list('The versions of the kind.', VERSION),
        'x-kubernetes-list-type': 'atomic',
      },
      conversion: pointer(
        object('How objects are brought from version to version.', {
          strategy: text('None: only apiVersion changes.'),
          webhook: free('Not supported here.'),
        }),
      ),
      preserveUnknownFields: flag('Must be false.'),
    }),
    status: object('What is served.', {
      conditions: CONDITIONS,
      acceptedNames: NAMES,
      storedVersions: {
        ...list('Versions in which objects were ever stored.', { type: 'string' }),
        'x-kubernetes-list-type': 'atomic',
      },
    }),
  },
  columns: [
    NAME_COLUMN,
    { ...column('Created At', () => ''), type: 'date', cell: CREATED_COLUMN.cell },
  ],
  normalize: (sent) => withDefaults(sent as Definition),
  prepareCreate: (created) =>
    withStoredVersion({
      ...created,
      status: { conditions: null, acceptedNames: { plural: '', kind: '' } },
    } as unknown as Definition),
  prepareUpdate: (updated) => withStoredVersion(updated as Definition),
  validate: (definition, live, warn) => {
    const [next, before] = [definition as Definition, live as Definition | undefined];
    const faults = validateDefinition(next, before);
    if (faults.length === 0) formatWarnings(next, before).forEach(warn);
    return faults;
  },
});

export const definitions: Resource = {
  ...kind,
  readBody: (body) => {
    const { object: read, unknownFields } = kind.readBody(body);
    const unknown: string[] = [];
    try {
      const definition = withReadSchemas(read as Definition, unknown);
      return { object: definition, unknownFields: [...unknownFields, ...unknown] };
    } catch (error) {
      if (error instanceof SchemaTypeError)
        throw decodeFailure(kind.kind, kind.version, error.message);
      throw error;
    }
  },
};

function withReadSchemas(definition: Definition, unknown: string[]): Definition {
  const { spec } = definition as Partial<Definition>;
  const versions = (spec as Partial<Definition['spec']> | undefined)?.versions;
  if (spec === undefined || versions === undefined) return definition;
  const read = versions.map((version, index) => {
    const schema = version.schema?.openAPIV3Schema;
    if (schema === undefined) return version;
    const path = `spec.versions[${index}].schema.openAPIV3Schema`;
    return { ...version, schema: { openAPIV3Schema: readSchema(schema, path, unknown) as Schema } };
  });
  return { ...definition, spec: { ...spec, versions: read } };
}

function withDefaults(definition: Definition): Definition {
  const { spec = {} as Definition['spec'] } = definition as Partial<Definition>;
  const { names } = spec as Partial<Definition['spec']>;
  const { kind, listKind, singular } = names ?? ({} as Partial<DefinitionNames>);
  return {
    ...definition,
    spec: {
      ...spec,
      ...(names === undefined
        ? {}
        : {
            names: {
              ...names,
              singular: singular ?? (kind ?? '').toLowerCase(),
              listKind: listKind ?? `${kind ?? ''}List`,
            },
          }),
      conversion: spec.conversion ?? { strategy: 'None' },
    },
  };
}

/** The version objects are stored in now is one of those they were ever stored in. */
function withStoredVersion(definition: Definition): Definition {
  const stored = definition.status?.storedVersions ?? [];
  const { versions } = ((definition as Partial<Definition>).spec ?? {}) as Partial<
    Definition['spec']
  >;
  const storage = versions?.find((version) => version.storage)?.name;
  if (storage === undefined || stored.includes(storage)) return definition;
  return { ...definition, status: { ...definition.status, storedVersions: [...stored, storage] } };
}
