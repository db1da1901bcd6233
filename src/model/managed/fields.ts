/** Fields that many kinds share. */
import { map, text } from '../schema.js';

export const region = text('The AWS region that the resource is in.');

export const tags = map('Tags of the resource in AWS.', text('The value of the tag.'), {
  'x-kubernetes-map-type': 'granular',
});

export const arn = text('The ARN that AWS gave it.');
export const id = text('The identifier by which the provider finds it again.');
export const tagsAll = map(
  'All tags that the resource has in AWS.',
  text('The value of the tag.'),
  {
    'x-kubernetes-map-type': 'granular',
  },
);
