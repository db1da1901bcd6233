/** What makes a CustomResourceDefinition valid: names, versions, and a structural schema whose defaults and rules hold. */
import { conditionOf } from '../../../support/kubernetes/objects.js';
import { Rules } from '../cel/rules.js';
import { notSupported, type FieldError } from '../http/status-error.js';
import { isEqual } from '../json/json.js';
import { faultOfSubdomain } from '../resources/names.js';
import type { Schema } from '../schema/schema.js';
import type { Definition, DefinitionVersion } from './definition.js';
import { structuralFaults } from './structural.js';
import {
  columnFaults,
  conversionFaults,
  deprecationFaults,
  scaleFaults,
  selectableFieldFaults,
} from './version-parts.js';

const DNS_LABEL = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const DNS_LABEL_WORDS =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
const APPROVAL = 'api-approved.kubernetes.io';
const PROTECTED_GROUP = /(^|\.)(k8s|kubernetes)\.io$/;
const APPROVAL_SOURCE = 'see https://github.com/kubernetes/enhancements/pull/1111';

export function validateDefinition(
  definition: Definition,
  live: Definition | undefined,
): FieldError[] {
  const { spec } = definition;
  return [
    ...(live === undefined ? identityFaults(definition) : []),
    ...groupFaults(definition),
    ...(['Namespaced', 'Cluster'].includes(spec.scope) ? [] : scopeFaults(spec.scope)),
    ...versionsFaults(definition, live),
    ...nameFaults(definition),
    ...conversionFaults(spec.conversion),
    ...(live === undefined ? [] : changeFaults(definition, live)),
    ...(live !== undefined && isEqual(spec, live.spec) ? [] : storedVersionFaults(definition)),
  ];
}

function identityFaults({ metadata, spec }: Definition): FieldError[] {
  const { group, names } = spec as Partial<Definition['spec']>;
  if (metadata.name === `${names?.plural ?? ''}.${group ?? ''}`) return [];
  const detail = 'must be spec.names.plural+"."+spec.group';
  return [{ type: 'Invalid', field: 'metadata.name', value: metadata.name, detail }];
}

function groupFaults({ metadata, spec }: Definition): FieldError[] {
  const { group = '' } = spec as Partial<Definition['spec']>;
  const field = 'spec.group';
  if (group === '') return [{ type: 'Required', field }];
  const fault =
    faultOfSubdomain(group) ??
    (group.includes('.') ? undefined : 'should be a domain with at least one dot');
  if (fault !== undefined) return [{ type: 'Invalid', field, value: group, detail: fault }];
  return PROTECTED_GROUP.test(group) ? approvalFaults(metadata.annotations?.[APPROVAL]) : [];
}

/** Groups of the Kubernetes project say where they were approved. */
function approvalFaults(approval: string | undefined): FieldError[] {
  const field = `metadata.annotations[${APPROVAL}]`;
  const must = `protected groups must have approval annotation "${APPROVAL}"`;
  if (approval === undefined || approval === '')
    return [{ type: 'Required', field, detail: `${must}, ${APPROVAL_SOURCE}` }];
  if (approval.startsWith('unapproved') || /^https?:\/\/[^/]+/.test(approval)) return [];
  const detail = `${must} with either a URL or a reason starting with "unapproved", ${APPROVAL_SOURCE}`;
  return [{ type: 'Invalid', field, value: approval, detail }];
}

function scopeFaults(scope: string | undefined): FieldError[] {
  return scope === undefined
    ? [{ type: 'Required', field: 'spec.scope' }]
    : [notSupported('spec.scope', scope, ['Cluster', 'Namespaced'])];
}

function nameFaults({ spec }: Definition): FieldError[] {
  const { names } = spec as Partial<Definition['spec']>;
  const errors = (['plural', 'singular', 'kind', 'listKind'] as const).flatMap(
    (key): FieldError[] => {
      const name = names?.[key] ?? '';
      const field = `spec.names.${key}`;
      if (name === '') return [{ type: 'Required', field }];
      const isKind = key.toLowerCase().endsWith('kind');
      if (DNS_LABEL.test(isKind ? name.toLowerCase() : name)) return [];
      const detail = `${isKind ? 'may have mixed case, but should otherwise match: ' : ''}${DNS_LABEL_WORDS}`;
      return [{ type: 'Invalid', field, value: name, detail }];
    },
  );
  for (const key of ['shortNames', 'categories'] as const) {
    (names?.[key] ?? []).forEach((value, index) => {
      if (DNS_LABEL.test(value)) return;
      const field = `spec.names.${key}[${index}]`;
      errors.push({ type: 'Invalid', field, value, detail: DNS_LABEL_WORDS });
    });
  }
  if (names?.kind !== undefined && names.kind === names.listKind) {
    const detail = 'kind and listKind may not be the same';
    errors.push({ type: 'Invalid', field: 'spec.names.listKind', value: names.listKind, detail });
  }
  return errors;
}

function versionsFaults({ spec }: Definition, live: Definition | undefined): FieldError[] {
  const versions = (spec as Partial<Definition['spec']>).versions ?? [];
  const names = versions.map(({ name }) => name);
  const errors = versions.flatMap((version, index): FieldError[] => {
    const path = `spec.versions[${index}]`;
    const { name } = version;
    return [
      ...(DNS_LABEL.test(name)
        ? []
        : [
            {
              type: 'Invalid',
              field: `${path}.name`,
              value: name,
              detail: DNS_LABEL_WORDS,
            } as const,
          ]),
      ...deprecationFaults(version, path),
    ];
  });
  const [first = ''] = names;
  // The first name is looked at once more, where v1beta1 had it.
  if (first !== '' && !DNS_LABEL.test(first))
    errors.push({ type: 'Invalid', field: 'spec.version', value: first, detail: DNS_LABEL_WORDS });
  errors.push(...partsFaults(versions, live));
  if (new Set(names).size < names.length) {
    const detail = 'must contain unique version names';
    errors.push({
      type: 'Invalid',
      field: 'spec.versions',
      value: shownVersions(versions),
      detail,
    });
  }
  if (versions.filter(({ storage }) => storage).length !== 1) {
    const detail = 'must have exactly one version marked as storage version';
    errors.push({
      type: 'Invalid',
      field: 'spec.versions',
      value: shownVersions(versions),
      detail,
    });
  }
  if ((spec as Partial<Definition['spec']>).preserveUnknownFields === true) {
    const detail =
      'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead';
    errors.push({ type: 'Invalid', field: 'spec.preserveUnknownFields', value: true, detail });
  }
  return errors;
}

/** As the real server holds them: what all versions share is not in them. */
function shownVersions(versions: readonly DefinitionVersion[]): unknown {
  if (versions.length === 0) return null;
  return versions.map(
    ({ name, served, storage, deprecated, deprecationWarning }: Partial<DefinitionVersion>) => ({
      Name: name ?? '',
      Served: served ?? false,
      Storage: storage ?? false,
      Deprecated: deprecated ?? false,
      DeprecationWarning: deprecationWarning ?? null,
      Schema: null,
      Subresources: null,
      AdditionalPrinterColumns: null,
      SelectableFields: null,
    }),
  );
}

/** Each part of the versions, reported once and where v1beta1 had it when all versions share it, as the real server does. */
function partsFaults(
  versions: readonly DefinitionVersion[],
  live: Definition | undefined,
): FieldError[] {
  const each = <T>(
    partOf: (version: DefinitionVersion) => T,
    sharedPath: string,
    path: string,
    faultsOf: (part: T, at: string, version: DefinitionVersion) => FieldError[],
  ) => {
    const isShared = versions.every((version) =>
      isEqual(partOf(version), partOf(versions[0] ?? version)),
    );
    return versions.flatMap((version, index) => {
      if (isShared && index > 0) return [];
      const at = isShared ? sharedPath : `spec.versions[${index}].${path}`;
      return faultsOf(partOf(version), at, version);
    });
  };
  const before = live?.spec.versions.map(({ schema }) => schema?.openAPIV3Schema);
  const schemaOf = (version: DefinitionVersion) => version.schema?.openAPIV3Schema;
  const missing = versions.flatMap((version, index): FieldError[] =>
    schemaOf(version) === undefined
      ? [
          {
            type: 'Required',
            field: `spec.versions[${index}].schema.openAPIV3Schema`,
          },
        ]
      : [],
  );
  return [
    ...missing,
    ...each(schemaOf, 'spec.validation.openAPIV3Schema', 'schema.openAPIV3Schema', (schema, at) =>
      schema === undefined || before?.some((one) => isEqual(one, schema)) === true
        ? []
        : schemaFaults(schema, at),
    ),
    ...each((one) => one.subresources, 'spec.subresources', 'subresources', scaleFaults),
    ...each(
      (one) => one.additionalPrinterColumns,
      'spec.additionalPrinterColumns',
      'additionalPrinterColumns',
      columnFaults,
    ),
    ...each(
      (one) => one.selectableFields,
      'spec.selectableFields',
      'selectableFields',
      (fields, at, version) => selectableFieldFaults(fields, schemaOf(version), at),
    ),
  ];
}

function schemaFaults(schema: Schema, path: string): FieldError[] {
  const faults = structuralFaults(schema, path);
  if (faults.length > 0) return faults;
  Rules.compile(schema, path, (field, error) => faults.push({ field, ...error }));
  return faults;
}

function changeFaults(definition: Definition, live: Definition): FieldError[] {
  const errors: FieldError[] = [];
  const keep = (field: string, now: unknown, before: unknown) => {
    if (!isEqual(now, before))
      errors.push({ type: 'Invalid', field, value: now, detail: 'field is immutable' });
  };
  keep('spec.group', definition.spec.group, live.spec.group);
  if (conditionOf(live, 'Established')?.status === 'True') {
    keep('spec.scope', definition.spec.scope, live.spec.scope);
    keep('spec.names.kind', definition.spec.names.kind, live.spec.names.kind);
    keep('spec.names.plural', definition.spec.names.plural, live.spec.names.plural);
  }
  return errors;
}

function storedVersionFaults({ spec, status }: Definition): FieldError[] {
  const field = 'status.storedVersions';
  const stored = status?.storedVersions ?? [];
  const versions = (spec as Partial<Definition['spec']>).versions ?? [];
  if (stored.length === 0) {
    const detail = 'must have at least one stored version';
    return [{ type: 'Invalid', field, value: null, detail }];
  }
  const storage = versions.filter((version) => version.storage).at(-1)?.name;
  const errors: FieldError[] = [];
  if (storage !== undefined && !stored.includes(storage)) {
    const detail = `must have the storage version ${storage}`;
    errors.push({ type: 'Invalid', field, value: stored, detail });
  }
  stored.forEach((value, index) => {
    if (versions.some(({ name }) => name === value)) return;
    const detail = `missing from spec.versions; ${value} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${value} and removes ${value} from status.storedVersions`;
    errors.push({ type: 'Invalid', field: `${field}[${index}]`, value, detail });
  });
  return errors;
}
