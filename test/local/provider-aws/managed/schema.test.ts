import { describe, expect, test } from '@jest/globals';
import { keepKnown } from '../../../../src/local/provider-aws/managed/schema.js';

describe('what is written', () => {
  test('has only fields that the kind of the cluster knows', () => {
    const schema = {
      properties: {
        arn: { type: 'string' },
        tags: { additionalProperties: { type: 'string' } },
        replica: { items: { properties: { regionName: { type: 'string' } } } },
      },
    };
    const value = {
      arn: 'a',
      tags: { x: 'y' },
      replica: [{ regionName: 'r', extra: 1 }],
      extra: 1,
      absent: undefined,
    };
    expect(keepKnown(value, schema)).toEqual({
      arn: 'a',
      tags: { x: 'y' },
      replica: [{ regionName: 'r' }],
    });
  });
});
