/** Colour, on a terminal only: a pipe or a file gets plain text, whatever the environment says; NO_COLOR is honoured (no-color.org). */
import pc from 'picocolors';
import type { Colors } from 'picocolors/types.js';

/** As Node has it: off a terminal `isTTY` is undefined, which picocolors would take as "decide by the environment". */
interface Output {
  readonly isTTY?: boolean;
}

export function coloursOf(output: Output): Colors {
  return pc.createColors(isTerminal(output) && process.env.NO_COLOR === undefined);
}

export function isTerminal({ isTTY = false }: Output): boolean {
  return isTTY;
}
