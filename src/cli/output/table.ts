/** Rows under headings, in columns as wide as what is in them. */

/** @returns lines without a line break at the end; the last column is never padded */
export function tableOf(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [headings, ...rows];
  const widths = headings.map((_, column) =>
    Math.max(...lines.map((row) => lengthOf(row[column] ?? ''))),
  );
  return lines
    .map((row) =>
      row
        .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - lengthOf(cell)))
        .join('   ')
        .trimEnd(),
    )
    .join('\n');
}

/** Colour codes take no room. */
export function lengthOf(text: string): number {
  return text.replaceAll(/\u001b\[\d+m/g, '').length;
}

/** The text in so many columns, with … for what does not fit. */
export function cut(text: string, width: number): string {
  if (lengthOf(text) <= width) return text;
  let column = 0;
  let at = 0;
  let isColoured = false;
  while (at < text.length && column < width - 1) {
    const code = /^\u001b\[\d+m/.exec(text.slice(at))?.[0];
    at += code?.length ?? 1;
    if (code === undefined) column += 1;
    else isColoured = true;
  }
  return `${text.slice(0, at)}…${isColoured ? '\u001b[0m' : ''}`;
}

/** One line of somebody else's text: what would move the cursor, colour the screen or break the line is a blank. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\s\u0000-\u001f\u007f-\u009f]+/g, ' ');
}
