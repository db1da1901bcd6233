/** Lines at the end of the terminal that are drawn again in place; off a terminal it draws nothing. */
import { cut } from '../output/table.js';
import { screenOf, type Screen } from './screen.js';

const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';

export class LiveRegion {
  #height = 0;

  constructor(private readonly out: NodeJS.WriteStream) {}

  /** What can be drawn in place: one line less than the terminal has, for what scrolls cannot be drawn over. */
  get screen(): Screen | undefined {
    const screen = screenOf(this.out);
    return screen === undefined ? undefined : { ...screen, rows: Math.max(2, this.out.rows - 1) };
  }

  draw(lines: readonly string[]): void {
    if (!this.out.isTTY) return;
    const fitting = fittingOn(this.screen, lines);
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

function fittingOn(screen: Screen | undefined, lines: readonly string[]): readonly string[] {
  const { columns = Infinity, rows = Infinity } = screen ?? {};
  const shown = lines.length <= rows ? lines : lines.slice(0, rows - 1);
  const rest = lines.length - shown.length;
  return [...shown, ...(rest === 0 ? [] : [`… ${rest} more lines`])].map((line) =>
    cut(line, columns),
  );
}
