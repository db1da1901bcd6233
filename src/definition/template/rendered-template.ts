/** A template in the words of function-patch-and-transform's input. */
import type { Patch } from './patches.js';

export interface RenderedTemplate {
  readonly name: string;
  readonly base: Readonly<Record<string, unknown>>;
  readonly patches: readonly Patch[];
}
