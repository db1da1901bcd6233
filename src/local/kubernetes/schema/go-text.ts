/** What Go says of values that came from JSON: how it prints them, and which ones it does not take for another type. */
import { isJsonObject } from '../json/json.js';
import { shownText } from './text.js';

/** As `%v` prints it: `map[a:[1 x]]`. */
export function goText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`;
  if (value === null || value === undefined) return '<nil>';
  if (!isJsonObject(value)) return shownText(value);
  const members = Object.keys(value).sort();
  return `map[${members.map((key) => `${key}:${goText(value[key])}`).join(' ')}]`;
}

/**
 * Why a value cannot be put where Go has another type, in the words of the converter that reads objects from maps
 * (apimachinery, runtime/converter.go). It takes a number for a text to be possible, since Go makes a character of it.
 */
export function conversionFault(value: unknown, goType: string): string {
  const kind = kindOf(value);
  if (goType.startsWith('map[')) return `cannot restore map from ${kind}`;
  if (goType.startsWith('[]')) return `cannot restore slice from ${kind}`;
  const isNumber = kind === 'int64' || kind === 'float64';
  switch (goType) {
    case 'string':
      return kind === 'int64' ? `cannot convert ${kind} to string` : 'unrecognized type: string';
    case 'bool':
      return 'unrecognized type: bool';
    case 'int32':
    case 'int64':
    case 'float64':
      return isNumber ? `cannot convert ${kind} to ${goType}` : `unrecognized type: ${goType}`;
    default:
      return `cannot restore struct from: ${kind}`;
  }
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'slice';
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'boolean':
      return 'bool';
    case 'bigint':
      return 'int64';
    case 'number':
      return Number.isInteger(value) ? 'int64' : 'float64';
    default:
      return 'map';
  }
}
