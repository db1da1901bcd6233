/**
 * Kubernetes' resource quantities (`1500m`, `1Gi`, `2e3`) as the float64 that `Quantity.AsApproximateFloat64` gives.
 *
 * It multiplies a whole number by a power of ten, so `0.7` is 7 × 0.1 = 0.7000000000000001: so does this.
 */
const DECIMAL_POWERS: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const BINARY_POWERS: Readonly<Record<string, number>> = {
  Ki: 10,
  Mi: 20,
  Gi: 30,
  Ti: 40,
  Pi: 50,
  Ei: 60,
};

/** Amounts that are not kept as an int64 and a power of ten are kept in billionths, rounded away from zero. */
const SMALLEST_POWER = -9;
/** Amounts with a binary suffix end here; decimal ones go on. */
const MAX_INT64 = 9223372036854775807n;

/** No float64 is this large. */
const LARGEST_POWER = 308;

/** How many digits an amount may have to be kept as an int64: without, and with, a power of two. */
const DECIMAL_DIGITS = 18;
const BINARY_DIGITS = 14;

export function parseQuantity(text: string): number {
  const form =
    /^([+-]?)(?:0*([0-9]*))(?:\.([0-9]*))?([numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]+)?$/.exec(text);
  if (form === null || text === '') {
    throw new Error(
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    );
  }
  const [, sign, whole = '', fraction = '', suffix = ''] = form;
  const magnitude = approximate(whole, fraction, suffix);
  return sign === '-' && magnitude !== 0 ? -magnitude : magnitude;
}

function approximate(whole: string, fraction: string, suffix: string): number {
  const binary = BINARY_POWERS[suffix];
  const amount = BigInt(`0${whole}${fraction}`) << BigInt(binary ?? 0);
  const suffixPower =
    binary === undefined ? (DECIMAL_POWERS[suffix] ?? Number(suffix.slice(1))) : 0;
  const power = suffixPower - fraction.length;
  const isShort =
    binary === undefined
      ? whole.length + fraction.length <= DECIMAL_DIGITS
      : fraction === '' && whole.length + Math.trunc((binary * 3) / 10) <= BINARY_DIGITS;
  if (isShort && power >= SMALLEST_POWER) return scale(amount, power);
  if (amount === 0n) return 0;
  if (power > LARGEST_POWER) return Infinity;
  if (binary !== undefined && exceedsInt64(amount, -power)) return Number(MAX_INT64);
  return scale(inBillionths(amount, power), SMALLEST_POWER);
}

const exceedsInt64 = (amount: bigint, places: number): boolean =>
  amount > MAX_INT64 * 10n ** BigInt(places);

function inBillionths(amount: bigint, power: number): bigint {
  if (power >= SMALLEST_POWER) return amount * 10n ** BigInt(power - SMALLEST_POWER);
  if (SMALLEST_POWER - power > String(amount).length) return 1n;
  const divisor = 10n ** BigInt(SMALLEST_POWER - power);
  return amount / divisor + (amount % divisor === 0n ? 0n : 1n);
}

const scale = (amount: bigint, power: number): number =>
  power === 0 ? Number(amount) : Number(amount) * Number(`1e${String(power)}`);
