/** Rules and what is made of them: each verdict is what kube-apiserver 1.34 gave for the rule on the same value. */
import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { Meter } from '../../../../src/local/kubernetes/cel/language/call-cost.js';
import { CALL_LIMIT, Program, scopeOf } from '../../../../src/local/kubernetes/cel/program.js';
import { maxSizeAt } from '../../../../src/local/kubernetes/cel/sizes.js';
import { celTypeOf } from '../../../../src/local/kubernetes/cel/types.js';
import type { Schema } from '../../../../src/local/kubernetes/schema/schema.js';

interface Verdict {
  readonly rule: string;
  readonly fault?: string;
  readonly mostCost?: number | 'unbounded';
  readonly cost?: number;
  readonly error?: string;
  readonly result?: boolean;
}

const { schema, value, verdicts } = JSON.parse(
  readFileSync('test/local/kubernetes/cel/verdicts.json', 'utf8'),
) as { readonly schema: Schema; readonly value: unknown; readonly verdicts: readonly Verdict[] };

const UNBOUNDED = 1e15;
const TYPE = celTypeOf(schema, 'selfType');

function verdictOn(rule: string): Verdict {
  if (TYPE === undefined) throw new Error('the schema has no type');
  let program: Program;
  try {
    program = Program.compile(rule, new Map([['self', TYPE.type]]));
  } catch (error) {
    return { rule, fault: (error as Error).message };
  }
  if (program.type.kind !== 'bool')
    return { rule, fault: 'cel expression must evaluate to a bool' };
  const most = program.estimateCost((path) => maxSizeAt(schema, path));
  const mostCost = most < UNBOUNDED ? most : 'unbounded';
  const meter = new Meter(CALL_LIMIT);
  try {
    const result = program.run(scopeOf({ self: TYPE.fromJson(value) }), meter) as boolean;
    return { rule, mostCost, cost: meter.spent, result };
  } catch (error) {
    return { rule, mostCost, cost: meter.spent, error: (error as Error).message };
  }
}

describe('a rule is judged as kube-apiserver judges it:', () => {
  test.each(verdicts)('$rule', (verdict) => {
    expect(verdictOn(verdict.rule)).toEqual(verdict);
  });
});
