/** The convert transform: between strings, booleans, integers and floats; quantities to floats; JSON text to values. */
import { formatFloat } from '../go/float.js';
import { parseBool, parseFloat64, parseInt64, truncateToInt64 } from '../go/parse.js';
import { parseQuantity } from '../go/quantity.js';
import { type GoValue, type Json, goType, isMap } from '../go/value.js';

type Conversion = (value: never) => GoValue;

/** By type from, type to, and format. */
const CONVERSIONS: Readonly<Record<string, Conversion>> = {
  'string int64 none': parseInt64,
  'string bool none': parseBool,
  'string float64 none': parseFloat64,
  'string float64 quantity': parseQuantity,
  'string object json': (text: string) => parseJson(text, isMap, 'map[string]interface {}'),
  'string array json': (text: string) => parseJson(text, Array.isArray, '[]interface {}'),
  'int64 string none': (value: bigint) => String(value),
  'int64 bool none': (value: bigint) => value === 1n,
  'int64 float64 none': (value: bigint) => Number(value),
  'bool string none': (value: boolean) => String(value),
  'bool int64 none': (value: boolean) => (value ? 1n : 0n),
  'bool float64 none': (value: boolean) => (value ? 1 : 0),
  'float64 string none': (value: number) => formatFloat(value, 'f', -1),
  'float64 int64 none': truncateToInt64,
  'float64 bool none': (value: number) => value === 1,
};

/** A value that has the type already is given back whatever the format says. */
export function convert(
  to: { readonly toType: string; readonly format?: string },
  value: GoValue,
): GoValue {
  const from = goType(value);
  if (!['string', 'bool', 'int64', 'float64'].includes(from))
    throw new Error(`invalid input type ${from}`);
  const toType = to.toType === 'int' ? 'int64' : to.toType;
  if (toType === from) return value;
  const format = to.format ?? 'none';
  const conversion = CONVERSIONS[`${from} ${toType} ${format}`];
  if (conversion === undefined) {
    throw new Error(`conversion from ${from} to ${toType} is not supported with format ${format}`);
  }
  return conversion(value as never);
}

function parseJson(text: string, isWanted: (value: unknown) => boolean, wanted: string): Json {
  const value = JSON.parse(text, (_, part: Json) => {
    if (typeof part === 'number' && !Number.isFinite(part)) {
      throw new Error('json: cannot unmarshal number into Go value of type float64');
    }
    return part;
  }) as Json;
  if (value !== null && !isWanted(value)) {
    const kind = Array.isArray(value) ? 'array' : isMap(value) ? 'object' : goKind(value);
    throw new Error(`json: cannot unmarshal ${kind} into Go value of type ${wanted}`);
  }
  return value;
}

const goKind = (value: unknown): string => (typeof value === 'boolean' ? 'bool' : typeof value);
