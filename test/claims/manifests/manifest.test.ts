import { describe, expect, test } from '@jest/globals';
import { parseManifest } from '../../../src/claims/manifests/manifest.js';

const TEXT = `# a comment
kind: Claim
spec:
  regions:
    primary: us-east-1
  list:
    - one
    - name: two
  tags:
    a.b: c
`;

describe('the place of a field', () => {
  const [object] = parseManifest('claim.yaml', TEXT).objects;

  test.each([
    { sentence: 'is that of a short value', field: 'spec.regions.primary', at: [5, 14] },
    { sentence: 'is the key of a larger one', field: 'spec.regions', at: [4, 3] },
    { sentence: 'is found within lists', field: 'spec.list[1].name', at: [8, 13] },
    { sentence: 'is found where a key has dots', field: 'spec.tags.a.b', at: [10, 10] },
    {
      sentence: 'is the nearest around one that is missing',
      field: 'spec.regions.secondary',
      at: [4, 3],
    },
    { sentence: 'is the beginning of the object for no field', field: '', at: [2, 1] },
  ])('$sentence', ({ field, at: [line, column] }) => {
    expect(object?.placeOf(field)).toEqual({ line, column });
  });
});

describe('a manifest', () => {
  test('has an object for each document that is not empty', () => {
    const { objects } = parseManifest('-', 'a: 1\n---\n# nothing\n---\na: 2\n');
    expect(objects.map(({ value }) => value)).toEqual([{ a: 1 }, { a: 2 }]);
  });

  test('has an object for each item of a List, with places of their own', () => {
    const { objects } = parseManifest('-', 'kind: List\nitems:\n- a: 1\n- a: 2\n');
    expect(objects.map(({ value }) => value)).toEqual([{ a: 1 }, { a: 2 }]);
    expect(objects[1]?.placeOf('a')).toEqual({ line: 4, column: 6 });
  });

  test('is read by YAML 1.1, as Kubernetes reads it', () => {
    expect(parseManifest('-', 'type: N\n').objects[0]?.value).toEqual({ type: false });
  });

  test.each([
    { sentence: 'is not closed', text: 'a: [1, 2\nb: 3\n', line: 2 },
    { sentence: 'has a key twice', text: 'a: 1\na: 2\n', line: 2 },
  ])('that $sentence has a fault at its line, and no objects', ({ text, line }) => {
    const { objects, faults } = parseManifest('-', text);
    expect(objects).toEqual([]);
    expect(faults[0]).toMatchObject({ line, message: expect.not.stringContaining('\n') });
  });
});
