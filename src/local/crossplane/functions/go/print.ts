/**
 * How Go's `fmt` prints one value for one verb: `format.ts` reads the directive, this writes the value.
 *
 * A verb that does not fit the value leaves a mark in the text, such as `%!d(float64=7)`.
 */
import { type FloatFormat, formatFloat } from './float.js';
import { quoteAscii, quoteRune, quoteString } from './quote.js';
import { type GoMap, type GoValue, goType, isList, sortedKeys } from './value.js';

export interface Flags {
  plus: boolean;
  minus: boolean;
  sharp: boolean;
  space: boolean;
  zero: boolean;
  /** `%#v`: the value as Go source. */
  sharpV: boolean;
  width: number | undefined;
  precision: number | undefined;
}

export const noFlags = (): Flags => ({
  plus: false,
  minus: false,
  sharp: false,
  space: false,
  zero: false,
  sharpV: false,
  width: undefined,
  precision: undefined,
});

export function print(value: GoValue, verb: string, flags: Flags): string {
  if (verb === 'T') return padded(precise(goType(value), flags), flags);
  if (value === null) return verb === 'v' ? padded('<nil>', flags) : `%!${verb}(<nil>)`;
  if (verb === 'w') return bad(value, verb, flags);
  switch (typeof value) {
    case 'boolean':
      return verb === 't' || verb === 'v' ? padded(String(value), flags) : bad(value, verb, flags);
    case 'number':
      return printFloat(value, verb, flags);
    case 'bigint':
      return printInteger(value, verb, flags);
    case 'string':
      return printString(value, verb, flags);
    default:
      if (verb === 'p') return bad(value, verb, flags);
      return isList(value) ? printList(value, verb, flags) : printMap(value, verb, flags);
  }
}

const bad = (value: GoValue, verb: string, flags: Flags): string =>
  `%!${verb}(${goType(value)}=${print(value, 'v', flags)})`;

/** An element of a list or map, which Go holds in an interface: nil prints plainly there, whatever the verb. */
function printElement(value: GoValue, verb: string, flags: Flags): string {
  if (value === null) return flags.sharpV ? 'interface {}(nil)' : '<nil>';
  return print(value, verb, flags);
}

function printList(list: readonly GoValue[], verb: string, flags: Flags): string {
  const items = list.map((item) => printElement(item, verb, flags));
  return flags.sharpV ? `[]interface {}{${items.join(', ')}}` : `[${items.join(' ')}]`;
}

function printMap(map: GoMap, verb: string, flags: Flags): string {
  const pairs = sortedKeys(map).map(
    (key) => `${printString(key, verb, flags)}:${printElement(map[key] ?? null, verb, flags)}`,
  );
  return flags.sharpV ? `map[string]interface {}{${pairs.join(', ')}}` : `map[${pairs.join(' ')}]`;
}

function printString(text: string, verb: string, flags: Flags): string {
  switch (verb) {
    case 'v':
      return flags.sharpV ? quoted(text, flags) : padded(precise(text, flags), flags);
    case 's':
      return padded(precise(text, flags), flags);
    case 'x':
    case 'X':
      return padded(hexBytes(text, verb, flags), flags);
    case 'q':
      return quoted(text, flags);
    default:
      return bad(text, verb, flags);
  }
}

function quoted(text: string, flags: Flags): string {
  const cut = precise(text, flags);
  if (flags.sharp && !/[`\x00-\x08\x0a-\x1f\x7f\ufeff]/.test(cut))
    return padded(`\`${cut}\``, flags);
  return padded(flags.plus ? quoteAscii(cut) : quoteString(cut), flags);
}

function hexBytes(text: string, verb: 'x' | 'X', flags: Flags): string {
  const bytes = Buffer.from(text).subarray(0, flags.precision ?? Infinity);
  if (bytes.length === 0) return '';
  const prefix = flags.sharp ? '0x' : '';
  const pairs = [...bytes].map((byte) => byte.toString(16).padStart(2, '0'));
  const hex = prefix + pairs.join(flags.space ? ` ${prefix}` : '');
  return verb === 'x' ? hex : hex.toUpperCase();
}

function printFloat(value: number, verb: string, flags: Flags): string {
  switch (verb) {
    case 'v':
      return float(value, 'g', -1, flags);
    case 'b':
    case 'g':
    case 'G':
    case 'x':
    case 'X':
      return float(value, verb, -1, flags);
    case 'f':
    case 'e':
    case 'E':
      return float(value, verb, 6, flags);
    case 'F':
      return float(value, 'f', 6, flags);
    default:
      return bad(value, verb, flags);
  }
}

function float(value: number, format: FloatFormat, usual: number, flags: Flags): string {
  let text = formatFloat(value, format, flags.precision ?? usual);
  if (flags.sharp && format !== 'b' && Number.isFinite(value))
    text = withPoint(text, format, flags.precision);
  if (!/^[+-]/.test(text)) text = `+${text}`;
  if (flags.space && text.startsWith('+') && !flags.plus) text = ` ${text.slice(1)}`;
  const isNumber = Number.isFinite(value);
  if (!flags.plus && text.startsWith('+')) return padded(text.slice(1), flags, isNumber);
  if (
    flags.zero &&
    isNumber &&
    !flags.minus &&
    flags.width !== undefined &&
    flags.width > text.length
  ) {
    return text.slice(0, 1) + text.slice(1).padStart(flags.width - 1, '0');
  }
  return padded(text, flags, isNumber);
}

/** `#`: always a decimal point, and for `%g` and `%x` zeros up to the precision, which counts the `x` of `0x` too. */
function withPoint(text: string, format: FloatFormat, precision: number | undefined): string {
  const power = text.search(format === 'x' || format === 'X' ? /p/i : /e/i);
  const number = power < 0 ? text : text.slice(0, power);
  const tail = power < 0 ? '' : text.slice(power);
  const digits = number.includes('.') ? number : `${number}.`;
  if (!['g', 'G', 'x'].includes(format)) return digits + tail;
  const significant = digits.replace(/^[+-]?[0.]*/, '').replace('.', '').length || 1;
  return digits + '0'.repeat(Math.max((precision ?? 6) - significant, 0)) + tail;
}

function printInteger(value: bigint, verb: string, flags: Flags): string {
  switch (verb) {
    case 'v':
    case 'd':
      return integer(value, 10, '', flags);
    case 'b':
      return integer(value, 2, flags.sharp ? '0b' : '', flags);
    case 'o':
      return integer(value, 8, flags.sharp ? '0' : '', flags);
    case 'O':
      return integer(value, 8, '0o', flags);
    case 'x':
      return integer(value, 16, flags.sharp ? '0x' : '', flags);
    case 'X':
      return integer(value, 16, flags.sharp ? '0X' : '', flags).toUpperCase();
    case 'c':
      return padded(rune(value), flags);
    case 'q':
      return padded(quoteRune(rune(value), flags.plus), flags);
    case 'U':
      return padded(unicode(value, flags), flags, false);
    default:
      return bad(value, verb, flags);
  }
}

function integer(value: bigint, base: number, prefix: string, flags: Flags): string {
  const isNegative = value < 0n;
  const sign = isNegative ? '-' : flags.plus ? '+' : flags.space ? ' ' : '';
  let digits = (isNegative ? -value : value).toString(base);
  if (flags.precision !== undefined) {
    if (flags.precision === 0 && value === 0n) return ' '.repeat(flags.width ?? 0);
    digits = digits.padStart(flags.precision, '0');
  } else if (flags.zero && !flags.minus && flags.width !== undefined) {
    digits = digits.padStart(flags.width - sign.length, '0');
  }
  const isOctalWithZero = prefix === '0' && digits.startsWith('0');
  return padded(sign + (isOctalWithZero ? '' : prefix) + digits, flags, false);
}

const rune = (value: bigint): string =>
  value >= 0n && value <= 0x10ffffn && !(value >= 0xd800n && value <= 0xdfffn)
    ? String.fromCodePoint(Number(value))
    : '\ufffd';

function unicode(value: bigint, flags: Flags): string {
  const hex = BigInt.asUintN(64, value).toString(16).toUpperCase();
  const shown = `U+${hex.padStart(Math.max(flags.precision ?? 4, 4), '0')}`;
  return flags.sharp && value >= 0x20n && value <= 0x10ffffn ? `${shown} '${rune(value)}'` : shown;
}

const precise = (text: string, flags: Flags): string =>
  flags.precision === undefined ? text : Array.from(text).slice(0, flags.precision).join('');

function padded(text: string, flags: Flags, mayZero = true): string {
  if (flags.width === undefined) return text;
  const gap = flags.width - Array.from(text).length;
  if (gap <= 0) return text;
  if (flags.minus) return text + ' '.repeat(gap);
  return (flags.zero && mayZero ? '0' : ' ').repeat(gap) + text;
}
