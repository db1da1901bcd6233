import { describe, expect, test } from '@jest/globals';
import { placed, rebased } from '../../../src/portal/page/field-value.js';
import type { FieldSchema } from '../../../src/portal/contract.js';

const TEXT: FieldSchema = { type: 'string' };
const SCHEMA: FieldSchema = {
  type: 'object',
  properties: {
    handler: { type: 'object', properties: { tag: TEXT } },
    tags: { type: 'object', additionalProperties: TEXT },
  },
};

describe('a fault', () => {
  test.each([
    { sentence: 'of a field', at: 'spec.handler.tag', field: 'spec.handler.tag', says: 'no' },
    { sentence: 'of a group', at: 'spec.handler', field: 'spec.handler', says: 'no' },
    { sentence: 'of a tag', at: 'spec.tags[owner]', field: 'spec.tags', says: 'owner: no' },
    { sentence: 'of a tag by dots', at: 'spec.tags.owner', field: 'spec.tags', says: 'owner: no' },
    { sentence: 'of a field without a place', at: 'spec.new.x', field: 'spec', says: 'new.x: no' },
    { sentence: 'of the name', at: 'metadata.name', field: 'metadata.name', says: 'no' },
    { sentence: 'of nothing in particular', at: '', field: '', says: 'no' },
  ])('$sentence stands where it can be mended', ({ at, field, says }) => {
    expect(placed([{ field: at, message: 'no' }], SCHEMA)).toEqual([{ field, message: says }]);
  });
});

describe('an edit of what somebody else has changed', () => {
  const base = {
    handler: { timeoutSeconds: 30, memorySizeMiB: 512 },
    tags: { team: 'a', old: 'x' },
  };
  test.each([
    {
      sentence: 'keeps both changes',
      mine: { ...base, handler: { timeoutSeconds: 45, memorySizeMiB: 512 } },
      theirs: { ...base, handler: { timeoutSeconds: 30, memorySizeMiB: 640 } },
      becomes: { ...base, handler: { timeoutSeconds: 45, memorySizeMiB: 640 } },
    },
    {
      sentence: 'wins where both changed the same field',
      mine: { ...base, handler: { timeoutSeconds: 45, memorySizeMiB: 512 } },
      theirs: { ...base, handler: { timeoutSeconds: 60, memorySizeMiB: 512 } },
      becomes: { ...base, handler: { timeoutSeconds: 45, memorySizeMiB: 512 } },
    },
    {
      sentence: 'takes out what it took out, and leaves out what they did',
      mine: { ...base, tags: { team: 'a' } },
      theirs: { tags: { team: 'b', old: 'x' } },
      becomes: { tags: { team: 'b' } },
    },
    {
      sentence: 'adds what is new on either side',
      mine: { ...base, tags: { ...base.tags, mine: '1' } },
      theirs: { ...base, tags: { ...base.tags, theirs: '2' } },
      becomes: { ...base, tags: { ...base.tags, mine: '1', theirs: '2' } },
    },
  ])('$sentence', ({ mine, theirs, becomes }) => {
    expect(rebased(base, mine, theirs)).toEqual(becomes);
  });
});
