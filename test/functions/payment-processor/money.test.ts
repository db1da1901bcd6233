import { describe, expect, test } from '@jest/globals';
import { readAmount } from '../../../functions/payment-processor/money.js';

const DIGITS_38 = '12345678901234567890123456789012345678';

describe('an amount', () => {
  test.each([
    { sentence: 'keeps the digits of a decimal string', written: '42.05', kept: '42.05' },
    { sentence: 'loses zeros that say nothing', written: '12.50', kept: '12.5' },
    { sentence: 'loses a point with nothing behind it but zeros', written: '7.00', kept: '7' },
    { sentence: 'keeps the zeros of a whole number', written: '1200', kept: '1200' },
    { sentence: 'keeps zeros before the first digit that counts', written: '0.05', kept: '0.05' },
    {
      sentence: 'that no float could keep is kept',
      written: '0.1000000000000000055',
      kept: '0.1000000000000000055',
    },
    { sentence: 'may have 38 digits', written: DIGITS_38, kept: DIGITS_38 },
    { sentence: 'may be an integer', written: 4250, kept: '4250' },
    {
      sentence: 'may be the largest integer a float keeps',
      written: 2 ** 53 - 1,
      kept: '9007199254740991',
    },
  ])('$sentence', ({ written, kept }) => {
    expect(readAmount(written)).toBe(kept);
  });

  test.each([
    { sentence: 'that is a float with a fraction', written: 0.1 },
    { sentence: 'that is a float, even one that binary keeps', written: 12.5 },
    { sentence: 'that is an integer beyond what a float keeps', written: 2 ** 53 },
    { sentence: 'that is infinite', written: Infinity },
    { sentence: 'that is no number', written: NaN },
    { sentence: 'of 39 digits', written: `${DIGITS_38}9` },
    { sentence: 'of 39 digits behind a point', written: `0.${DIGITS_38}` },
    { sentence: 'of zero', written: '0.00' },
    { sentence: 'of the integer zero', written: 0 },
    { sentence: 'below zero', written: '-1.00' },
    { sentence: 'that is an integer below zero', written: -1 },
    { sentence: 'with an exponent', written: '1e3' },
    { sentence: 'with a separator of thousands', written: '1,000.00' },
    { sentence: 'with a decimal comma', written: '12,50' },
    { sentence: 'with two points', written: '1.2.3' },
    { sentence: 'with a point but no fraction', written: '12.' },
    { sentence: 'with a point first', written: '.50' },
    { sentence: 'with a zero first', written: '007' },
    { sentence: 'with a space', written: ' 12.50' },
    { sentence: 'with a line end', written: '12.50\n' },
    { sentence: 'with a currency in it', written: '$12.50' },
    { sentence: 'in digits of another script', written: '١٢' },
    { sentence: 'that is empty', written: '' },
    { sentence: 'that is null', written: null },
    { sentence: 'that is missing', written: undefined },
    { sentence: 'that is a list', written: ['12.50'] },
    { sentence: 'that is true', written: true },
  ])('$sentence is refused', ({ written }) => {
    expect(() => readAmount(written)).toThrow(
      expect.objectContaining({ name: 'Refusal', statusCode: 400, field: 'amount' }),
    );
  });
});
