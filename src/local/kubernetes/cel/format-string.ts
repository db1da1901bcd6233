/** CEL's `'…'.format([…])`: %s, %d, %f, %e, %b, %x, %X, %o and %%, with a precision for %f and %e. */
const CLAUSE = /%(?:\.(\d+))?(.)/gs;

/** Throws an Error when there are fewer values than clauses, or a clause that does not exist. */
export function formatString(template: string, values: readonly unknown[]): string {
  let next = 0;
  return template.replaceAll(CLAUSE, (_clause, precision: string | undefined, verb: string) => {
    if (verb === '%') return '%';
    if (next >= values.length) throw new Error(`index ${next} out of range`);
    const value = values[next];
    next += 1;
    return formatOne(verb, value, precision === undefined ? 6 : Number(precision));
  });
}

function formatOne(verb: string, value: unknown, precision: number): string {
  switch (verb) {
    case 's':
      return textOf(value);
    case 'd':
      return String(value);
    case 'f':
      return Number(value).toFixed(precision);
    case 'e':
      return Number(value)
        .toExponential(precision)
        .replace(/e([+-])(\d)$/, 'e$10$2');
    case 'b':
      return typeof value === 'boolean' ? String(Number(value)) : (value as bigint).toString(2);
    case 'o':
      return (value as bigint).toString(8);
    case 'x':
    case 'X': {
      const hex =
        typeof value === 'string'
          ? Buffer.from(value).toString('hex')
          : (value as bigint).toString(16);
      return verb === 'X' ? hex.toUpperCase() : hex;
    }
    default:
      throw new Error(`unrecognized formatting clause "${verb}"`);
  }
}

function textOf(value: unknown): string {
  if (value instanceof Date) return value.toISOString().replace(/\.000Z$/, 'Z');
  if (Array.isArray(value)) return `[${value.map(textOf).join(', ')}]`;
  if (value instanceof Map) {
    return `{${[...value].map(([key, member]) => `${textOf(key)}: ${textOf(member)}`).join(', ')}}`;
  }
  return String(value);
}
