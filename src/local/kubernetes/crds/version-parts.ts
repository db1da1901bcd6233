/** What a version may say beside its schema: printer columns, subresources, selectable fields, deprecation. */
import { notSupported, type FieldError } from '../http/status-error.js';
import { memberSchema, type Schema } from '../schema/schema.js';
import { JsonPath } from '../tables/json-path.js';
import type { DefinitionVersion } from './definition.js';

const COLUMN_TYPES = ['boolean', 'date', 'integer', 'number', 'string'];
const COLUMN_FORMATS = [
  'byte',
  'date',
  'date-time',
  'double',
  'float',
  'int32',
  'int64',
  'password',
];
const MAX_SELECTABLE_FIELDS = 8;
const MAX_WARNING_BYTES = 256;

export function columnFaults(
  columns: DefinitionVersion['additionalPrinterColumns'] = [],
  path: string,
): FieldError[] {
  return columns.flatMap((column, at) => {
    const field = `${path}[${at}]`;
    const { name, type, format, jsonPath } = column as Partial<typeof column>;
    const errors: FieldError[] = [];
    if (name === undefined) errors.push({ type: 'Required', field: `${field}.name` });
    const types = `must be one of ${COLUMN_TYPES.join(',')}`;
    if (type === undefined)
      errors.push({ type: 'Required', field: `${field}.type`, detail: types });
    else if (!COLUMN_TYPES.includes(type))
      errors.push({ type: 'Invalid', field: `${field}.type`, value: type, detail: types });
    if (format !== undefined && !COLUMN_FORMATS.includes(format)) {
      const detail = `must be one of ${COLUMN_FORMATS.join(',')}`;
      errors.push({ type: 'Invalid', field: `${field}.format`, value: format, detail });
    }
    return [...errors, ...pathFaults(jsonPath, `${field}.JSONPath`)];
  });
}

function pathFaults(jsonPath: string | undefined, field: string): FieldError[] {
  if (jsonPath === undefined) return [{ type: 'Required', field }];
  const detail = !jsonPath.startsWith('.')
    ? 'must be a simple json path starting with .'
    : JsonPath.parse(jsonPath) === undefined
      ? 'is an invalid path'
      : undefined;
  return detail === undefined ? [] : [{ type: 'Invalid', field, value: jsonPath, detail }];
}

export function scaleFaults(
  subresources: DefinitionVersion['subresources'],
  path: string,
): FieldError[] {
  const scale = subresources?.scale as Record<string, string | undefined> | undefined;
  if (scale === undefined) return [];
  const wanted = { specReplicasPath: ['.spec'], statusReplicasPath: ['.status'] };
  const selector = { labelSelectorPath: ['.spec', '.status'] };
  return Object.entries({ ...wanted, ...selector }).flatMap(([key, roots]): FieldError[] => {
    const value = scale[key] ?? '';
    const field = `${path}.scale.${key}`;
    if (value === '') return key in wanted ? [{ type: 'Required', field }] : [];
    if (roots.some((root) => value.startsWith(`${root}.`))) return [];
    const detail = value.startsWith('.')
      ? `should be a json path under ${roots.length === 1 ? (roots[0] ?? '') : 'either .spec or .status'}`
      : 'must be a simple json path starting with .';
    return [{ type: 'Invalid', field, value, detail }];
  });
}

export function selectableFieldFaults(
  fields: DefinitionVersion['selectableFields'] = [],
  schema: Schema | undefined,
  path: string,
): FieldError[] {
  if (fields.length > MAX_SELECTABLE_FIELDS) {
    const detail = `must have at most ${MAX_SELECTABLE_FIELDS} items`;
    return [{ type: 'TooMany', field: path, value: fields.length, detail }];
  }
  const paths = fields.map((one) => (one as Partial<typeof one>).jsonPath ?? '');
  return paths.flatMap((value, index): FieldError[] => {
    const field = `${path}[${index}].jsonPath`;
    if (value === '') return [{ type: 'Required', field }];
    const detail = faultOfSelectable(value, schema);
    if (detail !== undefined) return [{ type: 'Invalid', field, value, detail }];
    return paths.indexOf(value) < index ? [{ type: 'Duplicate', field, value }] : [];
  });
}

function faultOfSelectable(path: string, schema: Schema | undefined): string | undefined {
  if (!path.startsWith('.'))
    return `is an invalid path: expected [ or . but got: ${path.split('.')[0] ?? ''}`;
  if (path.includes('[')) return 'is an invalid path: array notation is not allowed';
  const steps = path.slice(1).split('.');
  const found =
    steps[0] === 'metadata'
      ? undefined
      : steps.reduce<Schema | undefined>((at, step) => memberSchema(at, step), schema);
  if (found === undefined) return 'is an invalid path: does not refer to a valid field';
  return ['string', 'boolean', 'integer'].includes(found.type ?? '')
    ? undefined
    : 'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.';
}

export function deprecationFaults(
  { deprecated, deprecationWarning: value }: DefinitionVersion,
  path: string,
): FieldError[] {
  if (value === undefined) return [];
  const field = `${path}.deprecationWarning`;
  const unprintable = value.search(/\p{C}/u);
  const detail =
    deprecated !== true
      ? 'can only be set for deprecated versions'
      : unprintable >= 0
        ? `must only contain printable UTF-8 characters; non-printable character found at index ${unprintable}`
        : Buffer.byteLength(value) > MAX_WARNING_BYTES
          ? `must be <= ${MAX_WARNING_BYTES} characters long`
          : value === ''
            ? 'must not be an empty string'
            : undefined;
  return detail === undefined ? [] : [{ type: 'Invalid', field, value, detail }];
}

export function conversionFaults(
  conversion: { readonly strategy?: string; readonly webhook?: unknown } | undefined,
): FieldError[] {
  if (conversion === undefined) return [];
  const { strategy = '' } = conversion;
  const field = 'spec.conversion.strategy';
  if (strategy === '') return [{ type: 'Required', field }];
  if (strategy === 'Webhook') {
    if (conversion.webhook === undefined) {
      const detail = 'required when strategy is set to Webhook';
      return [
        { type: 'Required', field: 'spec.conversion.webhookClientConfig', detail },
        { type: 'Required', field: 'spec.conversion.conversionReviewVersions' },
      ];
    }
    // The real server takes it and calls the webhook. A stand-in that took it and did not would lie.
    const detail = 'conversion webhooks are not supported by this server: use None';
    return [{ type: 'Forbidden', field, detail }];
  }
  if (strategy !== 'None') return [notSupported(field, strategy, ['None', 'Webhook'])];
  if (conversion.webhook === undefined) return [];
  const detail = 'should not be set when strategy is not set to Webhook';
  return [{ type: 'Forbidden', field: 'spec.conversion.conversionReviewVersions', detail }];
}
