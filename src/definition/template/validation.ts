/**
 * What the compiler cannot see of a template: paths that are put together, values that only patches give.
 *
 * Run at synthesis; each answer is a sentence about one fault. No answers: nothing is written that an API server with these
 * schemas would refuse or silently drop.
 */
import { isMap, isObject, schemaAt } from '../../model/paths.js';
import type { ObjectSchema, Schema } from '../../model/schema.js';
import { COMPOSITE_SCHEMA } from './composite.js';
import type { Patch } from './patches.js';
import type { RenderedTemplate } from './rendered-template.js';

/** Metadata is the API server's own: which of it templates may write. */
const METADATA_PATH = /^metadata\.(name|(annotations|labels)\[[^\]]+\])$/;

export function validateTemplate(
  { base, patches }: RenderedTemplate,
  schema: ObjectSchema,
  needs: readonly string[],
): string[] {
  const { spec } = base;
  const specSchema = schema.properties.spec;
  return [
    ...(specSchema === undefined ? [] : mismatches(spec, specSchema, 'spec')),
    ...patches.flatMap((patch) => patchFaults(patch, schema)),
    ...unfilled(base, patches, [...requiredFields(schema), ...needs]),
  ];
}

function patchFaults(patch: Patch, resource: ObjectSchema): string[] {
  const sources =
    patch.type === 'CombineFromComposite'
      ? patch.combine.variables.map((variable) => variable.fromFieldPath)
      : [patch.fromFieldPath];
  const [from, to] =
    patch.type === 'ToCompositeFieldPath'
      ? [resource, COMPOSITE_SCHEMA]
      : [COMPOSITE_SCHEMA, resource];
  return [
    ...(sources.length === 0
      ? [`the patch of ${patch.toFieldPath} reads no field: write the value into the template`]
      : []),
    ...sources
      .filter((path) => !admits(from, path))
      .map((path) => `no schema has ${path}, from which ${patch.toFieldPath} is patched`),
    ...(admits(to, patch.toFieldPath)
      ? []
      : [`no schema has ${patch.toFieldPath}, which is patched`]),
  ];
}

function admits(schema: ObjectSchema, path: string): boolean {
  return METADATA_PATH.test(path) || schemaAt(schema, path) !== undefined;
}

function requiredFields(schema: ObjectSchema): readonly string[] {
  const forProvider = schemaAt(schema, 'spec.forProvider');
  return forProvider !== undefined && isObject(forProvider) ? (forProvider.required ?? []) : [];
}

/** A field that must be there is in the template, or a patch without which the resource is not made puts it there. */
function unfilled(
  base: RenderedTemplate['base'],
  patches: readonly Patch[],
  required: readonly string[],
): string[] {
  const { forProvider = {} } = base.spec as { forProvider?: Readonly<Record<string, unknown>> };
  return required
    .filter((field) => {
      const path = `spec.forProvider.${field}`;
      const isPatched = patches.some(
        ({ toFieldPath, policy }) => toFieldPath === path && policy !== undefined,
      );
      return forProvider[field] === undefined && !isPatched;
    })
    .map(
      (field) =>
        `spec.forProvider.${field} is required, but neither written nor patched from a required field`,
    );
}

function mismatches(value: unknown, schema: Schema, path: string): string[] {
  if (value === undefined) return [];
  if (isMap(schema)) {
    return isRecord(value)
      ? Object.entries(value).flatMap(([key, inner]) =>
          mismatches(inner, schema.additionalProperties, `${path}.${key}`),
        )
      : [`${path} must be a map`];
  }
  if (isObject(schema)) {
    if (!isRecord(value)) return [`${path} must be an object`];
    return Object.entries(value).flatMap(([key, inner]) => {
      const field = schema.properties[key];
      return field === undefined
        ? [`no schema has ${path}.${key}`]
        : mismatches(inner, field, `${path}.${key}`);
    });
  }
  if ('items' in schema) {
    return Array.isArray(value)
      ? value.flatMap((item, index) => mismatches(item, schema.items, `${path}[${index}]`))
      : [`${path} must be a list`];
  }
  const expected = schema.type === 'integer' ? 'number' : schema.type;
  if (typeof value !== expected)
    return [`${path} must be a ${schema.type}, not ${JSON.stringify(value)}`];
  if (schema.type === 'string' && schema.enum?.includes(value as string) === false) {
    return [`${path} must be one of ${schema.enum.join(', ')}, not ${JSON.stringify(value)}`];
  }
  return [];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
