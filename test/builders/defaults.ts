/** What the API server makes of a value before it judges it: the defaults of its schema, the outermost first. */
import { isMap, isObject } from '../../src/model/paths.js';
import type { Schema } from '../../src/model/schema.js';

export function withDefaults(value: unknown, schema: Schema): unknown {
  if (Array.isArray(value))
    return 'items' in schema ? value.map((item) => withDefaults(item, schema.items)) : value;
  if (typeof value !== 'object' || value === null || isMap(schema) || !isObject(schema))
    return value;
  const filled: Record<string, unknown> = { ...value };
  for (const [field, inner] of Object.entries(schema.properties)) {
    const given = filled[field] ?? inner.default;
    if (given !== undefined) filled[field] = withDefaults(given, inner);
  }
  return filled;
}
