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

/** Smaller parts than a billionth are rounded away from zero. */
const SMALLEST_POWER = -9;
const LARGEST = 9223372036854775807n;

export function parseQuantity(text: string): number {
  const form = /^([+-]?)([0-9]*)(?:\.([0-9]*))?([numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]+)?$/.exec(
    text,
  );
  const whole = form?.[2] ?? '';
  const fraction = form?.[3] ?? '';
  if (form === null || whole + fraction === '') {
    throw new Error(
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    );
  }
  const suffix = form[4] ?? '';
  let amount = BigInt(whole + fraction);
  let power = -fraction.length;
  const binary = BINARY_POWERS[suffix];
  if (binary !== undefined) amount <<= BigInt(binary);
  else power += DECIMAL_POWERS[suffix] ?? Number(suffix.slice(1));
  if (power < SMALLEST_POWER) {
    const divisor = 10n ** BigInt(SMALLEST_POWER - power);
    amount = amount / divisor + (amount % divisor === 0n ? 0n : 1n);
    power = SMALLEST_POWER;
  }
  const capped = exceedsLargest(amount, power) ? Number(LARGEST) : scale(Number(amount), power);
  return form[1] === '-' ? -capped : capped;
}

function exceedsLargest(amount: bigint, power: number): boolean {
  if (amount === 0n) return false;
  if (power > 18) return true;
  return power >= 0
    ? amount * 10n ** BigInt(power) > LARGEST
    : amount > LARGEST * 10n ** BigInt(-power);
}

const scale = (amount: number, power: number): number =>
  power < 0 ? amount * (1 / 10 ** -power) : amount * 10 ** power;
