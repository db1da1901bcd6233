/** A plan as the history of a run has it, in its first line: what `--replay` carries out again. */
import { readFileSync } from 'node:fs';
import type { Plan } from './plan.js';

export interface RecordedPlan {
  readonly plan: Plan;
  /** Begins every transaction's id in the plan. */
  readonly prefix: string;
  readonly consistency: 'eventual' | 'strong';
}

/** Throws `RangeError` where the file is no history. */
export function readRecordedPlan(path: string): RecordedPlan {
  const [line = ''] = readFileSync(path, 'utf8').split('\n', 1);
  const { type, plan, prefix, consistency } = parse(line);
  if (type !== 'plan' || plan === undefined || prefix === undefined || consistency === undefined) {
    throw new RangeError(`${path}: not the history of a run: its first line is no plan`);
  }
  return { plan, prefix, consistency };
}

function parse(line: string): Partial<RecordedPlan> & { readonly type?: unknown } {
  try {
    const parsed: unknown = JSON.parse(line);
    return typeof parsed === 'object' && parsed !== null ? parsed : {};
  } catch {
    return {};
  }
}
