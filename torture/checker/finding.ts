/** Collects what the rules find in one case. */
import type { Case, Finding, Limit, Rule } from './evidence.js';

export class Findings {
  readonly violations: Finding[] = [];
  readonly limits: Limit[] = [];

  constructor(private readonly subject: Case) {}

  violate(rule: Rule, says: string): void {
    const { transactionId } = this.subject;
    const isKnown = this.violations.some((one) => one.rule === rule && one.says === says);
    if (!isKnown) this.violations.push({ rule, transactionId, says });
  }

  /** What only a race excuses: the limit where there was one, the violation where there was none. */
  excuse(isRace: boolean, limit: Limit, rule: Rule, says: string): void {
    if (isRace) this.limits.push(limit);
    else this.violate(rule, says);
  }
}
