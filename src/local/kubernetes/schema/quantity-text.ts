/** Quantities of built-in kinds, in the one form in which the real server writes each (resource.Quantity). */
import { Quantity } from '../cel/library/quantity.js';

const DECIMAL_SUFFIXES = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const BINARY_SUFFIXES = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const LEAST_BINARY = Quantity.of(1024n);

/** `1000m` as `1`, `1.5Gi` as `1536Mi`, 0.5 as `500m`. Throws an Error in the words of resource.ParseQuantity. */
export function canonicalQuantity(sent: string | number | bigint): string {
  const text = String(sent);
  const quantity = Quantity.parse(text);
  const size = quantity.sign() < 0 ? Quantity.of(0n).plus(quantity, -1n) : quantity;
  if (text.endsWith('i') && size.compareTo(LEAST_BINARY) >= 0) {
    const { mantissa, exponent } = quantity.toPower(1024n);
    return `${mantissa}${BINARY_SUFFIXES[exponent] ?? ''}`;
  }
  const { mantissa, exponent } = quantity.toPower(1000n);
  if (!/[eE][+-]?\d/.test(text)) return `${mantissa}${DECIMAL_SUFFIXES[exponent + 3] ?? ''}`;
  return exponent === 0 ? String(mantissa) : `${mantissa}e${exponent * 3}`;
}
