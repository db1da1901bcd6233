/** Go's `strconv.ParseInt`, `ParseFloat` and `ParseBool`: what they take, and that they refuse everything else. */

const MAX_INT64 = 9223372036854775807n;
const MIN_INT64 = -9223372036854775808n;

export function parseInt64(text: string): bigint {
  if (!/^[+-]?[0-9]+$/.test(text)) throw invalid('ParseInt', text, 'invalid syntax');
  const value = BigInt(text.startsWith('+') ? text.slice(1) : text);
  if (value > MAX_INT64 || value < MIN_INT64) throw invalid('ParseInt', text, 'value out of range');
  return value;
}

/** Takes decimal and hexadecimal forms, underscores between digits, `inf`, `infinity` and `nan` in any case. */
export function parseFloat64(text: string): number {
  const named = /^([+-]?)(?:(inf(?:inity)?)|nan)$/i.exec(text);
  if (named !== null) {
    if (named[2] === undefined) {
      if (named[1] !== '') throw invalid('ParseFloat', text, 'invalid syntax');
      return NaN;
    }
    return named[1] === '-' ? -Infinity : Infinity;
  }
  const value = /^[+-]?0x/i.test(text) ? parseHexadecimal(text) : parseDecimal(text);
  if (!Number.isFinite(value)) throw invalid('ParseFloat', text, 'value out of range');
  return value;
}

function parseDecimal(text: string): number {
  const isGrouped = !/(?:^|[^0-9])_|_(?:[^0-9]|$)/.test(text);
  const digits = isGrouped ? text.replaceAll('_', '') : text;
  if (!/^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/.test(digits)) {
    throw invalid('ParseFloat', text, 'invalid syntax');
  }
  return Number(digits);
}

function parseHexadecimal(text: string): number {
  const form = /^([+-]?)0x(_?[0-9a-f][0-9a-f_]*)?(?:\.([0-9a-f_]*))?p([+-]?[0-9]+)$/i.exec(text);
  const whole = (form?.[2] ?? '').replaceAll('_', '');
  const fraction = (form?.[3] ?? '').replaceAll('_', '');
  if (form === null || whole + fraction === '' || /__|_$|_[.p]|\._/i.test(text)) {
    throw invalid('ParseFloat', text, 'invalid syntax');
  }
  const value =
    Number(BigInt(`0x${whole}${fraction}`)) * 2 ** (Number(form[4]) - 4 * fraction.length);
  return form[1] === '-' ? -value : value;
}

export function parseBool(text: string): boolean {
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text)) return true;
  if (['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(text)) return false;
  throw invalid('ParseBool', text, 'invalid syntax');
}

/** A float64 cut to an int64; what does not fit becomes the smallest int64, as on amd64. */
export function truncateToInt64(value: number): bigint {
  const whole = Math.trunc(value);
  if (!(whole >= -9223372036854775808 && whole < 9223372036854775808)) return MIN_INT64;
  return BigInt(whole);
}

const invalid = (what: string, text: string, why: string): Error =>
  new Error(`strconv.${what}: parsing ${JSON.stringify(text)}: ${why}`);
