/** Regular expressions as Go reads them. */
import { RE2JS } from 're2js';

/** A pattern that cannot be read is told as `what`. */
export function compileRegexp(pattern: string, what: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${what}: ${why}`, { cause });
  }
}
