import { describe, expect, test } from '@jest/globals';
import { driftOf } from '../../../../src/local/provider-aws/external/drift.js';

describe('drift', () => {
  test.each([
    {
      sentence: 'is none where AWS has what is asked',
      wanted: { a: 1 },
      actual: { a: 1, b: 2 },
      drift: [],
    },
    {
      sentence: 'names each field that differs',
      wanted: { b: 1, a: 'x' },
      actual: { a: 'y', b: 2 },
      drift: ['a', 'b'],
    },
    {
      sentence: 'does not count what is left open',
      wanted: { a: undefined },
      actual: { a: 1 },
      drift: [],
    },
    {
      sentence: 'takes off and empty for absent',
      wanted: { a: false, b: '', c: [], d: { e: false } },
      actual: {},
      drift: [],
    },
    {
      sentence: 'sees what is on although it was asked to be off',
      wanted: { a: false },
      actual: { a: true },
      drift: ['a'],
    },
    {
      sentence: 'compares lists without their order',
      wanted: { a: [{ n: 'x' }, { n: 'y' }] },
      actual: { a: [{ n: 'y', more: 1 }, { n: 'x' }] },
      drift: [],
    },
    {
      sentence: 'sees a list that has more than was asked',
      wanted: { a: ['x'] },
      actual: { a: ['x', 'y'] },
      drift: ['a'],
    },
    {
      sentence: 'does not count one item for two',
      wanted: { a: ['x', 'x'] },
      actual: { a: ['x', 'y'] },
      drift: ['a'],
    },
    {
      sentence: 'sees a tag that nobody asked for',
      wanted: { tags: { a: '1' } },
      actual: { tags: { a: '1', b: '2' } },
      drift: ['tags'],
    },
  ])('$sentence', ({ wanted, actual, drift }) => {
    expect(driftOf(wanted, actual)).toEqual(drift);
  });

  test('heeds the order of a list where the kind says that it matters', () => {
    const lists = [{ command: ['a', 'b'] }, { command: ['b', 'a'] }] as const;
    expect(driftOf(...lists)).toEqual([]);
    expect(driftOf(...lists, { ordered: ['command'] })).toEqual(['command']);
  });

  test('finds nothing in a setting of the provider itself', () => {
    expect(driftOf({ forceDestroy: true }, {}, { settings: ['forceDestroy'] })).toEqual([]);
  });

  test('sees what is there although it was taken out of the specification, where that means none', () => {
    const how = { emptyWhenOpen: ['okActions'] };
    expect(driftOf({}, { okActions: ['arn'] }, how)).toEqual(['okActions']);
    expect(driftOf({}, { okActions: [] }, how)).toEqual([]);
  });

  test('compares policies by their meaning', () => {
    const documents = { documents: ['policy'] };
    const wanted = { policy: '{"Statement":[{"Action":["b","a"],"Effect":"Allow"}]}' };
    const same = { policy: '{ "Statement": {"Effect":"Allow","Action":["a","b"]} }' };
    const other = { policy: '{"Statement":[{"Action":["a"],"Effect":"Allow"}]}' };
    expect(driftOf(wanted, same, documents)).toEqual([]);
    expect(driftOf(wanted, other, documents)).toEqual(['policy']);
  });
});
