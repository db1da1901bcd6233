/** What makes a CustomResourceDefinition valid: names, versions, and a structural schema whose defaults and rules hold. */
import { conditionOf } from '../../../support/kubernetes/objects.js';
import { Rules } from '../cel/rules.js';
import { notSupported, type FieldError } from '../http/status-error.js';
import { isEqual } from '../json/json.js';
import { faultOfSubdomain, LABEL } from '../resources/names.js';
import type { Schema } from '../schema/schema.js';
import { JsonPath } from '../tables/json-path.js';
import type { Definition, DefinitionVersion } from './definition.js';
import { structuralFaults } from './structural.js';

const COLUMN_TYPES = ['integer', 'number', 'string', 'boolean', 'date'];

export function validateDefinition(definition: Definition, live: Definition | undefined): FieldError[] {
  const { spec } = definition;
  return [
    ...nameFaults(definition),
    ...(['Namespaced', 'Cluster'].includes(spec.scope) ? [] : scopeFaults(spec.scope)),
    ...versionsFaults(definition),
    ...conversionFaults(definition),
    ...(live === undefined ? [] : changeFaults(definition, live)),
    ...schemasFaults(definition, live),
  ];
}

function scopeFaults(scope: string | undefined): FieldError[] {
  return scope === undefined
    ? [{ type: 'Required', field: 'spec.scope' }]
    : [notSupported('spec.scope', scope, ['Cluster', 'Namespaced'])];
}

function nameFaults({ metadata, spec }: Definition): FieldError[] {
  const errors: FieldError[] = [];
  const { group, names } = spec as Partial<Definition['spec']>;
  if (group === undefined) errors.push({ type: 'Required', field: 'spec.group' });
  else {
    const fault = faultOfSubdomain(group);
    if (fault !== undefined) errors.push({ type: 'Invalid', field: 'spec.group', value: group, detail: fault });
    else if (!group.includes('.')) {
      errors.push({ type: 'Invalid', field: 'spec.group', value: group, detail: 'should be a domain with at least one dot' });
    }
  }
  for (const key of ['plural', 'singular', 'kind', 'listKind'] as const) {
    const name = names?.[key];
    const field = `spec.names.${key}`;
    if (name === undefined || name === '') {
      errors.push({ type: 'Required', field });
    } else if (!LABEL.test(name.toLowerCase()) || (!key.endsWith('ind') && name !== name.toLowerCase())) {
      const detail =
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
      errors.push({ type: 'Invalid', field, value: name, detail });
    }
  }
  if (names?.kind !== undefined && names.kind === names.listKind) {
    const detail = 'kind and listKind may not be the same';
    errors.push({ type: 'Invalid', field: 'spec.names.listKind', value: names.listKind, detail });
  }
  if (metadata.name !== `${names?.plural ?? ''}.${group ?? ''}`) {
    const detail = 'must be spec.names.plural+"."+spec.group';
    errors.push({ type: 'Invalid', field: 'metadata.name', value: metadata.name, detail });
  }
  return errors;
}

function versionsFaults({ spec }: Definition): FieldError[] {
  const versions = (spec as Partial<Definition['spec']>).versions ?? [];
  const errors: FieldError[] = [];
  const names = versions.map(({ name }) => name);
  versions.forEach((version, index) => errors.push(...versionFaults(version, index)));
  if (versions.filter(({ storage }) => storage).length !== 1) {
    const detail = 'must have exactly one version marked as storage version';
    errors.push({ type: 'Invalid', field: 'spec.versions', value: names, detail });
  }
  if (new Set(names).size < names.length) {
    errors.push({ type: 'Invalid', field: 'spec.versions', value: names, detail: 'must contain unique version names' });
  }
  if (spec.preserveUnknownFields === true) {
    const detail = 'must be false in apiextensions.k8s.io/v1';
    errors.push({ type: 'Invalid', field: 'spec.preserveUnknownFields', value: true, detail });
  }
  return errors;
}

function versionFaults(version: DefinitionVersion, index: number): FieldError[] {
  const path = `spec.versions[${index}]`;
  const errors: FieldError[] = [];
  if (!LABEL.test(version.name)) {
    errors.push({ type: 'Invalid', field: `${path}.name`, value: version.name, detail: 'a DNS-1035 label must consist of lower case alphanumeric characters' });
  }
  if (version.schema?.openAPIV3Schema === undefined) {
    errors.push({ type: 'Required', field: `${path}.schema.openAPIV3Schema`, detail: 'schemas are required' });
  }
  (version.additionalPrinterColumns ?? []).forEach((column, at) => {
    const field = `${path}.additionalPrinterColumns[${at}]`;
    if ((column as Partial<typeof column>).name === undefined) errors.push({ type: 'Required', field: `${field}.name` });
    if (!COLUMN_TYPES.includes(column.type)) {
      errors.push({ type: 'Invalid', field: `${field}.type`, value: column.type, detail: `must be one of ${COLUMN_TYPES.join(',')}` });
    }
    if ((column as Partial<typeof column>).jsonPath === undefined) {
      errors.push({ type: 'Required', field: `${field}.JSONPath` });
    } else if (JsonPath.parse(column.jsonPath) === undefined) {
      errors.push({ type: 'Invalid', field: `${field}.JSONPath`, value: column.jsonPath, detail: 'is an invalid path' });
    }
  });
  return [...errors, ...scaleFaults(version, path)];
}

function scaleFaults({ subresources }: DefinitionVersion, path: string): FieldError[] {
  const scale = subresources?.scale;
  if (scale === undefined) return [];
  const base = `${path}.subresources.scale`;
  const wanted = { specReplicasPath: '.spec', statusReplicasPath: '.status' } as const;
  return Object.entries(wanted).flatMap(([key, under]): FieldError[] => {
    const value = (scale as Record<string, string | undefined>)[key];
    if (value === undefined || value === '') return [{ type: 'Required', field: `${base}.${key}` }];
    if (value.startsWith(`${under}.`) && JsonPath.parse(value) !== undefined) return [];
    return [{ type: 'Invalid', field: `${base}.${key}`, value, detail: `should be a json path under ${under}` }];
  });
}

function conversionFaults({ spec }: Definition): FieldError[] {
  const strategy = spec.conversion?.strategy ?? 'None';
  if (strategy === 'None') return [];
  // The real server also has Webhook; a stand-in that took it and did not call it would lie.
  return [notSupported('spec.conversion.strategy', strategy, ['None'])];
}

function changeFaults(definition: Definition, live: Definition): FieldError[] {
  const errors: FieldError[] = [];
  const keep = (field: string, now: unknown, before: unknown) => {
    if (!isEqual(now, before)) errors.push({ type: 'Invalid', field, value: now, detail: 'field is immutable' });
  };
  keep('spec.group', definition.spec.group, live.spec.group);
  if (conditionOf(live, 'Established')?.status === 'True') {
    keep('spec.scope', definition.spec.scope, live.spec.scope);
    keep('spec.names.kind', definition.spec.names.kind, live.spec.names.kind);
    keep('spec.names.plural', definition.spec.names.plural, live.spec.names.plural);
  }
  const names = definition.spec.versions.map(({ name }) => name);
  (definition.status?.storedVersions ?? []).forEach((version, index) => {
    if (names.includes(version)) return;
    const detail = `missing from spec.versions; ${version} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${version} and removes ${version} from status.storedVersions`;
    errors.push({ type: 'Invalid', field: `status.storedVersions[${index}]`, value: version, detail });
  });
  return errors;
}

/** The schema all versions share is reported where v1beta1 had it, as the real server does. */
function schemasFaults({ spec }: Definition, live: Definition | undefined): FieldError[] {
  const versions = (spec as Partial<Definition['spec']>).versions ?? [];
  const schemas = versions.map(({ schema }) => schema?.openAPIV3Schema);
  const isShared = schemas.every((schema) => isEqual(schema, schemas[0]));
  const before = live?.spec.versions.map(({ schema }) => schema?.openAPIV3Schema);
  return schemas.flatMap((schema, index) => {
    if (schema === undefined || (isShared && index > 0)) return [];
    if (before?.some((one) => isEqual(one, schema)) === true) return [];
    return schemaFaults(schema, isShared ? 'spec.validation.openAPIV3Schema' : `spec.versions[${index}].schema.openAPIV3Schema`);
  });
}

function schemaFaults(schema: Schema, path: string): FieldError[] {
  const faults = structuralFaults(schema, path);
  if (faults.length > 0) return faults;
  Rules.compile(schema, path, (field, error) => faults.push({ field, ...error }));
  return faults;
}
