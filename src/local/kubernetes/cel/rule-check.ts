/** One object, held against its rules, which `rule-compiler.ts` compiled. */
import { describeFieldError, type FieldError, type FieldErrorType } from '../http/status-error.js';
import { isEqual, isJsonObject } from '../json/json.js';
import { fieldPath, type Schema, type ValidationRule } from '../schema/schema.js';
import { previousItems } from '../schema/validation.js';
import { CostLimitError, Meter } from './language/call-cost.js';
import type { Scope } from './language/evaluation.js';
import { OptionalValue } from './language/value.js';
import { CALL_LIMIT, scopeOf, type Program } from './program.js';
import type { CelType } from './types.js';

/** What the rules of one object may cost together. */
const OBJECT_LIMIT = 10_000_000;
const MAX_MESSAGE_BYTES = 5 * 1024;

export interface CompiledRule {
  readonly rule: ValidationRule;
  readonly isTransition: boolean;
  readonly holds: Program;
  readonly message: Program | undefined;
}

export interface RuleNode {
  readonly schema: Schema;
  readonly type: CelType | undefined;
  readonly rules: readonly CompiledRule[];
  readonly properties: ReadonlyMap<string, RuleNode>;
  readonly items: RuleNode | undefined;
  readonly additionalProperties: RuleNode | undefined;
}

export class RuleCheck {
  readonly errors: FieldError[] = [];
  #remaining = OBJECT_LIMIT;

  constructor(private readonly warn: (message: string) => void) {}

  /** `isUnchanged`: of the value, or where it has no old one to compare with, of what it stands in. */
  node(node: RuleNode, value: unknown, old: unknown, path: string, isUnchanged: boolean): void {
    if (value === null || value === undefined || this.#isSpent) return;
    this.#rules(node, value, old, path, isUnchanged);
    if (isJsonObject(value)) {
      const isAtomic = node.schema['x-kubernetes-map-type'] === 'atomic';
      const before = isJsonObject(old) && !isAtomic ? old : {};
      for (const [key, member] of Object.entries(value)) {
        const child = node.properties.get(key) ?? node.additionalProperties;
        if (child !== undefined)
          this.#below(child, member, before[key], fieldPath(path, key), isUnchanged);
      }
    } else if (Array.isArray(value) && node.items !== undefined) {
      const previous = previousItems(node.schema, old);
      for (const [index, item] of value.entries())
        this.#below(node.items, item, previous(item), `${path}[${index}]`, isUnchanged);
    }
  }

  get #isSpent(): boolean {
    return this.#remaining < 0;
  }

  #below(node: RuleNode, value: unknown, old: unknown, path: string, isUnchanged: boolean): void {
    this.node(node, value, old, path, old === undefined ? isUnchanged : isEqual(value, old));
  }

  #rules(node: RuleNode, value: unknown, old: unknown, path: string, isUnchanged: boolean): void {
    const { rules, type } = node;
    if (rules.length === 0 || type === undefined) return;
    if (this.#remaining === 0) {
      this.#endFor(node, path);
      return;
    }
    const self = type.fromJson(value);
    const oldSelf = old === undefined || old === null ? undefined : type.fromJson(old);
    for (const compiled of rules) {
      if (this.#isSpent) return;
      const isOptional = compiled.rule.optionalOldSelf === true;
      if (compiled.isTransition && oldSelf === undefined && !isOptional) continue;
      const scope = scopeOf({ self, oldSelf: isOptional ? new OptionalValue(oldSelf) : oldSelf });
      this.#rule(node, compiled, scope, path, isUnchanged);
    }
  }

  #rule(
    node: RuleNode,
    compiled: CompiledRule,
    scope: Scope,
    path: string,
    isUnchanged: boolean,
  ): void {
    const { rule, isTransition } = compiled;
    const outcome = this.#run(compiled.holds, scope);
    if (outcome === 'too much') {
      this.#endFor(node, path);
      return;
    }
    const at = placeOf(node, path, '');
    if (outcome.error !== undefined) {
      const isLimit = outcome.error instanceof CostLimitError;
      if (isLimit) this.#remaining = -1;
      const detail = evaluationFault(outcome.error, rule);
      this.errors.push({ type: 'Invalid', ...at, detail });
      return;
    }
    if (outcome.value === true) return;
    const fault = this.#violation(node, compiled, scope, path);
    if (isUnchanged && !isTransition) this.warn(describeFieldError(fault));
    else this.errors.push(fault);
  }

  #violation(node: RuleNode, compiled: CompiledRule, scope: Scope, path: string): FieldError {
    const { rule, message } = compiled;
    const at = placeOf(node, path, rule.fieldPath ?? '');
    const type = (rule.reason ?? 'FieldValueInvalid').replace('FieldValue', '') as FieldErrorType;
    const plain = rule.message?.trim() ?? '';
    const said = plain === '' ? `failed rule: ${rule.rule.trim()}` : plain;
    if (message === undefined) return { type, ...at, detail: said };
    const outcome = this.#run(message, scope);
    const { messageExpression = '' } = rule;
    if (outcome === 'too much') {
      const detail =
        'messageExpression evaluation failed due to running out of cost budget, no further validation rules will be run';
      return { type: 'Invalid', ...at, detail };
    }
    if (outcome.error instanceof CostLimitError) {
      this.#remaining = -1;
      const detail = `no further validation rules will be run due to call cost exceeds limit for messageExpression: ${JSON.stringify(messageExpression)}`;
      return { type: 'Invalid', ...at, detail };
    }
    return { type, ...at, detail: usableMessage(outcome.value) ?? said };
  }

  #endFor(node: RuleNode, path: string): void {
    this.#remaining = -1;
    const detail =
      'validation failed due to running out of cost budget, no further validation rules will be run';
    this.errors.push({ type: 'Invalid', ...placeOf(node, path, ''), detail });
  }

  #run(
    program: Program,
    scope: Scope,
  ): 'too much' | { readonly value?: unknown; readonly error?: Error } {
    const meter = new Meter(CALL_LIMIT);
    let outcome: { readonly value?: unknown; readonly error?: Error };
    try {
      outcome = { value: program.run(scope, meter) };
    } catch (error) {
      outcome = { error: error as Error };
    }
    if (meter.spent > this.#remaining) {
      this.#remaining = -1;
      return 'too much';
    }
    this.#remaining -= meter.spent;
    return outcome;
  }
}

function placeOf({ schema }: RuleNode, path: string, below: string) {
  const field = (path + below).replace(/^\./, '');
  return {
    field: field === '' ? undefined : field.replaceAll("['", '[').replaceAll("']", ']'),
    value: schema.type ?? '',
  };
}

function evaluationFault(error: Error, rule: ValidationRule): string {
  const plain = rule.message?.trim() ?? '';
  const named = plain === '' ? rule.rule.trim() : plain;
  if (error instanceof CostLimitError)
    return `'${error.message}': no further validation rules will be run due to call cost exceeds limit for rule: ${named}`;
  if (error.message.startsWith('no such overload'))
    return `'${error.message}': call arguments did not match a supported operator, function or macro signature for rule: ${named}`;
  return `${error.message} evaluating rule: ${named}`;
}

/** Undefined where the plain message has to stand in, as on the real server. */
function usableMessage(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const said = value.trim();
  const isUsable =
    said !== '' && !said.includes('\n') && Buffer.byteLength(said) <= MAX_MESSAGE_BYTES;
  return isUsable ? said : undefined;
}
