/**
 * Go's `strconv.FormatFloat` for float64, exactly: decimal, exponent, shortest, hexadecimal and binary forms.
 *
 * JavaScript's `toFixed` rounds ties up and Go's to even, so every given precision is computed on the exact value.
 */
export type FloatFormat = 'e' | 'E' | 'f' | 'g' | 'G' | 'x' | 'X' | 'b';

/** A negative `precision` asks for as few digits as identify the number. */
export function formatFloat(value: number, format: FloatFormat, precision: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  return sign + formatMagnitude(Math.abs(value), format, precision);
}

function formatMagnitude(value: number, format: FloatFormat, precision: number): string {
  switch (format) {
    case 'f':
      return precision < 0 ? plain(shortest(value), -1) : fixed(value, precision);
    case 'e':
    case 'E':
      return exponent(precision < 0 ? shortest(value) : rounded(value, precision + 1), format);
    case 'g':
    case 'G':
      return general(value, format, precision);
    case 'x':
    case 'X':
      return format === 'x'
        ? hexadecimal(value, precision)
        : hexadecimal(value, precision).toUpperCase();
    case 'b': {
      const { mantissa, power } = parts(value);
      return `${String(mantissa)}p${power < 0 ? '' : '+'}${String(power)}`;
    }
  }
}

/** `digits` as 0.d₁d₂… times ten to the `point`. */
interface Decimal {
  readonly digits: string;
  readonly point: number;
}

function shortest(value: number): Decimal {
  if (value === 0) return { digits: '', point: 0 };
  const [mantissa = '', power = '0'] = value.toExponential().split('e');
  return { digits: mantissa.replace('.', ''), point: Number(power) + 1 };
}

/** No float64 has more digits than this, so the rest are zeros: a huge precision costs no huge arithmetic. */
const MAX_DIGITS = 1100;

/** The exact value rounded to `count` significant digits, ties to even. */
function rounded(value: number, count: number): Decimal {
  if (value === 0) return { digits: '0'.repeat(count), point: 1 };
  if (count > MAX_DIGITS) {
    const { digits, point } = rounded(value, MAX_DIGITS);
    return { digits: digits.padEnd(count, '0'), point };
  }
  const { point } = shortest(value);
  let scaled = scaleToInteger(value, count - point);
  let at = point;
  if (scaled.length > count) {
    scaled = scaled.slice(0, count);
    at += 1;
  }
  return { digits: scaled.padStart(count, '0'), point: at };
}

function fixed(value: number, precision: number): string {
  if (precision > MAX_DIGITS) {
    return fixed(value, MAX_DIGITS) + '0'.repeat(precision - MAX_DIGITS);
  }
  const digits = scaleToInteger(value, precision).padStart(precision + 1, '0');
  if (precision === 0) return digits;
  return `${digits.slice(0, -precision)}.${digits.slice(-precision)}`;
}

/** `value × 10^power`, exactly, rounded to a whole number with ties to even. */
function scaleToInteger(value: number, power: number): string {
  const { mantissa, power: binary } = parts(value);
  let numerator = mantissa;
  let denominator = 1n;
  if (binary >= 0) numerator <<= BigInt(binary);
  else denominator <<= BigInt(-binary);
  if (power >= 0) numerator *= 10n ** BigInt(power);
  else denominator *= 10n ** BigInt(-power);
  const whole = numerator / denominator;
  const twice = (numerator % denominator) * 2n;
  const up = twice > denominator || (twice === denominator && whole % 2n === 1n);
  return String(up ? whole + 1n : whole);
}

/** The 53-bit mantissa and the power of two it is multiplied by. */
function parts(value: number): { mantissa: bigint; power: number } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  return biased === 0
    ? { mantissa: fraction, power: -1074 }
    : { mantissa: fraction | (1n << 52n), power: biased - 1075 };
}

function plain({ digits, point }: Decimal, precision: number): string {
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, '0') : '0';
  const places = precision < 0 ? Math.max(digits.length - point, 0) : precision;
  if (places === 0) return whole;
  const fraction = ('0'.repeat(Math.max(-point, 0)) + digits.slice(Math.max(point, 0))).padEnd(
    places,
    '0',
  );
  return `${whole}.${fraction.slice(0, places)}`;
}

function exponent({ digits, point }: Decimal, letter: 'e' | 'E'): string {
  const first = digits[0] ?? '0';
  const rest = digits.slice(1);
  const power = digits === '' || /^0*$/.test(digits) ? 0 : point - 1;
  const size = String(Math.abs(power)).padStart(2, '0');
  return `${first}${rest === '' ? '' : `.${rest}`}${letter}${power < 0 ? '-' : '+'}${size}`;
}

/** `%g`: exponents below -4 or not below the precision (6 for the shortest form, 21 never) take the exponent form. */
function general(value: number, format: 'g' | 'G', precision: number): string {
  const asked = precision === 0 ? 1 : precision;
  const decimal = asked < 0 ? shortest(value) : trimmed(rounded(value, asked));
  const power = value === 0 ? 0 : decimal.point - 1;
  let limit = asked;
  if (asked > decimal.digits.length && decimal.digits.length >= decimal.point)
    limit = decimal.digits.length;
  if (asked < 0) limit = 6;
  if (power < -4 || power >= limit) return exponent(decimal, format === 'g' ? 'e' : 'E');
  return plain(value === 0 ? { digits: '', point: 0 } : decimal, -1);
}

const trimmed = ({ digits, point }: Decimal): Decimal => ({
  digits: digits.replace(/0+$/, ''),
  point,
});

function hexadecimal(value: number, precision: number): string {
  if (value === 0) return `0x0${precision > 0 ? `.${'0'.repeat(precision)}` : ''}p+00`;
  let { mantissa, power } = parts(value);
  while (mantissa >> 52n === 0n) {
    mantissa <<= 1n;
    power -= 1;
  }
  if (precision >= 0 && precision < 13) {
    const drop = BigInt(4 * (13 - precision));
    const rest = mantissa & ((1n << drop) - 1n);
    const half = 1n << (drop - 1n);
    mantissa >>= drop;
    if (rest > half || (rest === half && mantissa % 2n === 1n)) mantissa += 1n;
    mantissa <<= drop;
    if (mantissa >> 53n === 1n) {
      mantissa >>= 1n;
      power += 1;
    }
  }
  let fraction = (mantissa & 0xfffffffffffffn).toString(16).padStart(13, '0');
  fraction =
    precision < 0
      ? fraction.replace(/0+$/, '')
      : fraction.slice(0, precision).padEnd(precision, '0');
  const exponentOfTwo = power + 52;
  const size = String(Math.abs(exponentOfTwo)).padStart(2, '0');
  return `0x1${fraction === '' ? '' : `.${fraction}`}p${exponentOfTwo < 0 ? '-' : '+'}${size}`;
}
