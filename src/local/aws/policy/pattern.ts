/**
 * Patterns of policies: `*` and `?` as wildcards, `${aws:PrincipalArn}` as a variable, `${*}` as a literal star.
 *
 * Matching is linear in time for one star and never worse than text × pattern: policies come from callers.
 */

const ANY = Symbol('any number of characters');
const ONE = Symbol('one character');
type Token = string | typeof ANY | typeof ONE;

type Piece =
  readonly Token[] | { readonly variable: string; readonly fallback: string | undefined };

/** A value of a request's context by its key, or undefined where the request has none, or several. */
export type Lookup = (key: string) => string | undefined;

export interface Pattern {
  readonly source: string;
  readonly pieces: readonly Piece[];
}

const VARIABLE = /\$\{\s*([^{},\s]+)\s*(?:,\s*'([^']*)'\s*)?\}/g;
const LITERALS: readonly string[] = ['*', '?', '$'];

/** Variables exist since version 2012-10-17 of the policy language; before it, `${…}` is plain text. */
export function compilePattern(source: string, hasVariables: boolean): Pattern {
  if (!hasVariables) return { source, pieces: [wildcards(source)] };
  const pieces: Piece[] = [];
  let position = 0;
  for (const match of source.matchAll(VARIABLE)) {
    pieces.push(wildcards(source.slice(position, match.index)));
    const [whole, name = '', fallback] = match;
    pieces.push(LITERALS.includes(name) ? [name] : { variable: name, fallback });
    position = match.index + whole.length;
  }
  pieces.push(wildcards(source.slice(position)));
  return { source, pieces };
}

/** Whether the text fits. A variable without a value, and without a default, fits nothing. */
export function matches(pattern: Pattern, text: string, lookup: Lookup): boolean {
  const tokens: Token[] = [];
  for (const piece of pattern.pieces) {
    if ('variable' in piece) {
      const value = lookup(piece.variable) ?? piece.fallback;
      if (value === undefined) return false;
      tokens.push(...Array.from(value));
    } else {
      tokens.push(...piece);
    }
  }
  return fits(tokens, text);
}

/** The text of a pattern whose wildcards mean nothing, as in `StringEquals`; undefined where a variable has no value. */
export function expand(pattern: Pattern, lookup: Lookup): string | undefined {
  let text = '';
  for (const piece of pattern.pieces) {
    if ('variable' in piece) {
      const value = lookup(piece.variable) ?? piece.fallback;
      if (value === undefined) return undefined;
      text += value;
    } else {
      text += piece.map((token) => (token === ANY ? '*' : token === ONE ? '?' : token)).join('');
    }
  }
  return text;
}

function wildcards(text: string): Token[] {
  return Array.from(text, (character) =>
    character === '*' ? ANY : character === '?' ? ONE : character,
  );
}

/** Two pointers and the last star to go back to. */
function fits(tokens: readonly Token[], text: string): boolean {
  const characters = Array.from(text);
  let [t, c] = [0, 0];
  let star: { readonly t: number; c: number } | undefined;
  while (c < characters.length) {
    const token = tokens[t];
    if (token === ANY) {
      star = { t, c };
      t += 1;
    } else if (token !== undefined && (token === ONE || token === characters[c])) {
      t += 1;
      c += 1;
    } else if (star !== undefined) {
      star.c += 1;
      t = star.t + 1;
      c = star.c;
    } else {
      return false;
    }
  }
  return tokens.slice(t).every((token) => token === ANY);
}
