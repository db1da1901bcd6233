/** The budget of a CustomResourceDefinition's rules: what one may cost, and all together, in the words of the refusal. */
import type { FieldError } from '../http/status-error.js';

const MAX_RULE_COST = 10_000_000;
const MAX_TOTAL_COST = 100_000_000;
/** So many of the most expensive rules are named when the total is too much. */
const NAMED_RULES = 4;

type Refusal = Omit<FieldError, 'field'>;

export class CostBudget {
  readonly #observed: { readonly path: string; readonly cost: number }[] = [];

  constructor(private readonly report: (path: string, error: Refusal) => void) {}

  /** `what` is `rule` or `messageExpression`. */
  spend(what: string, path: string, cost: number): void {
    if (cost > MAX_RULE_COST)
      this.report(path, refusal(exceeded(`estimated ${what} cost`, cost, MAX_RULE_COST)));
    this.#observed.push({ path, cost });
  }

  /** Reports what is too much together; `path` is that of the whole schema. */
  settle(path: string): void {
    const total = this.#observed.reduce((sum, { cost }) => sum + cost, 0);
    if (total <= MAX_TOTAL_COST) return;
    const expensive = this.#observed
      .filter(({ cost }) => cost >= 1)
      .toSorted((a, b) => b.cost - a.cost)
      .slice(0, NAMED_RULES);
    const detail =
      'contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema';
    for (const rule of expensive) this.report(rule.path, refusal(detail));
    const all = 'x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema';
    this.report(path, refusal(exceeded(all, total, MAX_TOTAL_COST)));
  }
}

function refusal(detail: string): Refusal {
  return { type: 'Forbidden', detail };
}

function exceeded(what: string, cost: number, budget: number): string {
  const factor = cost / budget;
  const shown = factor > 100 ? 'more than 100x' : `${factor.toFixed(factor < 1.5 ? 6 : 1)}x`;
  return `${what} exceeds budget by factor of ${shown} (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)`;
}
