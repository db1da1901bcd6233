/** A Kubernetes quantity ("1.5Gi", "250m") as rules compare it: an exact fraction. */
import type { Library } from '../language/overload.js';
import type { ForeignValue } from '../language/value.js';

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

export class Quantity implements ForeignValue {
  readonly foreignType = 'kubernetes.Quantity';

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

  equals(other: Quantity): boolean {
    return this.compareTo(other) === 0;
  }

  plus(other: Quantity, sign: 1n | -1n): Quantity {
    return new Quantity(
      this.numerator * other.denominator + sign * other.numerator * this.denominator,
      this.denominator * other.denominator,
    );
  }

  static of(value: bigint): Quantity {
    return new Quantity(value, 1n);
  }

  approximately(): number {
    const whole = this.numerator / this.denominator;
    return Number(whole) + Number(this.numerator % this.denominator) / Number(this.denominator);
  }

  compareTo(other: Quantity): number {
    const left = this.numerator * other.denominator;
    const right = other.numerator * this.denominator;
    if (left === right) return 0;
    return left < right ? -1 : 1;
  }

  /** As `mantissa` times `base` to the power of `exponent`, the largest that leaves a whole mantissa; rounded up to nanos. */
  toPower(base: 1000n | 1024n): { readonly mantissa: bigint; readonly exponent: number } {
    let exponent = base === 1000n ? -3 : 0;
    const scaled = this.numerator * base ** BigInt(-exponent);
    const isWhole = scaled % this.denominator === 0n || scaled < 0n;
    let mantissa = scaled / this.denominator + (isWhole ? 0n : 1n);
    if (mantissa === 0n) return { mantissa, exponent: 0 };
    for (; mantissa % base === 0n && exponent < 6; exponent += 1) mantissa /= base;
    return { mantissa, exponent };
  }

  isInteger(): boolean {
    if (this.numerator % this.denominator !== 0n) return false;
    const value = this.numerator / this.denominator;
    return value >= -(2n ** 63n) && value < 2n ** 63n;
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

export function addQuantities(library: Library): void {
  library
    .add('quantity(string): Quantity', (text: string) => Quantity.parse(text))
    .add('isQuantity(string): bool', (text: string) => Quantity.isQuantity(text))
    .add('sign(Quantity): int', (a: Quantity) => BigInt(a.sign()))
    .add('Quantity.isGreaterThan(Quantity): bool', (a: Quantity, b: Quantity) => a.compareTo(b) > 0)
    .add('Quantity.isLessThan(Quantity): bool', (a: Quantity, b: Quantity) => a.compareTo(b) < 0)
    .add('Quantity.compareTo(Quantity): int', (a: Quantity, b: Quantity) => BigInt(a.compareTo(b)))
    .add('Quantity.asApproximateFloat(): double', (a: Quantity) => a.approximately())
    .add('Quantity.asInteger(): int', (a: Quantity) => a.asInteger())
    .add('Quantity.isInteger(): bool', (a: Quantity) => a.isInteger())
    .add('Quantity.add(Quantity): Quantity', (a: Quantity, b: Quantity) => a.plus(b, 1n))
    .add('Quantity.add(int): Quantity', (a: Quantity, b: bigint) => a.plus(Quantity.of(b), 1n))
    .add('Quantity.sub(Quantity): Quantity', (a: Quantity, b: Quantity) => a.plus(b, -1n))
    .add('Quantity.sub(int): Quantity', (a: Quantity, b: bigint) => a.plus(Quantity.of(b), -1n));
}
