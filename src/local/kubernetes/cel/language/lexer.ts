/** Words of an expression: names, literals and signs, each with the character at which it stands. */
import { ExpressionError, Unsigned, type Fault, type Literal } from './expression.js';

export interface Token {
  readonly kind: 'name' | 'literal' | 'sign' | 'end';
  readonly text: string;
  readonly at: number;
  readonly value?: Literal;
}

const SPACE = /(?:[ \t\r\n\f]+|\/\/[^\n]*)*/y;
const NAME = /[A-Za-z_]\w*/y;
const QUOTED_NAME = /`[A-Za-z0-9_.\-/ ]+`/y;
const NUMBER =
  /0[xX][0-9a-fA-F]+[uU]?|\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+(?:[eE][+-]?\d+)?|\d+[uU]?/y;
const RAW_TEXT = /([rR][bB]?|[bB][rR])("""[\s\S]*?"""|'''[\s\S]*?'''|"[^"\n\r]*"|'[^'\n\r]*')/y;
const GOOD_ESCAPE = String.raw`\\(?:[abfnrtv"'\\?\x60]|[xX][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-3][0-7]{2})`;
const TEXT = new RegExp(
  `([bB])?("""(?:${GOOD_ESCAPE}|[^\\\\])*?"""|'''(?:${GOOD_ESCAPE}|[^\\\\])*?'''|"(?:${GOOD_ESCAPE}|[^"\\\\\\n\\r])*"|'(?:${GOOD_ESCAPE}|[^'\\\\\\n\\r])*')`,
  'y',
);
const BEGUN = new RegExp(
  `"(?:${GOOD_ESCAPE}|[^"\\\\\\n\\r])*\\\\?|'(?:${GOOD_ESCAPE}|[^'\\\\\\n\\r])*\\\\?|[=&|]|`,
  'y',
);
const SIGN = /==|!=|<=|>=|&&|\|\||[-+*/%<>!?:.,()[\]{}]/y;

const WORDS: Readonly<Record<string, Literal>> = { true: true, false: false, null: null };
const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};
const ESCAPE =
  /\\(?:([xX][0-9a-fA-F]{2})|(u[0-9a-fA-F]{4})|(U[0-9a-fA-F]{8})|([0-3][0-7]{2})|([\s\S]))/g;

export interface Tokens {
  /** The last is of the kind `end`. */
  readonly tokens: readonly Token[];
  /** What was passed over. */
  readonly faults: readonly Fault[];
}

/** Throws ExpressionError for a literal that is none. */
export function tokensOf(text: string): Tokens {
  const tokens: Token[] = [];
  const faults: Fault[] = [];
  let at = skip(text, 0);
  while (at < text.length) {
    const token = tokenAt(text, at);
    if (token === undefined) {
      const wrong = unreadable(text, at);
      faults.push({ at, why: `Syntax error: token recognition error at: '${wrong}'` });
      at = skip(text, at + wrong.length);
    } else {
      tokens.push(token);
      at = skip(text, at + token.text.length);
    }
  }
  return { tokens: [...tokens, { kind: 'end', text: '<EOF>', at: text.length }], faults };
}

function skip(text: string, from: number): number {
  return from + matchAt(SPACE, text, from).length;
}

function tokenAt(text: string, at: number): Token | undefined {
  const quoted = readText(text, at);
  if (quoted !== undefined) return quoted;
  const name = matchAt(NAME, text, at);
  if (name !== '') {
    return Object.hasOwn(WORDS, name)
      ? { kind: 'literal', text: name, at, value: WORDS[name] ?? null }
      : { kind: 'name', text: name, at };
  }
  const escaped = matchAt(QUOTED_NAME, text, at);
  if (escaped !== '') return { kind: 'name', text: escaped, at };
  const number = matchAt(NUMBER, text, at);
  if (number !== '') return { kind: 'literal', text: number, at, value: numberOf(number, at) };
  const sign = matchAt(SIGN, text, at);
  if (sign !== '') return { kind: 'sign', text: sign, at };
  return undefined;
}

/** What was begun as a token, with the character at which it turned out to be none. */
function unreadable(text: string, at: number): string {
  const begun = matchAt(BEGUN, text, at);
  const after = String.fromCodePoint(text.codePointAt(at + begun.length) ?? 0);
  return at + begun.length < text.length ? begun + after : begun;
}

function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}

function numberOf(text: string, at: number): Literal {
  if (/^0[xX]/.test(text) || /^\d+[uU]?$/.test(text)) {
    const isUnsigned = /[uU]$/.test(text);
    const value = BigInt(text.replace(/[uU]$/, ''));
    // -9223372036854775808 is read as the negation of one more than the largest.
    const most = isUnsigned ? 2n ** 64n - 1n : 2n ** 63n;
    if (value > most) {
      const why = `invalid ${isUnsigned ? 'uint' : 'int'} literal`;
      throw new ExpressionError([{ at, why }]);
    }
    return isUnsigned ? new Unsigned(value) : value;
  }
  return Number(text);
}

function readText(text: string, at: number): Token | undefined {
  RAW_TEXT.lastIndex = at;
  const raw = RAW_TEXT.exec(text);
  TEXT.lastIndex = at;
  const found = raw ?? TEXT.exec(text);
  if (found === null) return undefined;
  const [all, prefix = '', quoted = ''] = found;
  const marks = /^("""|''')/.test(quoted) ? 3 : 1;
  const body = quoted.slice(marks, -marks);
  const isBytes = /b/i.test(prefix);
  const value = raw === null ? unescape(body, isBytes, at) : body;
  return {
    kind: 'literal',
    text: all,
    at,
    value: isBytes ? (typeof value === 'string' ? Buffer.from(value) : value) : value,
  };
}

function unescape(body: string, isBytes: boolean, at: number): string | Uint8Array {
  if (isBytes) return unescapeBytes(body, at);
  return body.replace(
    ESCAPE,
    (all, hex?: string, short?: string, long?: string, octal?: string) => {
      const digits = hex ?? short ?? long;
      if (digits !== undefined) return characterOf(Number.parseInt(digits.slice(1), 16), all, at);
      if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
      return simpleEscape(all, at);
    },
  );
}

function characterOf(code: number, escape: string, at: number): string {
  if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) unknownEscape(escape, at);
  return String.fromCodePoint(code);
}

function simpleEscape(escape: string, at: number): string {
  const character = escape.slice(1);
  const known = ESCAPES[character];
  if (known !== undefined) return known;
  if (/^[\\?"'`]$/.test(character)) return character;
  return unknownEscape(escape, at);
}

function unknownEscape(escape: string, at: number): never {
  throw new ExpressionError([{ at, why: `Syntax error: invalid escape sequence ${escape}` }]);
}

function unescapeBytes(body: string, at: number): Uint8Array {
  const parts: Buffer[] = [];
  let from = 0;
  for (const found of body.matchAll(ESCAPE)) {
    const [all, hex, short, long, octal] = found;
    parts.push(Buffer.from(body.slice(from, found.index)));
    from = found.index + all.length;
    if (short !== undefined || long !== undefined) unknownEscape(all, at);
    const code =
      hex === undefined ? octal && Number.parseInt(octal, 8) : Number.parseInt(hex.slice(1), 16);
    parts.push(typeof code === 'number' ? Buffer.from([code]) : Buffer.from(simpleEscape(all, at)));
  }
  return Buffer.concat([...parts, Buffer.from(body.slice(from))]);
}
