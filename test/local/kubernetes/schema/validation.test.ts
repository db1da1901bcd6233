/** What values are against their schema, in the words and the order of kube-apiserver 1.34. */
import { describe, expect, test } from '@jest/globals';
import { validate } from '../../../../src/local/kubernetes/schema/validation.js';

const keyed = {
  type: 'array',
  maxItems: 1,
  'x-kubernetes-list-type': 'map' as const,
  'x-kubernetes-list-map-keys': ['k'],
  items: { type: 'object', properties: { k: { type: 'string' }, v: { type: 'string' } } },
};

describe('a value', () => {
  test.each([
    [
      'of another type is held against its enum too',
      1,
      { type: 'string', enum: ['a'] },
      ['TypeInvalid', 'NotSupported'],
    ],
    [
      'with a fraction is held against its bounds too',
      5.5,
      { type: 'integer', maximum: 5 },
      ['TypeInvalid', 'Invalid'],
    ],
    ['beyond 64 bits is no integer', 2n ** 63n, { type: 'integer' }, ['TypeInvalid']],
    ['of 64 bits is an integer', -(2n ** 63n), { type: 'integer' }, []],
  ])('%s', (_sentence, value, schema, types) => {
    expect(validate(value, schema, 'a').map(({ type }) => type)).toEqual(types);
  });

  test('of which a part is missing is told of its other parts first', () => {
    const schema = {
      type: 'object',
      required: ['b'],
      properties: { a: { type: 'string', maxLength: 1 } },
    };
    expect(validate({ a: 'aa' }, schema, '').map(({ field, detail }) => [field, detail])).toEqual([
      ['a', 'may not be more than 1 byte'],
      ['b', undefined],
    ]);
  });

  test('that is none of all its schemas is told so after why', () => {
    const schema = { type: 'integer', allOf: [{ minimum: 3 }, { maximum: 1 }] };
    expect(validate(2, schema, 'a').at(-1)?.detail).toBe(
      '"a" must validate all the schemas (allOf). None validated',
    );
  });
});

test('a list of type map whose items changed their places is not held against a tighter schema', () => {
  const [one, two] = [{ k: '1' }, { k: '2' }];
  expect(validate([two, one], keyed, 'a', [one, two])).toEqual([]);
});
