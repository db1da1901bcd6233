/**
 * Money: an amount as exact decimal digits, never a binary float.
 *
 * Promises that what comes out is what the payer wrote, in one form for each value ("12.50" is "12.5"), or a refusal.
 */
import { Refusal } from './refusal.js';

/** DynamoDB keeps 38 significant digits of a number; here every written digit counts, which is simpler and stricter. */
const MAX_DIGITS = 38;

const DECIMAL = /^(?:0|[1-9]\d*)(?:\.\d+)?$/;

/**
 * The canonical form of an amount above zero.
 *
 * Takes a decimal string, or a JSON integer up to 2^53 - 1. A JSON number with a fraction is refused, even 0.5: the runtime
 * has made a float of it before we see it, and which digits the payer wrote can no longer be known.
 */
export function readAmount(written: unknown): string {
  const canonical = canonicalDecimal(digitsOf(written));
  if (canonical === '0') throw refused('must be above zero');
  if (canonical.replace('.', '').length > MAX_DIGITS) {
    throw refused(`has more than ${MAX_DIGITS} digits`);
  }
  return canonical;
}

function digitsOf(written: unknown): string {
  if (typeof written === 'number') {
    if (!Number.isSafeInteger(written)) {
      throw refused('is a number that cannot be kept exactly: send a string, such as "12.50"');
    }
    if (written < 0) throw refused('must be above zero');
    return String(written);
  }
  if (typeof written !== 'string') {
    throw refused('must be a decimal string, such as "12.50", or an integer');
  }
  if (!DECIMAL.test(written)) {
    throw refused('must be digits with at most one decimal point, such as "12.50"');
  }
  return written;
}

function canonicalDecimal(digits: string): string {
  return digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits;
}

function refused(why: string): Refusal {
  return new Refusal(400, `amount ${why}`, 'amount');
}
