import { describe, expect, test } from '@jest/globals';
import { encodeOpenApiV2 } from '../../../../src/local/kubernetes/protobuf/openapi-v2.js';
import { readFields } from '../../../../src/local/kubernetes/protobuf/reader.js';

/** The messages of one field. */
function fieldsOf(message: Buffer, number: number): Buffer[] {
  return readFields(message)
    .filter((field) => field.number === number)
    .map(({ value }) => value as Buffer);
}

function textOf(message: Buffer | undefined, number: number): string | undefined {
  return message === undefined ? undefined : fieldsOf(message, number)[0]?.toString();
}

const LONG = 'd'.repeat(300);

const document = encodeOpenApiV2({
  swagger: '2.0',
  info: { title: 'Kubernetes', version: 'v1.34.0' },
  definitions: {
    'org.example.v1.Widget': {
      type: 'object',
      description: LONG,
      required: ['spec'],
      properties: {
        spec: { type: 'object', additionalProperties: { type: 'string', maxLength: 300 } },
        list: {
          type: 'array',
          items: { $ref: '#/definitions/a' },
          'x-kubernetes-list-type': 'map',
        },
      },
      'x-kubernetes-group-version-kind': [{ group: 'example.org', version: 'v1', kind: 'Widget' }],
    },
  },
});

describe('an OpenAPI v2 document in protobuf', () => {
  const [definitions] = fieldsOf(document, 9);
  const [named] = definitions === undefined ? [] : fieldsOf(definitions, 1);
  const [widget = Buffer.alloc(0)] = named === undefined ? [] : fieldsOf(named, 2);
  const [properties = Buffer.alloc(0)] = fieldsOf(widget, 25);
  const [spec, list] = fieldsOf(properties, 1).map((property) => fieldsOf(property, 2)[0]);

  test('names its definitions', () => {
    expect(textOf(document, 1)).toBe('2.0');
    expect(textOf(named, 1)).toBe('org.example.v1.Widget');
    expect(textOf(widget, 4)).toBe(LONG);
    expect(textOf(widget, 19)).toBe('spec');
  });

  test('says of which kind a definition is, by which Go clients find it', () => {
    const [extension = Buffer.alloc(0)] = fieldsOf(widget, 31);
    expect(textOf(extension, 1)).toBe('x-kubernetes-group-version-kind');
    expect(JSON.parse(textOf(fieldsOf(extension, 2)[0], 2) ?? '')).toEqual([
      { group: 'example.org', version: 'v1', kind: 'Widget' },
    ]);
  });

  test('holds maps, lists and references', () => {
    const [values = Buffer.alloc(0)] = fieldsOf(spec ?? Buffer.alloc(0), 21);
    const [value = Buffer.alloc(0)] = fieldsOf(values, 1);
    expect(readFields(value).find(({ number }) => number === 11)?.value).toBe(300n);
    const [items = Buffer.alloc(0)] = fieldsOf(list ?? Buffer.alloc(0), 23);
    expect(textOf(fieldsOf(items, 1)[0], 1)).toBe('#/definitions/a');
    expect(textOf(fieldsOf(list ?? Buffer.alloc(0), 31)[0], 1)).toBe('x-kubernetes-list-type');
  });
});
