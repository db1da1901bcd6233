import { describe, expect, test } from '@jest/globals';
import { object, text } from '../../../src/model/schema.js';
import { inOrderOf } from '../../../src/portal/claims/field-order.js';

const WRITTEN = object('A claim.', {
  suffix: text('The environment.'),
  image: object('The image.', { tag: text('By name.'), digest: text('By content.') }),
  tags: text('Tags.'),
});
const TEXT = { type: 'string' };
const SERVED = {
  type: 'object',
  properties: {
    extra: TEXT,
    image: { type: 'object', properties: { digest: TEXT, tag: TEXT } },
    suffix: TEXT,
    tags: TEXT,
  },
};

describe('the fields that a cluster serves', () => {
  const { properties = {} } = inOrderOf(WRITTEN, SERVED);

  test('stand as they are written, with what only the cluster knows at the end', () => {
    expect(Object.keys(properties)).toEqual(['suffix', 'image', 'tags', 'extra']);
  });

  test('stand so inside each other, too', () => {
    expect(Object.keys(properties.image?.properties ?? {})).toEqual(['tag', 'digest']);
  });

  test('are the same fields', () => {
    expect(inOrderOf(WRITTEN, SERVED)).toEqual(SERVED);
  });
});
