import { describe, expect, test } from '@jest/globals';
import {
  FieldPathError,
  NotFound,
  expandWildcards,
  parseFieldPath,
  printFieldPath,
  readField,
  writeField,
} from '../../../../src/local/crossplane/functions/field-path.js';
import type { JsonMap } from '../../../../src/local/crossplane/functions/go/value.js';

describe('a field path', () => {
  test.each([
    ['a.b.c', ['a', 'b', 'c']],
    ['a[0].b', ['a', 0, 'b']],
    ['a[b.c/d].e', ['a', 'b.c/d', 'e']],
    [`a['b']["c"]`, ['a', 'b', 'c']],
    ['[42]', [42]],
    ['a[*].b', ['a', '*', 'b']],
    ['a[-1]', ['a', '-1']],
    ['a[4294967296]', ['a', '4294967296']],
    ['', []],
  ])('%s is read as its segments', (path, segments) => {
    expect(parseFieldPath(path)).toEqual(segments);
  });

  test.each(['.a', 'a.', 'a..b', 'a.[0]', 'a[', 'a[]', 'a[b[c]', 'a]'])('%s is refused', (path) => {
    expect(() => parseFieldPath(path)).toThrow(FieldPathError);
  });

  test('is printed as it was written', () => {
    expect(printFieldPath(['a', 0, 'b.c', 'd'])).toBe('a[0][b.c].d');
  });
});

describe('reading', () => {
  const object: JsonMap = { a: { list: [{ b: 1 }], none: null, text: 'x' } };
  const read = (path: string): unknown => readField(object, parseFieldPath(path));

  test('follows fields and indexes', () => {
    expect([read('a.list[0].b'), read('a.none')]).toEqual([1, null]);
  });

  test.each(['b', 'a.b', 'a.list[1]', 'a.none.b', 'a.toString'])('finds nothing at %s', (path) => {
    expect(() => read(path)).toThrow(NotFound);
  });

  test.each(['a.text.b', 'a[0]', 'a.list.b', 'a.none[0]'])(
    'is refused at %s, which contradicts the object',
    (path) => {
      expect(() => read(path)).toThrow(FieldPathError);
      expect(() => read(path)).not.toThrow(NotFound);
    },
  );
});

describe('writing', () => {
  const write = (object: JsonMap, path: string): JsonMap => {
    writeField(object, parseFieldPath(path), 'v');
    return object;
  };

  test.each([
    ['a.b', {}, { a: { b: 'v' } }],
    ['a[1].b', {}, { a: [null, { b: 'v' }] }],
    ['a[1]', { a: ['x'] }, { a: ['x', 'v'] }],
    ['a[0].b', { a: [null] }, { a: [{ b: 'v' }] }],
    ['a[0][1]', {}, { a: [[null, 'v']] }],
    ['a.b', { a: { c: 1 } }, { a: { c: 1, b: 'v' } }],
  ])('%s makes what it passes through', (path, before, after) => {
    expect(write(before as JsonMap, path)).toEqual(after);
  });

  test.each([
    ['a.b', { a: 'text' }],
    ['a[0]', { a: {} }],
    ['a.b', { a: null }],
    ['a[1025]', {}],
  ])('%s is refused where it contradicts the object or asks for too much', (path, before) => {
    expect(() => write(before as JsonMap, path)).toThrow(FieldPathError);
  });

  test('a field named __proto__ leaves every other object alone', () => {
    write({}, '__proto__.polluted');
    expect({}).not.toHaveProperty('polluted');
  });
});

describe('a wildcard', () => {
  test.each([
    ['list[*].n', ['list[0].n', 'list[1].n']],
    ['map[*]', ['map.x', 'map.y']],
    ['list[*].m[*]', ['list[1].m[0]']],
    ['none[*].n', []],
  ])('%s stands for what is there', (path, paths) => {
    const object = { list: [{ n: 1 }, { n: 2, m: ['a'] }], map: { x: 1, y: 2 } };
    expect(expandWildcards(object, parseFieldPath(path)).map(printFieldPath)).toEqual(paths);
  });
});
