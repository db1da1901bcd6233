/**
 * JSON as objects of the API are made of it.
 *
 * `parseJson` keeps integers beyond 2^53 exact (as `bigint`), which JSON.parse does not, and tells of keys that occur
 * twice, which strict field validation refuses. Promises that no object carries the key `__proto__`, so that merging
 * what a client sent can never reach a prototype.
 */
export type JsonObject = Record<string, unknown>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export interface ParsedJson {
  readonly value: unknown;
  /** Paths of keys that an object has twice, as in `spec.size`. */
  readonly duplicates: readonly string[];
}

/** Text that JSON.parse would not render faithfully: a long integer, half a surrogate pair, or (perhaps escaped) a `__proto__`. */
const NEEDS_CARE = /\d{16}|__proto__|\\u005[fF]|\\u[dD][89a-fA-F]/;

/** How deep objects and lists may nest, as in the JSON decoder of Kubernetes. */
const MAX_DEPTH = 10_000;

/** Throws SyntaxError, in the words of Go's decoder. `findDuplicates` costs time, so only strict validation asks for it. */
export function parseJson(text: string, findDuplicates = false): ParsedJson {
  if (!NEEDS_CARE.test(text) && !mayBeTooDeep(text)) {
    try {
      const value: unknown = JSON.parse(text);
      // What comes out as it went in had no key twice.
      if (!findDuplicates || JSON.stringify(value) === text) return { value, duplicates: [] };
    } catch {
      // Parsed again, to say what is wrong with it.
    }
  }
  return new CarefulParser(text).parse();
}

/** Whether it opens so many objects and lists, brackets within strings counted too. */
function mayBeTooDeep(text: string): boolean {
  if (text.length < MAX_DEPTH) return false;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charCodeAt(at);
    if (character === 0x7b || character === 0x5b) depth += 1;
    else if (character === 0x7d || character === 0x5d) depth -= 1;
    if (depth > MAX_DEPTH) return true;
  }
  return false;
}

/** The value as JSON; `bigint`s are written as integers. */
export function formatJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return formatWithBigInts(value);
  }
}

function formatWithBigInts(value: unknown): string {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return `[${value.map(formatWithBigInts).join(',')}]`;
  if (isJsonObject(value)) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([key, member]) => `${JSON.stringify(key)}:${formatWithBigInts(member)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value);
}

/** Makes no lists of keys: it is asked of every part of every object that is written. */
export function isEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    for (let index = 0; index < a.length; index += 1) {
      if (!isEqual(a[index], b[index])) return false;
    }
    return true;
  }
  if (Array.isArray(b)) return false;
  const left = a as JsonObject;
  const right = b as JsonObject;
  for (const key in left) {
    if (left[key] !== undefined && !(Object.hasOwn(right, key) && isEqual(left[key], right[key])))
      return false;
  }
  for (const key in right) {
    if (right[key] !== undefined && !(Object.hasOwn(left, key) && left[key] !== undefined))
      return false;
  }
  return true;
}

/** A copy that shares nothing with the original. */
export function copyJson<T>(value: T): T {
  if (Array.isArray(value)) return value.map((item: unknown) => copyJson(item)) as T;
  if (!isJsonObject(value)) return value;
  const copy: JsonObject = {};
  for (const key of Object.keys(value)) copy[key] = copyJson(value[key]);
  return copy as T;
}

/** What the value at this path is, or undefined where the path ends early. */
export function valueAt(value: unknown, path: readonly string[]): unknown {
  let current = value;
  for (const step of path) {
    if (!isJsonObject(current) || !Object.hasOwn(current, step)) return undefined;
    current = current[step];
  }
  return current;
}

/** The text at this path, empty where there is none. */
export function textAt(value: unknown, ...path: string[]): string {
  const text = valueAt(value, path);
  return typeof text === 'string' ? text : '';
}

/** Parts of a string, one after the other: one expression for the whole of a long one would exhaust the stack. */
const PLAIN = /[^"\\\0-\x1f]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

class CarefulParser {
  #at = 0;
  #depth = 0;
  readonly #duplicates: string[] = [];

  constructor(private readonly text: string) {}

  parse(): ParsedJson {
    const value = this.#root();
    this.#space();
    if (this.#at < this.text.length) this.#fail('after top-level value');
    return { value, duplicates: this.#duplicates };
  }

  #root(): unknown {
    try {
      return this.#value('');
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      // The stack may end before the depth that Go allows: it is the next one in that is too many.
      while (!/[[{]/.test(this.text[this.#at] ?? '[')) this.#at += 1;
      this.#fail('exceeded max depth');
    }
  }

  #value(path: string): unknown {
    this.#space();
    const next = this.text[this.#at];
    if (next === '{') return this.#nested(() => this.#object(path));
    if (next === '[') return this.#nested(() => this.#list(path));
    if (next === '"') return this.#string();
    return this.#scalar();
  }

  #nested<T>(read: () => T): T {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) this.#fail('exceeded max depth');
    const value = read();
    this.#depth -= 1;
    return value;
  }

  #object(path: string): JsonObject {
    const object: JsonObject = {};
    this.#at += 1;
    if (this.#skip('}')) return object;
    do {
      this.#space();
      if (this.text[this.#at] !== '"') this.#fail('looking for beginning of object key string');
      const key = this.#string();
      if (key === '__proto__') throw new SyntaxError('the key "__proto__" cannot be used');
      const keyPath = path === '' ? key : `${path}.${key}`;
      if (!this.#skip(':')) this.#fail('after object key');
      const value = this.#value(keyPath);
      if (Object.hasOwn(object, key)) this.#duplicates.push(keyPath);
      object[key] = value;
    } while (this.#skip(','));
    if (!this.#skip('}')) this.#fail('after object key:value pair');
    return object;
  }

  #list(path: string): unknown[] {
    const list: unknown[] = [];
    this.#at += 1;
    if (this.#skip(']')) return list;
    do list.push(this.#value(`${path}[${list.length}]`));
    while (this.#skip(','));
    if (!this.#skip(']')) this.#fail('after array element');
    return list;
  }

  #string(): string {
    const begin = this.#at;
    this.#at += 1;
    for (;;) {
      PLAIN.lastIndex = this.#at;
      this.#at += PLAIN.exec(this.text)?.[0].length ?? 0;
      if (this.text[this.#at] !== '\\') break;
      ESCAPE.lastIndex = this.#at;
      const escape = ESCAPE.exec(this.text)?.[0];
      if (escape === undefined) this.#failInEscape();
      this.#at += escape.length;
    }
    if (this.text[this.#at] !== '"') this.#fail('in string literal');
    this.#at += 1;
    const quoted = this.text.slice(begin, this.#at);
    // Half a surrogate pair is no character: Go reads it as U+FFFD.
    return (JSON.parse(quoted) as string).replaceAll(/\p{Surrogate}/gu, '\ufffd');
  }

  #scalar(): unknown {
    const token = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
    token.lastIndex = this.#at;
    const text = token.exec(this.text)?.[0];
    if (text === undefined) this.#failInScalar();
    this.#at += text.length;
    if (/^-?[1-9]\d{15,}$/.test(text)) {
      const exact = BigInt(text);
      return Number.isSafeInteger(Number(exact)) ? Number(exact) : exact;
    }
    return JSON.parse(text);
  }

  #skip(character: string): boolean {
    this.#space();
    if (this.text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #space(): void {
    while (/[ \t\r\n]/.test(this.text[this.#at] ?? '')) this.#at += 1;
  }

  #failInEscape(): never {
    const escape = /\\u?[0-9a-fA-F]{0,3}/y;
    escape.lastIndex = this.#at;
    const begun = escape.exec(this.text)?.[0] ?? '';
    this.#at += begun.startsWith('\\u') ? begun.length : 1;
    this.#fail(
      begun.startsWith('\\u') ? 'in \\u hexadecimal character escape' : 'in string escape code',
    );
  }

  #failInScalar(): never {
    const word = ['true', 'false', 'null'].find((one) =>
      one.startsWith(this.text[this.#at] ?? ' '),
    );
    if (word === undefined) {
      if (this.text[this.#at] !== '-') this.#fail('looking for beginning of value');
      this.#at += 1;
      this.#fail('in numeric literal');
    }
    let read = 0;
    while (this.text[this.#at + read] === word[read]) read += 1;
    this.#at += read;
    this.#fail(`in literal ${word} (expecting '${word[read] ?? ''}')`);
  }

  #fail(where: string): never {
    const found = this.text[this.#at];
    throw new SyntaxError(
      found === undefined
        ? 'unexpected end of JSON input'
        : `invalid character ${quotedCharacter(found)} ${where}`,
    );
  }
}

/** As Go writes a character between quotes. */
function quotedCharacter(character: string): string {
  if (character === "'") return `'\\''`;
  if (character === '"') return `'"'`;
  const escaped = JSON.stringify(character).slice(1, -1);
  return `'${escaped.replace(/^\\u00/, '\\x')}'`;
}

/** The value with the keys of its objects in order, as Go writes maps. */
export function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (!isJsonObject(value)) return value;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([key, member]) => [key, sortedKeys(member)]));
}
