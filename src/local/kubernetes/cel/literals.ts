/** Literals of an expression that can be told to be wrong before it runs. */
import { compilePattern } from '../schema/pattern.js';

export interface CelNode {
  readonly op: string;
  readonly args: unknown;
  readonly pos: number;
}

const TAKES_PATTERN = new Set(['re2find', 'find', 'findAll']);

/** The first text that is used as a regular expression and is none. */
export function invalidPatternIn(node: unknown): CelNode | undefined {
  if (Array.isArray(node)) {
    for (const one of node) {
      const found = invalidPatternIn(one);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (!isNode(node)) return undefined;
  if (node.op === 'rcall') {
    const [name, , args] = node.args as [string, unknown, CelNode[]];
    const [pattern] = args;
    if (TAKES_PATTERN.has(name) && pattern?.op === 'value' && !isPattern(pattern.args))
      return pattern;
  }
  return invalidPatternIn(node.args);
}

function isNode(value: unknown): value is CelNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}

function isPattern(text: unknown): boolean {
  try {
    compilePattern(String(text));
    return true;
  } catch {
    return false;
  }
}
