/** Programs: expressions compiled once, with the variables that they read, and run as often as asked. */
import { Meter } from './language/call-cost.js';
import { check, type Checked, type Variables } from './language/checker.js';
import { estimateCost } from './language/cost-estimate.js';
import { constantValue, Evaluation, type Scope } from './language/evaluation.js';
import {
  describeFaults,
  ExpressionError,
  type Expression,
  present,
} from './language/expression.js';
import { parse } from './language/parser.js';
import type { Library } from './language/overload.js';
import type { MaxSizeAt } from './language/part.js';
import type { Type } from './language/type.js';
import { kubernetesLibrary } from './library/kubernetes.js';
import { literalFaults, patternFaultOf } from './literals.js';

/** What one evaluation may cost. */
export const CALL_LIMIT = 1_000_000;

/** Made when an expression is first compiled: commands that compile none start without it. It never changes. */
let library: Library | undefined;

export class Program {
  /** What stands in the expression as it is, as a list of literals. */
  readonly #constants = new Map<Expression, unknown>();

  private constructor(private readonly checked: Checked) {}

  /** Throws an Error whose message is what the real server prints. */
  static compile(text: string, variables: Variables): Program {
    try {
      const checked = check(parse(text), (library ??= kubernetesLibrary()), variables);
      const faults = checked.faults.length > 0 ? checked.faults : literalFaults(checked);
      if (faults.length > 0) throw new ExpressionError(faults);
      return Program.#instantiate(checked);
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      throw new Error(`compilation failed: ${describeFaults(text, error.faults)}`, {
        cause: error,
      });
    }
  }

  static #instantiate(checked: Checked): Program {
    const program = new Program(checked);
    let fault = patternFaultOf(checked);
    try {
      for (const expression of checked.types.keys())
        program.#constants.set(expression, constantValue(expression, checked));
    } catch (error) {
      fault ??= (error as Error).message;
    }
    if (fault !== undefined) throw new Error(`program instantiation failed: ${fault}`);
    return program;
  }

  get type(): Type {
    return present(this.checked.types.get(this.checked.root));
  }

  /** Whether the variable of this name is read anywhere. */
  reads(name: string): boolean {
    return [...this.checked.types.keys()].some((one) => one.kind === 'name' && one.name === name);
  }

  /** The most that it can cost. */
  estimateCost(maxSizeAt: MaxSizeAt): number {
    return estimateCost(this.checked, maxSizeAt);
  }

  /** Throws EvaluationError, and CostLimitError where it costs too much. */
  run(scope: Scope, meter = new Meter(CALL_LIMIT)): unknown {
    return new Evaluation(this.checked, meter, this.#constants).evaluate(this.checked.root, scope);
  }
}

export function scopeOf(values: Readonly<Record<string, unknown>>): Scope {
  return { lookUp: (name) => (Object.hasOwn(values, name) ? values[name] : undefined) };
}
