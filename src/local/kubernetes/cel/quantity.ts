/** A Kubernetes quantity ("1.5Gi", "250m") as rules compare it: an exact number of thousandths of a millionth. */
const SUFFIXES: Readonly<Record<string, readonly [numerator: bigint, denominator: bigint]>> = {
  n: [1n, 1_000_000_000n],
  u: [1n, 1_000_000n],
  m: [1n, 1000n],
  '': [1n, 1n],
  k: [1000n, 1n],
  M: [1000n ** 2n, 1n],
  G: [1000n ** 3n, 1n],
  T: [1000n ** 4n, 1n],
  P: [1000n ** 5n, 1n],
  E: [1000n ** 6n, 1n],
  Ki: [1024n, 1n],
  Mi: [1024n ** 2n, 1n],
  Gi: [1024n ** 3n, 1n],
  Ti: [1024n ** 4n, 1n],
  Pi: [1024n ** 5n, 1n],
  Ei: [1024n ** 6n, 1n],
};
const QUANTITY = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3})|([numkMGTPE]|[KMGTPE]i)?)$/;

export class Quantity {
  private constructor(
    private readonly numerator: bigint,
    private readonly denominator: bigint,
  ) {}

  static isQuantity(text: string): boolean {
    const parts = QUANTITY.exec(text);
    return parts !== null && `${parts[2] ?? ''}${parts[3] ?? ''}` !== '';
  }

  /** Throws an Error in the words of resource.ParseQuantity. */
  static parse(text: string): Quantity {
    const parts = QUANTITY.exec(text);
    if (parts === null || !Quantity.isQuantity(text)) {
      throw new Error(
        "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
      );
    }
    const [, sign = '', whole = '', fraction = '', exponent, suffix = ''] = parts;
    let numerator = BigInt(`${whole}${fraction}`) * (sign === '-' ? -1n : 1n);
    let denominator = 10n ** BigInt(fraction.length);
    const [times, by] = SUFFIXES[suffix] ?? [1n, 1n];
    numerator *= times;
    denominator *= by;
    const power = Number(exponent ?? 0);
    if (power > 0) numerator *= 10n ** BigInt(power);
    if (power < 0) denominator *= 10n ** BigInt(-power);
    return new Quantity(numerator, denominator);
  }

  compareTo(other: Quantity): number {
    const left = this.numerator * other.denominator;
    const right = other.numerator * this.denominator;
    if (left === right) return 0;
    return left < right ? -1 : 1;
  }

  isInteger(): boolean {
    return this.numerator % this.denominator === 0n;
  }

  asInteger(): bigint {
    if (!this.isInteger()) throw new Error('cannot convert value to integer');
    return this.numerator / this.denominator;
  }

  sign(): number {
    if (this.numerator === 0n) return 0;
    return this.numerator < 0n ? -1 : 1;
  }
}
