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
function lengthOf(text: string): number {
  return text.replaceAll(/\u001b\[\d+m/g, '').length;
}

/** One line of somebody else's text: what would move the cursor, colour the screen or break the line is a blank. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\s\u0000-\u001f\u007f-\u009f]+/g, ' ');
}
