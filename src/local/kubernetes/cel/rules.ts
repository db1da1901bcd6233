/**
 * Rules: the `x-kubernetes-validations` of a schema, compiled once and run on each write.
 *
 * `crds/` compiles them when a CustomResourceDefinition is created or changed, and refuses it when one does not
 * compile; `schema/validation.ts` has run before they do, so values fit their types. A rule that reads `oldSelf` runs
 * only where there is an old value, unless it asks for `optionalOldSelf`. Whatever the rules of an object cost together
 * is bounded: past the bound no more of them are run, and the object is refused.
 */
import type { FieldError } from '../http/status-error.js';
import { isEqual } from '../json/json.js';
import type { Schema } from '../schema/schema.js';
import { RuleCheck, type RuleNode } from './rule-check.js';
import { hasRules, RuleCompiler, type ReportFault } from './rule-compiler.js';
import { asResource } from './types.js';

export class Rules {
  private constructor(private readonly root: RuleNode | undefined) {}

  /** Rules that do not compile are reported and left out. `path` is the schema's own, for the reports. */
  static compile(schema: Schema, path: string, report: ReportFault): Rules {
    if (!hasRules(schema)) return new Rules(undefined);
    const compiler = new RuleCompiler(report);
    const root = compiler.compile(asResource(schema), {
      path,
      occurrences: 1,
      uncorrelated: undefined,
    });
    compiler.budget.settle(path);
    return new Rules(root);
  }

  get isEmpty(): boolean {
    return this.root === undefined;
  }

  /** The faults that the rules find; of what did not change they are only warned of. `old` is undefined on create. */
  check(value: unknown, old: unknown, warn: (message: string) => void): FieldError[] {
    if (this.root === undefined) return [];
    const check = new RuleCheck(warn);
    check.node(this.root, value, old, '', old !== undefined && isEqual(value, old));
    return check.errors;
  }
}
