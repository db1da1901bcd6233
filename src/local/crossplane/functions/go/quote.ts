/** Go's `strconv.Quote` and its kin: the escapes of Go source text. */
const SHORT: Readonly<Record<string, string>> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
};

/** What Go calls printable: letters, marks, numbers, punctuation, symbols and the ASCII space. */
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

export const quoteString = (text: string): string => `"${escaped(text, '"', false)}"`;
export const quoteAscii = (text: string): string => `"${escaped(text, '"', true)}"`;
export const quoteRune = (char: string, isAscii: boolean): string =>
  `'${escaped(char, "'", isAscii)}'`;

function escaped(text: string, delimiter: string, isAscii: boolean): string {
  let out = '';
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    const short = SHORT[char];
    if (char === delimiter) out += `\\${char}`;
    else if (short !== undefined) out += short;
    else if (PRINTABLE.test(char) && !(isAscii && code > 0x7e)) out += char;
    else if (code < 0x20 || code === 0x7f) out += `\\x${hex(code, 2)}`;
    else if (code < 0x10000) out += `\\u${hex(code, 4)}`;
    else out += `\\U${hex(code, 8)}`;
  }
  return out;
}

const hex = (code: number, width: number): string => code.toString(16).padStart(width, '0');
