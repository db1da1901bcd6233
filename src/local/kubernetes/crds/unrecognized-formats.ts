/** Formats in the schemas of a CustomResourceDefinition that mean nothing here: they are kept, and only warned of. */
import { isRecognizedFormat } from '../schema/formats.js';
import type { Schema } from '../schema/schema.js';
import type { Definition } from './definition.js';

function unrecognizedFormats({ spec }: Definition): string[] {
  return spec.versions.flatMap(({ schema }) => formatsIn(schema?.openAPIV3Schema));
}

function formatsIn(schema: Schema | undefined): string[] {
  if (schema === undefined) return [];
  const { type, format = '', items, allOf, anyOf, oneOf, not, additionalProperties } = schema;
  const isUnrecognized = type === 'string' && format !== '' && !isRecognizedFormat(format);
  const below = [
    items,
    ...(allOf ?? []),
    ...(anyOf ?? []),
    ...(oneOf ?? []),
    not,
    ...Object.values(schema.properties ?? {}),
    typeof additionalProperties === 'object' ? additionalProperties : undefined,
  ];
  return [...(isUnrecognized ? [format] : []), ...below.flatMap(formatsIn)];
}

/** What a write introduces: of what was there before nobody is warned again. */
export function formatWarnings(definition: Definition, live: Definition | undefined): string[] {
  const before = new Set(live === undefined ? [] : unrecognizedFormats(live));
  return unrecognizedFormats(definition)
    .filter((format) => !before.has(format))
    .map((format) => `unrecognized format ${JSON.stringify(format)}`);
}
