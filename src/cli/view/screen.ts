/** The terminal that something is drawn on. */
import { isTerminal } from './colours.js';

export interface Screen {
  readonly columns: number;
  /** Where it is drawn in place: so many lines can be drawn over. */
  readonly rows?: number;
}

/** `undefined` off a terminal, and on one that does not tell its size: there is no edge then. */
export function screenOf(output: NodeJS.WriteStream): Screen | undefined {
  return isTerminal(output) && output.columns > 0 ? { columns: output.columns } : undefined;
}
