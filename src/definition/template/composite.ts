/** The fields of a composite resource that a patch may read and write. */
import { SPEC } from '../../model/claim/spec.js';
import { STATUS } from '../../model/claim/status.js';
import type { PathOf } from '../../model/paths.js';
import { object, text, type ObjectSchema } from '../../model/schema.js';

export type StatusField = `status.${PathOf<typeof STATUS>}`;
export type CompositeField = `spec.${PathOf<typeof SPEC>}` | StatusField;

export const COMPOSITE_SCHEMA: ObjectSchema = object('The composite resource.', {
  metadata: object('Its metadata.', { name: text('Its name.'), namespace: text('Its namespace.') }),
  spec: SPEC,
  status: STATUS,
});
