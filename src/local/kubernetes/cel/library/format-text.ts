/** `'…'.format([…])`: %s, %d, %f, %e, %b, %x, %X, %o and %%, with a precision for %f and %e. */
import { Unsigned } from '../language/expression.js';
import {
  Duration,
  EvaluationError,
  membersOf,
  nameOfType,
  Timestamp,
  TypeValue,
} from '../language/value.js';
import { doubleText } from './standard.js';
import { durationText, timestampText } from './times.js';

const DEFAULT_PRECISION = 6;
const CLAUSE = /%(?:\.(\d+))?([\s\S])?/g;

/** Throws an EvaluationError when there are fewer values than clauses, or a clause that does not exist. */
export function formatText(template: string, values: readonly unknown[]): string {
  let next = 0;
  return template.replaceAll(CLAUSE, (_clause, precision?: string, verb?: string) => {
    if (verb === '%' && precision === undefined) return '%';
    if (verb === undefined) throw new EvaluationError('unexpected end of string');
    if (next >= values.length) throw new EvaluationError(`index ${next} out of range`);
    const value = values[next];
    next += 1;
    return formatOne(verb, value, precision === undefined ? DEFAULT_PRECISION : Number(precision));
  });
}

function formatOne(verb: string, value: unknown, precision: number): string {
  switch (verb) {
    case 's':
      return textOf(value);
    case 'd':
      return String(wholeNumber(value, 'decimal clause can only be used on integers'));
    case 'f':
      return fixed(numberFor(value, 'fixed-point'), precision);
    case 'e':
      return scientific(numberFor(value, 'scientific'), precision);
    case 'b':
      if (typeof value === 'boolean') return String(Number(value));
      return wholeNumber(value, 'only integers and bools can be formatted as binary').toString(2);
    case 'o':
      return wholeNumber(value, 'octal clause can only be used on integers').toString(8);
    case 'x':
      return hexadecimal(value);
    case 'X':
      return hexadecimal(value).toUpperCase();
    default:
      throw new EvaluationError(
        `could not parse formatting clause: unrecognized formatting clause "${verb}"`,
      );
  }
}

function wrongType(why: string, value: unknown): EvaluationError {
  return new EvaluationError(`error during formatting: ${why}, was given ${nameOfType(value)}`);
}

function wholeNumber(value: unknown, why: string): bigint {
  if (typeof value === 'bigint') return value;
  if (value instanceof Unsigned) return value.value;
  throw wrongType(why, value);
}

function numberFor(value: unknown, clause: string): number {
  if (typeof value === 'number') return value;
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value);
  throw wrongType(`${clause} clause can only be used on doubles`, value);
}

/** With the thousands apart, as is usual in en_US. */
function fixed(value: number, precision: number): string {
  if (!Number.isFinite(value)) return notFinite(value);
  return value.toLocaleString('en-US', {
    minimumFractionDigits: precision,
    maximumFractionDigits: precision,
  });
}

function scientific(value: number, precision: number): string {
  if (!Number.isFinite(value)) return notFinite(value);
  const [mantissa = '', exponent = ''] = value.toExponential(precision).split('e');
  const [, sign = '', digits = ''] = /^([+-])(\d+)$/.exec(exponent) ?? [];
  return `${mantissa}\u202f×\u202f10${superscript(`${sign === '-' ? '-' : ''}${digits.padStart(2, '0')}`)}`;
}

function superscript(digits: string): string {
  return digits.replaceAll(/[-0-9]/g, (digit) =>
    digit === '-' ? '⁻' : ('⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)] ?? digit),
  );
}

function notFinite(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '∞' : '-∞';
}

function hexadecimal(value: unknown): string {
  if (typeof value === 'string') return Buffer.from(value).toString('hex');
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  const why = 'only integers, byte buffers, and strings can be formatted as hex';
  return wholeNumber(value, why).toString(16);
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return doubleText(value);
  if (value === null) return 'null';
  if (value instanceof Timestamp) return timestampText(value);
  if (value instanceof Duration) return durationText(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  return literalOf(value);
}

/** As CEL would be written. */
function literalOf(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
      return Number.isFinite(value) ? value.toFixed(DEFAULT_PRECISION) : `"${notFinite(value)}"`;
    case 'boolean':
    case 'bigint':
      return String(value);
    default:
      return literalOfObject(value);
  }
}

function literalOfObject(value: unknown): string {
  if (value === null) return 'null';
  if (value instanceof Unsigned) return String(value.value);
  if (value instanceof Uint8Array) return `b${JSON.stringify(Buffer.from(value).toString())}`;
  if (value instanceof Timestamp) return `timestamp("${timestampText(value)}")`;
  if (value instanceof Duration) return `duration("${durationText(value)}")`;
  if (value instanceof TypeValue) return value.type;
  if (Array.isArray(value)) return `[${value.map(literalOf).join(', ')}]`;
  const members = membersOf(value);
  if (members === undefined) {
    throw new EvaluationError(
      `error during formatting: string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps, was given ${nameOfType(value)}`,
    );
  }
  const entries = [...members].map(([key, member]) => `${literalOf(key)}:${literalOf(member)}`);
  return `{${entries.sort().join(', ')}}`;
}
