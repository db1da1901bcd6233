/**
 * Validation: the faults of a value against its schema, in the words of the real server.
 *
 * Runs after pruning and defaulting. On updates it ratchets: a value that did not change is let through, so an object
 * can still be written after its schema was tightened (CRDValidationRatcheting).
 */
import { isEqual, isJsonObject, formatJson, type JsonObject } from '../json/json.js';
import { notSupported, type FieldError } from '../http/status-error.js';
import { hasFormat } from './formats.js';
import { PatternCache } from './pattern.js';
import { charactersOf } from './text.js';
import { fieldPath, isIntOrString, isSet, mapKeysOf, memberSchema, type Schema } from './schema.js';

/** A memo of a pure function: what one control plane puts there cannot be seen by another. */
const PATTERNS = new PatternCache();

/** `old` is what the same value was before, where there was one that can be told to be the same. */
export function validate(
  value: unknown,
  schema: Schema,
  path: string,
  old?: unknown,
): FieldError[] {
  if (old !== undefined && isUnchanged(value, old, schema)) return [];
  if (value === null && schema.nullable === true) return [];
  const typeFault = checkType(value, schema, path);
  if (typeFault !== undefined) {
    const isNumber = typeof value === 'number' && ['integer', 'number'].includes(schema.type ?? '');
    const more = isNumber ? checkNumber(value, schema, path) : [];
    return [typeFault, ...checkEnum(value, schema, path), ...more];
  }
  return [
    ...checkEnum(value, schema, path),
    ...checkValue(value, schema, path, old),
    ...checkCombinations(value, schema, path),
  ];
}

/** Whether nothing changed; items of a list of type map may change their places. */
function isUnchanged(value: unknown, old: unknown, schema: Schema): boolean {
  if (isJsonObject(value) && isJsonObject(old)) {
    const keys = Object.keys(value);
    return (
      keys.length === Object.keys(old).length &&
      keys.every(
        (key) =>
          Object.hasOwn(old, key) &&
          isUnchanged(value[key], old[key], memberSchema(schema, key) ?? {}),
      )
    );
  }
  if (isEqual(value, old)) return true;
  if (!Array.isArray(value) || !Array.isArray(old)) return false;
  if (mapKeysOf(schema) === undefined || value.length !== old.length) return false;
  const before = previousItems(schema, old);
  return value.every((item) => isUnchanged(item, before(item), schema.items ?? {}));
}

function checkValue(value: unknown, schema: Schema, path: string, old: unknown): FieldError[] {
  if (typeof value === 'string') return checkString(value, schema, path);
  if (typeof value === 'number' || typeof value === 'bigint')
    return checkNumber(Number(value), schema, path);
  if (Array.isArray(value)) return checkList(value, schema, path, old);
  if (isJsonObject(value)) return checkObject(value, schema, path, old);
  return [];
}

export function schemaTypeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'bigint') return BigInt.asIntN(64, value) === value ? 'integer' : 'number';
  if (typeof value === 'number')
    return Number.isInteger(value) && Math.abs(value) < 2 ** 63 ? 'integer' : 'number';
  return typeof value;
}

function checkType(value: unknown, schema: Schema, path: string): FieldError | undefined {
  const actual = schemaTypeOf(value);
  const wanted = isIntOrString(schema) ? 'integer,string' : schema.type;
  if (wanted === undefined) return undefined;
  const fits = wanted.split(',').includes(actual) || (wanted === 'number' && actual === 'integer');
  if (fits) return undefined;
  return {
    type: 'TypeInvalid',
    field: path === '' ? undefined : path,
    value: actual,
    detail: `${path} in body must be of type ${wanted}: ${JSON.stringify(actual)}`,
  };
}

function checkEnum(value: unknown, schema: Schema, path: string): FieldError[] {
  const { enum: allowed } = schema;
  if (allowed === undefined || allowed.some((one) => isEqual(one, value))) return [];
  const shown = allowed.map((one) => (typeof one === 'string' ? one : formatJson(one)));
  return [notSupported(path, value, shown)];
}

function checkString(value: string, schema: Schema, path: string): FieldError[] {
  const { minLength, maxLength, pattern, format } = schema;
  const errors: FieldError[] = [];
  const length =
    minLength === undefined && maxLength === undefined ? 0 : charactersOf(value).length;
  if (maxLength !== undefined && length > maxLength) {
    errors.push({
      type: 'TooLong',
      field: path,
      value,
      detail: `may not be more than ${maxLength} ${maxLength === 1 ? 'byte' : 'bytes'}`,
    });
  }
  if (minLength !== undefined && length < minLength) {
    errors.push(fault(path, value, `should be at least ${minLength} chars long`));
  }
  if (pattern !== undefined && !PATTERNS.get(pattern).find(value)) {
    errors.push(fault(path, value, `should match '${pattern}'`));
  }
  if (format !== undefined && !hasFormat(value, format)) {
    const detail = `${path} in body must be of type ${format}: ${JSON.stringify(value)}`;
    errors.push({
      type: 'TypeInvalid',
      field: path,
      value,
      detail,
    });
  }
  return errors;
}

function checkNumber(value: number, schema: Schema, path: string): FieldError[] {
  const { minimum, maximum, multipleOf } = schema;
  const errors: FieldError[] = [];
  if (maximum !== undefined) {
    const isExclusive = schema.exclusiveMaximum === true;
    if (isExclusive ? value >= maximum : value > maximum) {
      errors.push(
        fault(path, value, `should be less than ${isExclusive ? '' : 'or equal to '}${maximum}`),
      );
    }
  }
  if (minimum !== undefined) {
    const isExclusive = schema.exclusiveMinimum === true;
    if (isExclusive ? value <= minimum : value < minimum) {
      errors.push(
        fault(path, value, `should be greater than ${isExclusive ? '' : 'or equal to '}${minimum}`),
      );
    }
  }
  if (multipleOf !== undefined) {
    const quotient = value / multipleOf;
    if (Math.abs(quotient - Math.round(quotient)) > 1e-9) {
      errors.push(fault(path, value, `should be a multiple of ${multipleOf}`));
    }
  }
  return errors;
}

function checkList(
  list: readonly unknown[],
  schema: Schema,
  path: string,
  old: unknown,
): FieldError[] {
  const { minItems, maxItems, items, uniqueItems } = schema;
  const errors: FieldError[] = [];
  if (items !== undefined) {
    const before = previousItems(schema, old);
    list.forEach((item, index) =>
      errors.push(...validate(item, items, `${path}[${index}]`, before(item))),
    );
  }
  if (minItems !== undefined && list.length < minItems) {
    errors.push(fault(path, list.length, `should have at least ${minItems} items`));
  }
  if (maxItems !== undefined && list.length > maxItems)
    errors.push(tooMany(path, list.length, maxItems));
  if (uniqueItems === true && new Set(list.map(formatJson)).size < list.length) {
    errors.push(fault(path, '', "shouldn't contain duplicates"));
  }
  errors.push(...checkDuplicates(list, schema, path));
  return errors;
}

/** Which old item an item was: items of a list of type map are told by their keys, others cannot be told. */
export function previousItems(schema: Schema, old: unknown): (item: unknown) => unknown {
  const keys = mapKeysOf(schema);
  if (keys === undefined || !Array.isArray(old)) return () => undefined;
  const byKey = new Map(old.map((item: unknown) => [itemKey(item, keys, schema.items), item]));
  return (item) => byKey.get(itemKey(item, keys, schema.items));
}

function checkDuplicates(list: readonly unknown[], schema: Schema, path: string): FieldError[] {
  const keys = mapKeysOf(schema);
  if (keys === undefined && !isSet(schema)) return [];
  const seen = new Set<string>();
  const errors: FieldError[] = [];
  list.forEach((item, index) => {
    const identity = keys === undefined ? formatJson(item) : itemKey(item, keys, schema.items);
    if (seen.has(identity)) {
      const value: unknown = JSON.parse(identity);
      errors.push({ type: 'Duplicate', field: `${path}[${index}]`, value });
    }
    seen.add(identity);
  });
  return errors;
}

/** The keys of an item, as JSON; a key that is absent counts with its default. */
export function itemKey(item: unknown, keys: readonly string[], schema?: Schema): string {
  const object = isJsonObject(item) ? item : {};
  const present = [...keys]
    .sort()
    .map((key): [string, unknown] => [key, object[key] ?? schema?.properties?.[key]?.default])
    .filter(([, value]) => value !== undefined);
  return formatJson(Object.fromEntries(present));
}

function checkObject(object: JsonObject, schema: Schema, path: string, old: unknown): FieldError[] {
  const { required = [], minProperties, maxProperties } = schema;
  const errors: FieldError[] = [];
  const keys = Object.keys(object);
  if (minProperties !== undefined && keys.length < minProperties) {
    errors.push(fault(path, keys.length, `should have at least ${minProperties} properties`));
  }
  if (maxProperties !== undefined && keys.length > maxProperties) {
    errors.push(tooMany(path, keys.length, maxProperties));
  }
  for (const [key, member] of Object.entries(object)) {
    const known = memberSchema(schema, key);
    if (known === undefined) continue;
    const previous = isJsonObject(old) && Object.hasOwn(old, key) ? old[key] : undefined;
    errors.push(...validate(member, known, fieldPath(path, key), previous));
  }
  for (const key of required) {
    if (!Object.hasOwn(object, key)) errors.push({ type: 'Required', field: fieldPath(path, key) });
  }
  if (schema['x-kubernetes-embedded-resource'] === true)
    errors.push(...checkEmbedded(object, path));
  return errors;
}

function checkEmbedded(object: JsonObject, path: string): FieldError[] {
  return ['apiVersion', 'kind']
    .filter((key) => object[key] === undefined || object[key] === '')
    .map((key) => ({ type: 'Required', field: fieldPath(path, key) }));
}

function checkCombinations(value: unknown, schema: Schema, path: string): FieldError[] {
  const { allOf, anyOf, oneOf, not } = schema;
  const errors: FieldError[] = [];
  if (anyOf !== undefined && anyOf.length > 0) {
    const outcomes = anyOf.map((one) => validate(value, one, path));
    if (outcomes.every((outcome) => outcome.length > 0)) {
      errors.push(whole(`"${path}" must validate at least one schema (anyOf)`), ...best(outcomes));
    }
  }
  if (oneOf !== undefined && oneOf.length > 0) {
    const outcomes = oneOf.map((one) => validate(value, one, path));
    const valid = outcomes.filter((outcome) => outcome.length === 0).length;
    const must = `"${path}" must validate one and only one schema (oneOf)`;
    if (valid === 0) errors.push(whole(`${must}. Found none valid`), ...best(outcomes));
    if (valid > 1) errors.push(whole(`${must}. Found ${valid} valid alternatives`));
  }
  if (allOf !== undefined && allOf.length > 0) {
    const outcomes = allOf.map((one) => validate(value, one, path));
    const failures = outcomes.flat();
    const none = outcomes.every((outcome) => outcome.length > 0) ? '. None validated' : '';
    if (failures.length > 0)
      errors.push(...failures, whole(`"${path}" must validate all the schemas (allOf)${none}`));
  }
  if (not !== undefined && validate(value, not, path).length === 0) {
    errors.push(whole(`"${path}" must not validate the schema (not)`));
  }
  return errors;
}

function best(outcomes: readonly FieldError[][]): readonly FieldError[] {
  return outcomes.reduce(
    (least, next) => (next.length < least.length ? next : least),
    outcomes[0] ?? [],
  );
}

function whole(detail: string): FieldError {
  return { type: 'Invalid', field: undefined, value: '', detail };
}

function fault(field: string, value: unknown, should: string): FieldError {
  return { type: 'Invalid', field, value, detail: `${field} in body ${should}` };
}

function tooMany(field: string, value: number, most: number): FieldError {
  return {
    type: 'TooMany',
    field,
    value,
    detail: `must have at most ${most} ${most === 1 ? 'item' : 'items'}`,
  };
}
