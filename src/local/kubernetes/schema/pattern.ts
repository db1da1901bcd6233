/** Patterns: Go's regular expressions (RE2), which run in linear time whatever a schema or rule asks for. */
import { RE2JS } from 're2js';

export interface Pattern {
  /** Whether the pattern occurs anywhere in the text. */
  find(text: string): boolean;
}

/** Throws an Error in Go's words when the pattern cannot be compiled. */
export function compilePattern(pattern: string): Pattern {
  const compiled = RE2JS.compile(pattern);
  return { find: (text) => compiled.matcher(text).find() };
}

/** Compiled patterns by their text: compiling is many times slower than matching. */
export class PatternCache {
  readonly #compiled = new Map<string, Pattern>();

  get(pattern: string): Pattern {
    let compiled = this.#compiled.get(pattern);
    if (compiled === undefined) {
      compiled = compilePattern(pattern);
      this.#compiled.set(pattern, compiled);
    }
    return compiled;
  }
}
