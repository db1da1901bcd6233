/** One served version of a CustomResourceDefinition, made into a resource. */
import type { KubernetesObject, Stored } from '../../../support/kubernetes/objects.js';
import { Rules } from '../cel/rules.js';
import type { FieldError } from '../http/status-error.js';
import { formatJson, isEqual, isJsonObject, sortedKeys, type JsonObject } from '../json/json.js';
import { faultOfSubdomain } from '../resources/names.js';
import { byPriority } from '../resources/registry.js';
import { CUSTOM_VERBS, type Resource } from '../resources/resource.js';
import { decode, DecodeError, decodeFailure, DecodeFailure } from '../schema/decode.js';
import { normalizeTime } from '../schema/kubernetes-time.js';
import { OBJECT_META, TYPE_META } from '../schema/object-meta.js';
import { applyDefaults, prune, type Nulls } from '../schema/pruning.js';
import type { Schema } from '../schema/schema.js';
import { validate } from '../schema/validation.js';
import {
  CREATED_COLUMN,
  formatAge,
  NAME_COLUMN,
  type Cell,
  type Column,
} from '../tables/columns.js';
import { JsonPath } from '../tables/json-path.js';
import type { Definition, DefinitionVersion } from './definition.js';
import { scaleFaults } from './scale-faults.js';

/** Faults after which rules are not run: a value of this kind may be none that they can be asked about. */
const BLOCKING = new Set(['NotSupported', 'Required', 'TooLong', 'TooMany', 'TypeInvalid']);

const RULES_NOT_CHECKED: FieldError = {
  type: 'Invalid',
  field: undefined,
  value: null,
  detail:
    'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
};

export function customResource(definition: Definition, version: DefinitionVersion): Resource {
  const { group, names, scope } = definition.spec;
  const { kind, plural } = names;
  const declared = version.schema?.openAPIV3Schema ?? {};
  const schema = withMetadata(declared);
  // Compiled at the first write: a server with hundreds of definitions starts without waiting for them.
  let compiled: Rules | undefined;
  const rulesOf = () => (compiled ??= Rules.compile(declared, '', () => undefined));
  const isTerminating = definition.metadata.deletionTimestamp !== undefined;
  const storageVersion = definition.spec.versions.find(({ storage }) => storage) ?? version;
  const schemaOf = (apiVersion: string) =>
    definition.spec.versions.find(({ name }) => `${group}/${name}` === apiVersion)?.schema
      ?.openAPIV3Schema ?? declared;
  const { additionalPrinterColumns: columns = [], subresources } = version;
  return {
    group,
    version: version.name,
    kind,
    listKind: names.listKind ?? `${kind}List`,
    plural,
    singular: names.singular ?? kind.toLowerCase(),
    shortNames: names.shortNames ?? [],
    categories: names.categories ?? [],
    isNamespaced: scope === 'Namespaced',
    isCustom: true,
    verbs: CUSTOM_VERBS,
    storedAs: `${group}/${storageVersion.name}/${kind}`,
    storage: `${plural}.${group}`,
    schema,
    hasStatus: subresources?.status !== undefined,
    scale: subresources?.scale,
    columns:
      columns.length === 0 ? [NAME_COLUMN, age()] : [NAME_COLUMN, ...columns.map(printerColumn)],
    selectableFields: (version.selectableFields ?? []).map(({ jsonPath }) =>
      jsonPath.replace(/^\./, ''),
    ),
    deprecationWarning: deprecationOf(definition, version),
    hasGeneration: true,
    allowsUnconditionalUpdate: false,
    allowsCreateOnUpdate: false,
    creationRefusal: isTerminating
      ? 'create not allowed while custom resource definition is terminating'
      : undefined,
    readBody: (body, nulls) => readBody(body, declared, kind, version.name, nulls),
    prepareCreate: (object) => {
      if (subresources?.status === undefined) return object;
      const { status: _status, ...rest } = object;
      return rest;
    },
    prepareUpdate: (object) => object,
    validate: (object, live, warn) => {
      const before = live === undefined ? undefined : withoutMetadata(live);
      const errors = [
        ...validate(withoutMetadata(object), declared, '', before),
        ...scaleFaults(object, subresources?.scale),
      ];
      const rules = rulesOf();
      if (rules.isEmpty) return errors;
      if (errors.some(({ type }) => BLOCKING.has(type))) return [...errors, RULES_NOT_CHECKED];
      return [...errors, ...rules.check(object, live, warn)];
    },
    validateName: faultOfSubdomain,
    fromStored: (object) =>
      show(object, schemaOf(object.apiVersion), declared, `${group}/${version.name}`),
    toStored: (object) => {
      if (storageVersion === version) return object;
      const stored = { ...object, apiVersion: `${group}/${storageVersion.name}` };
      const schema = schemaOf(stored.apiVersion);
      return show(stored as Stored, schema, schema, stored.apiVersion);
    },
  };
}

function withMetadata(declared: Schema): Schema {
  return {
    ...declared,
    type: 'object',
    properties: { ...TYPE_META, ...declared.properties, metadata: OBJECT_META },
  };
}

function readBody(
  body: JsonObject,
  declared: Schema,
  kind: string,
  version: string,
  nulls: Nulls = 'dropped',
) {
  const { apiVersion, kind: sentKind, metadata = {}, ...content } = body;
  const unknownFields: string[] = [];
  const read = readMetadata(metadata, kind, version);
  const pruned = prune(content, declared, '', unknownFields);
  const defaulted = applyDefaults(pruned, declared, nulls) as JsonObject;
  const { apiVersion: _apiVersion, kind: _kind, metadata: _metadata, ...rest } = defaulted;
  const object = {
    apiVersion,
    kind: sentKind,
    metadata: read.value,
    ...rest,
  } as unknown as KubernetesObject;
  return { object, unknownFields: [...read.unknownFields, ...unknownFields].sort() };
}

function readMetadata(metadata: unknown, kind: string, version: string) {
  if (!isJsonObject(metadata ?? {})) {
    const type = Array.isArray(metadata) ? 'array' : typeof metadata;
    throw decodeFailure(
      kind,
      version,
      `json: cannot unmarshal ${type} into Go struct field ObjectMeta.metadata of type v1.ObjectMeta`,
    );
  }
  try {
    return decode((metadata ?? {}) as JsonObject, OBJECT_META, 'ObjectMeta', 'metadata');
  } catch (error) {
    if (error instanceof DecodeError) throw new DecodeFailure(kind, version, error);
    throw error;
  }
}

/**
 * A stored object, pruned and defaulted by the schema of the version it is stored in, as that is now; under another
 * version also without what that one does not know.
 */
function show(stored: Stored, storedSchema: Schema, declared: Schema, apiVersion: string): Stored {
  const { apiVersion: storedVersion, kind, metadata, ...content } = stored;
  const seen = applyDefaults(prune(content, storedSchema, '', []), storedSchema);
  if (storedVersion === apiVersion && isEqual(seen, content)) return stored;
  const known = storedVersion === apiVersion ? seen : prune(seen, declared, '', []);
  const {
    apiVersion: _apiVersion,
    kind: _kind,
    metadata: _metadata,
    ...rest
  } = known as JsonObject;
  return { apiVersion, kind, metadata, ...rest };
}

/** The schema may speak of metadata, but what it says is not enforced except by rules. */
function withoutMetadata({ metadata, ...rest }: KubernetesObject): JsonObject {
  return { ...rest, metadata: { name: metadata.name } };
}

function deprecationOf({ spec }: Definition, version: DefinitionVersion): string | undefined {
  if (version.deprecated !== true) return undefined;
  const { group, names } = spec;
  const better = spec.versions
    .filter(({ name, served, deprecated }) => {
      return served && deprecated !== true && byPriority(name, version.name) < 0;
    })
    .map(({ name }) => name)
    .sort(byPriority)[0];
  const advice = better === undefined ? '' : `; use ${group}/${better} ${names.kind}`;
  return (
    version.deprecationWarning ?? `${group}/${version.name} ${names.kind} is deprecated${advice}`
  );
}

function age(): Column {
  return printerColumn({
    name: 'Age',
    type: 'date',
    jsonPath: '.metadata.creationTimestamp',
    description: CREATED_COLUMN.description,
  });
}

function printerColumn(
  column: NonNullable<DefinitionVersion['additionalPrinterColumns']>[number],
): Column {
  const { name, type, format, jsonPath, description, priority = 0 } = column;
  const path = JsonPath.parse(jsonPath);
  return {
    name,
    type,
    ...(format === undefined ? {} : { format }),
    description:
      description ?? `Custom resource definition column (in JSONPath format): ${jsonPath}`,
    priority,
    cell: (object, nowMs) => cellOf(path?.find(object) ?? [], type, nowMs),
  };
}

function cellOf(found: readonly unknown[], type: string, nowMs: number): Cell {
  const [first] = found;
  if (first === undefined || first === null) return null;
  switch (type) {
    case 'integer':
      return typeof first === 'number'
        ? Math.trunc(first)
        : typeof first === 'bigint'
          ? Number(first)
          : null;
    case 'number':
      return typeof first === 'number' ? first : null;
    case 'boolean':
      return typeof first === 'boolean' ? first : null;
    case 'date':
      return typeof first === 'string' ? ageOf(first, nowMs) : null;
    default:
      return printed(first);
  }
}

function ageOf(time: string, nowMs: number): string {
  if (time === '') return formatAge(undefined, nowMs);
  try {
    return formatAge(normalizeTime(time, 'Time'), nowMs);
  } catch {
    return '<invalid>';
  }
}

/** As Go's JSONPath prints what it found: text as it is, objects and lists as JSON with sorted keys. */
function printed(value: unknown): string {
  return typeof value === 'string' ? value : formatJson(sortedKeys(value));
}
