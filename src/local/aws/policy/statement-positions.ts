/** Where the statements of a policy stand in its text: how a simulation points at those that decided. */

export interface Position {
  readonly Line: number;
  readonly Column: number;
}

export interface Span {
  readonly start: Position;
  readonly end: Position;
}

/**
 * A span per statement, in their order. As in AWS's answers a statement begins where the text before it ends: after the
 * bracket of the list, or after the statement before; one that is not in a list begins after its own brace.
 */
export function statementSpans(text: string): Span[] {
  const start = valueOfStatement(text);
  const spans: [number, number][] = [];
  if (text[start] === '{') spans.push([start + 1, endOfValue(text, start)]);
  else {
    let before = start + 1;
    for (let at = start + 1; at < text.length && text[at] !== ']'; at += 1) {
      if (text[at] !== '{') continue;
      const end = endOfValue(text, at);
      spans.push([before, end]);
      before = end;
      at = end - 1;
    }
  }
  return spans.map(([from, to]) => ({ start: positionOf(text, from), end: positionOf(text, to) }));
}

/** The offset of the brace or bracket of the document's `Statement`. */
function valueOfStatement(text: string): number {
  let found = text.length;
  for (let at = text.indexOf('{') + 1; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (character === '{' || character === '[') {
      at = endOfValue(text, at) - 1;
    } else if (character === '"') {
      const end = endOfString(text, at);
      const value = /^\s*:\s*/.exec(text.slice(end));
      const isStatement = value !== null && JSON.parse(text.slice(at, end)) === 'Statement';
      if (isStatement) found = end + value[0].length;
      at = end - 1;
    }
  }
  return found;
}

/** The offset behind an object or a list. */
function endOfValue(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (character === '"') at = endOfString(text, at) - 1;
    else if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') depth -= 1;
    if (depth === 0) return at + 1;
  }
  return text.length;
}

/** The offset behind a string's closing quote. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}

function positionOf(text: string, offset: number): Position {
  const before = text.slice(0, offset).split('\n');
  return { Line: before.length, Column: (before.at(-1)?.length ?? 0) + 1 };
}
