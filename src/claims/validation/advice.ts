/** What to do about a fault of a field: taken from the schema itself, so that it says what `kubectl explain` says. */
import type { FieldError } from '../../local/kubernetes/http/status-error.js';
import { schemaTypeOf } from '../../local/kubernetes/schema/validation.js';
import { memberSchema, type Schema } from '../../local/kubernetes/schema/schema.js';
import { segmentsOf } from '../../model/paths.js';

/** How many letters may differ for two names to be thought the same. */
const SIMILAR = 3;

/** Nothing where the message itself says what to do, as those of rules do. */
export function adviceFor(error: FieldError, object: unknown, schema: Schema): string | undefined {
  const field = error.field ?? '';
  const about = schemaOf(schema, field);
  switch (error.type) {
    case 'Required':
      return `add ${lastOf(field)}${about?.description === undefined ? '' : `: ${about.description}`}`;
    case 'TypeInvalid':
      return typeAdvice(valueAt(object, field), about);
    case 'NotSupported': {
      const values = (about?.enum ?? []).map(String);
      const near = nearest(String(error.value), values);
      return near === undefined
        ? `take one of ${values.join(', ')}`
        : `write ${near}, if that was meant`;
    }
    default:
      return isRule(error) ? undefined : about?.description;
  }
}

export function adviceForUnknown(field: string, schema: Schema): string {
  const parent = schemaOf(schema, field.slice(0, Math.max(0, field.lastIndexOf('.'))));
  const known = Object.keys(parent?.properties ?? {}).filter((name) => !isMachinery(name));
  const near = nearest(lastOf(field), known);
  if (near !== undefined) return `write ${near}, if that was meant`;
  return known.length === 0 ? 'take it out' : `take it out, or write one of ${known.join(', ')}`;
}

/** A rule is reported with the type of what it judged in the place of a value. */
function isRule({ type, value, detail = '' }: FieldError): boolean {
  return type === 'Invalid' && TYPES.has(String(value)) && !detail.includes(' in body ');
}

const TYPES: ReadonlySet<string> = new Set([
  'string',
  'integer',
  'number',
  'boolean',
  'object',
  'array',
]);

function typeAdvice(value: unknown, about: Schema | undefined): string | undefined {
  if (about?.type === 'string' && ['integer', 'number', 'boolean'].includes(schemaTypeOf(value)))
    return `put it in quotes, so that YAML reads a text: "${String(value)}"`;
  if (about?.type === 'integer' && typeof value === 'string' && /^-?\d+$/.test(value))
    return `write it without quotes: ${value}`;
  return about?.description;
}

/** Fields that Crossplane adds to the author's. */
function isMachinery(name: string): boolean {
  return /^(composi(tion|te)|crossplane$|resourceRef|claimRef|writeConnection)/.test(name);
}

export function schemaOf(schema: Schema, field: string): Schema | undefined {
  return segmentsOf(field).reduce<Schema | undefined>(
    (at, segment) => (/^\d+$/.test(segment) ? at?.items : memberSchema(at, segment)),
    schema,
  );
}

function valueAt(object: unknown, field: string): unknown {
  return segmentsOf(field).reduce<unknown>(
    (at, segment) =>
      typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[segment] : undefined,
    object,
  );
}

function lastOf(field: string): string {
  return segmentsOf(field).at(-1) ?? field;
}

/** The candidate that differs least, if it differs little. */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  const [best] = candidates
    .map((candidate) => ({
      candidate,
      distance: distance(name.toLowerCase(), candidate.toLowerCase()),
    }))
    .sort((a, b) => a.distance - b.distance);
  const most = Math.min(SIMILAR, Math.floor(name.length / 2));
  return best !== undefined && best.distance <= most ? best.candidate : undefined;
}

/** Levenshtein's: how many letters are to be put in, taken out or exchanged. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const exchange = (row[j - 1] ?? 0) + Number(one[i - 1] !== other[j - 1]);
      next.push(Math.min(exchange, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
