/** Lines at the end of the terminal that are drawn again in place; off a terminal it draws nothing. */
const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';

export class LiveRegion {
  #height = 0;

  constructor(private readonly out: NodeJS.WriteStream) {}

  draw(lines: readonly string[]): void {
    if (!this.out.isTTY) return;
    // One line less than the screen: a region that scrolls cannot be drawn over.
    const fitting = lines
      .slice(0, Math.max(1, this.out.rows - 1))
      .map((line) => cut(line, this.out.columns));
    this.out.write(`${HIDE_CURSOR}${this.#rewind()}${fitting.join('\n')}\n`);
    this.#height = fitting.length;
  }

  /** Leaves what was drawn last, and gives the cursor back. */
  end(): void {
    if (!this.out.isTTY) return;
    this.#height = 0;
    this.out.write(SHOW_CURSOR);
  }

  #rewind(): string {
    return this.#height === 0 ? '' : `\u001b[${this.#height}A\u001b[0J`;
  }
}

/** The line's first `width` columns; colour codes take none. */
function cut(line: string, width: number): string {
  let column = 0;
  let at = 0;
  while (at < line.length && column < width) {
    const code = /^\u001b\[\d+m/.exec(line.slice(at))?.[0];
    at += code?.length ?? 1;
    if (code === undefined) column += 1;
  }
  return at < line.length ? `${line.slice(0, at)}\u001b[0m` : line;
}
