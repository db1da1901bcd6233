import { describe, expect, test } from '@jest/globals';
import { sameDocument } from '../../../../src/local/provider-aws/external/policy-document.js';

describe('a policy document', () => {
  test.each([
    {
      sentence: 'is the same in another order of keys',
      one: '{"a":"1","b":"2"}',
      other: '{"b":"2","a":"1"}',
      same: true,
    },
    {
      sentence: 'is the same with a list of one as its only value',
      one: '{"Action":["s3:Get"]}',
      other: '{"Action":"s3:Get"}',
      same: true,
    },
    {
      sentence: 'is the same with true as text',
      one: '{"Bool":{"k":true}}',
      other: '{"Bool":{"k":"true"}}',
      same: true,
    },
    {
      sentence: 'is another with another value',
      one: '{"a":"1"}',
      other: '{"a":"2"}',
      same: false,
    },
    {
      sentence: 'is another with one action more',
      one: '{"Action":["a","b"]}',
      other: '{"Action":["a"]}',
      same: false,
    },
    { sentence: 'that is no JSON is the same only as itself', one: 'x', other: '{}', same: false },
  ])('$sentence', ({ one, other, same }) => {
    expect(sameDocument(one, other)).toBe(same);
  });
});
