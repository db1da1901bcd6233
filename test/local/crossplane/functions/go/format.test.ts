/** What Go 1.26 prints for the same format and arguments. */
import { describe, expect, test } from '@jest/globals';
import { sprintf } from '../../../../../src/local/crossplane/functions/go/format.js';
import type { GoValue } from '../../../../../src/local/crossplane/functions/go/value.js';

type Case = readonly [format: string, args: readonly GoValue[], printed: string];

describe.each<[string, readonly Case[]]>([
  [
    'strings',
    [
      ['%s', ['a'], 'a'],
      ['%5s|%-5s|', ['a', 'b'], '    a|b    |'],
      ['%.2s', ['äöü'], 'äö'],
      ['%q', ['a"\n€\u0001'], '"a\\"\\n€\\x01"'],
      ['%+q', ['é'], '"\\u00e9"'],
      ['%#q', ['a'], '`a`'],
      ['%x', ['hé'], '68c3a9'],
      ['% X', ['hi'], '68 69'],
    ],
  ],
  [
    'floats',
    [
      ['%v', [512], '512'],
      ['%v', [2.5], '2.5'],
      ['%v', [1234567], '1.234567e+06'],
      ['%v', [9007199254740991], '9.007199254740991e+15'],
      ['%v', [0.00001], '1e-05'],
      ['%.2f', [0.125], '0.12'],
      ['%.0f', [2.5], '2'],
      ['%f', [1e21], '1000000000000000000000.000000'],
      ['%8.3f', [-3.14159], '  -3.142'],
      ['%08.3f', [-3.14159], '-003.142'],
      ['%e', [123456.789], '1.234568e+05'],
      ['%.3g', [1234.5678], '1.23e+03'],
      ['%x', [2.5], '0x1.4p+01'],
      ['%+v', [1], '1'],
      ['%#g', [2.5], '2.50000'],
      ['%#x', [2.5], '0x1.4000p+01'],
      ['%.3000f', [1.5], `1.5${'0'.repeat(2999)}`],
    ],
  ],
  [
    'integers',
    [
      ['%d', [7n], '7'],
      ['%06d', [-42n], '-00042'],
      ['%x|%X|%#x|%o|%b', [255n, 255n, 255n, 8n, 5n], 'ff|FF|0xff|10|101'],
      ['%c|%U|%q', [65n, 128512n, 65n], "A|U+1F600|'A'"],
      ['%+d|% d', [5n, 5n], '+5| 5'],
    ],
  ],
  [
    'lists, maps and nil',
    [
      ['%v', [['a', 1, true, null]], '[a 1 true <nil>]'],
      ['%v', [{ b: 2, a: 1 }], 'map[a:1 b:2]'],
      ['%d', [['a']], '[%!d(string=a)]'],
      [
        '%#v',
        [{ a: ['b', null] }],
        'map[string]interface {}{"a":[]interface {}{"b", interface {}(nil)}}',
      ],
      ['%v', [null], '<nil>'],
      ['%T %T', [1, []], 'float64 []interface {}'],
    ],
  ],
  [
    'mismatches',
    [
      ['%d', [7], '%!d(float64=7)'],
      ['%s', [null], '%!s(<nil>)'],
      ['%t', ['x'], '%!t(string=x)'],
      ['%s-%s', ['a'], 'a-%!s(MISSING)'],
      ['%s', ['a', 1], 'a%!(EXTRA float64=1)'],
      ['none', ['a'], 'none%!(EXTRA string=a)'],
      ['100%', [], '100%!(NOVERB)'],
      ['%99999999d', [1n], '%!(NOVERB)%!(EXTRA int64=1)'],
      ['%w', [['a']], '%!w([]interface {}=[a])'],
      ['%05d', ['abc'], '%!d(string=00abc)'],
    ],
  ],
  [
    'indexes and stars',
    [
      ['%[2]s-%[1]s', ['a', 'b'], 'b-a'],
      ['%[3]s', ['a'], '%!s(BADINDEX)'],
      ['%[x]s', ['a'], '%!s(BADINDEX)'],
      ['%*d|%-*d|', [5n, 42n, 4n, 7n], '   42|7   |'],
      ['%.*f', [2n, 3.14159], '3.14'],
      ['%*d', [1.5, 2n], '%!(BADWIDTH)2'],
      ['%d%%', [1n], '1%'],
    ],
  ],
])('%s', (_, cases) => {
  test.each(cases)('case %#', (format, args, printed) => {
    expect(sprintf(format, ...args)).toBe(printed);
  });
});
