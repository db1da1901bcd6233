/**
 * Rules: the `x-kubernetes-validations` of a schema, compiled once and run on each write.
 *
 * `crds/` compiles them when a CustomResourceDefinition is created or changed, and refuses it when one does not
 * compile; `schema/validation.ts` has run before they do, so values fit their types. A rule that reads `oldSelf` runs
 * only where there is an old value, unless it asks for `optionalOldSelf`. Whatever the rules of an object cost together
 * is bounded: past the bound no more of them are run, and the object is refused.
 */
import type { FieldError, FieldErrorType } from '../http/status-error.js';
import { describeFieldError } from '../http/status-error.js';
import { isEqual, isJsonObject } from '../json/json.js';
import { fieldPath, mapKeysOf, type Schema, type ValidationRule } from '../schema/schema.js';
import { itemKey } from '../schema/validation.js';
import { CostBudget } from './budget.js';
import { CALL_LIMIT, Program, scopeOf } from './program.js';
import { CostLimitError, Meter } from './language/call-cost.js';
import type { Scope } from './language/evaluation.js';
import { optionalOf, type Type } from './language/type.js';
import { OptionalValue } from './language/value.js';
import { ruleFaults } from './rule-faults.js';
import { maxOccurrencesOf, maxSizeAt } from './sizes.js';
import { asResource, celTypeOf, type CelType } from './types.js';

/** What the rules of one object may cost together. */
const OBJECT_LIMIT = 10_000_000;
const MAX_MESSAGE_BYTES = 5 * 1024;
const SELF_TYPE = 'selfType';

interface CompiledRule {
  readonly rule: ValidationRule;
  readonly isTransition: boolean;
  readonly holds: Program;
  readonly message: Program | undefined;
}

interface RuleNode {
  readonly schema: Schema;
  readonly type: CelType | undefined;
  readonly rules: readonly CompiledRule[];
  readonly properties: ReadonlyMap<string, RuleNode>;
  readonly items: RuleNode | undefined;
  readonly additionalProperties: RuleNode | undefined;
}

/** What a rule that does not compile is reported with; `path` is within the schema. */
export type ReportFault = (path: string, error: Omit<FieldError, 'field'>) => void;

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
    const check = new Check(warn);
    check.node(this.root, value, old, '', old !== undefined && isEqual(value, old));
    return check.errors;
  }
}

function hasRules(schema: Schema): boolean {
  if ((schema['x-kubernetes-validations']?.length ?? 0) > 0) return true;
  if (schema.items !== undefined && hasRules(schema.items)) return true;
  if (typeof schema.additionalProperties === 'object' && hasRules(schema.additionalProperties))
    return true;
  return Object.values(schema.properties ?? {}).some(hasRules);
}

/** Where in the schema a rule stands. */
interface Place {
  readonly path: string;
  /** How often a value of it can occur in one object. */
  readonly occurrences: number;
  /** The list around it whose items cannot be told to be the same as before, where there is one. */
  readonly uncorrelated: string | undefined;
}

class RuleCompiler {
  readonly budget: CostBudget;

  constructor(private readonly report: ReportFault) {
    this.budget = new CostBudget(report);
  }

  compile(schema: Schema, place: Place): RuleNode {
    const { path } = place;
    const properties = new Map<string, RuleNode>();
    for (const [key, property] of Object.entries(schema.properties ?? {})) {
      const below = { ...place, path: `${path}.properties[${key}]` };
      if (hasRules(property)) properties.set(key, this.compile(property, below));
    }
    const { items, additionalProperties } = schema;
    const isMap = typeof additionalProperties === 'object' && hasRules(additionalProperties);
    const type = celTypeOf(schema, SELF_TYPE);
    const node: RuleNode = {
      schema,
      type,
      rules: type === undefined ? [] : this.#compileRules(schema, type.type, place),
      properties,
      items:
        items !== undefined && hasRules(items)
          ? this.compile(items, itemsPlace(schema, items, place))
          : undefined,
      additionalProperties: isMap
        ? this.compile(additionalProperties, membersPlace(schema, additionalProperties, place))
        : undefined,
    };
    this.#checkDefault(node, path);
    return node;
  }

  /** A default is held against the rules as it is written, before the defaults within it. */
  #checkDefault(node: RuleNode, path: string): void {
    if (node.schema.default === undefined) return;
    const check = new Check(() => undefined);
    check.node(node, node.schema.default, undefined, '', false);
    for (const { field, ...fault } of check.errors)
      this.report(`${path}.default${field === undefined ? '' : `.${field}`}`, fault);
  }

  #compileRules(schema: Schema, self: Type, place: Place): CompiledRule[] {
    const rules = schema['x-kubernetes-validations'] ?? [];
    return rules.flatMap((rule, index) => {
      const at = `${place.path}.x-kubernetes-validations[${index}]`;
      const oldSelf = rule.optionalOldSelf === true ? optionalOf(self) : self;
      const variables = new Map([
        ['self', self],
        ['oldSelf', oldSelf],
      ]);
      const compile = (key: 'rule' | 'messageExpression', text: string, wanted: string) => {
        const outcome = compileExpression(text, variables, wanted, key);
        if ('fault' in outcome) {
          const fault = { type: 'Invalid', value: goRule(rule), detail: outcome.fault } as const;
          this.report(`${at}.${key}`, fault);
          return undefined;
        }
        const cost = outcome.program.estimateCost((path) => maxSizeAt(schema, path));
        this.budget.spend(key, `${at}.${key}`, cost * place.occurrences);
        return outcome.program;
      };
      if (rule.rule.trim() === '') {
        this.report(`${at}.rule`, { type: 'Required', detail: 'rule is not specified' });
        return [];
      }
      const holds = compile('rule', rule.rule, 'bool');
      const isTransition = holds?.reads('oldSelf') ?? false;
      for (const { field, ...fault } of ruleFaults(rule, schema, isTransition, place.uncorrelated))
        this.report(`${at}.${field}`, fault);
      const { messageExpression } = rule;
      const message =
        messageExpression === undefined
          ? undefined
          : compile('messageExpression', messageExpression, 'string');
      if (holds === undefined) return [];
      return [{ rule, isTransition, holds, message }];
    });
  }
}

function compileExpression(
  text: string,
  variables: ReadonlyMap<string, Type>,
  wanted: string,
  key: 'rule' | 'messageExpression',
): { readonly program: Program } | { readonly fault: string } {
  try {
    const program = Program.compile(text, variables);
    if (program.type.kind === wanted) return { program };
    const what = key === 'rule' ? 'cel expression' : 'messageExpression';
    return { fault: `${what} must evaluate to a ${wanted}` };
  } catch (error) {
    const why = (error as Error).message;
    return { fault: key === 'rule' ? why : `messageExpression ${why.replace(/^program /, '')}` };
  }
}

function itemsPlace(
  list: Schema,
  items: Schema,
  { path, occurrences, uncorrelated }: Place,
): Place {
  return {
    path: `${path}.items`,
    occurrences: occurrencesIn(list.maxItems, items, occurrences),
    uncorrelated: uncorrelated ?? (mapKeysOf(list) === undefined ? path : undefined),
  };
}

function membersPlace(
  map: Schema,
  member: Schema,
  { path, occurrences, uncorrelated }: Place,
): Place {
  return {
    path: `${path}.additionalProperties`,
    occurrences: occurrencesIn(map.maxProperties, member, occurrences),
    uncorrelated,
  };
}

/** Without a bound there are as many as a request can hold. */
function occurrencesIn(most: number | undefined, schema: Schema, outer: number): number {
  const all = maxOccurrencesOf(schema);
  return most === undefined ? all : Math.min(most * outer, all);
}

/** The rule as the real server shows it: by the names of its Go struct. */
function goRule({
  rule,
  message,
  messageExpression,
  reason,
  fieldPath,
  optionalOldSelf,
}: ValidationRule) {
  return {
    Rule: rule,
    Message: message ?? '',
    MessageExpression: messageExpression ?? '',
    Reason: reason ?? null,
    FieldPath: fieldPath ?? '',
    OptionalOldSelf: optionalOldSelf ?? null,
  };
}

/** One object, held against its rules. */
class Check {
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
      const previous = previousItems(node, node.items.schema, old);
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

function previousItems(
  { schema }: RuleNode,
  items: Schema,
  old: unknown,
): (item: unknown) => unknown {
  const keys = mapKeysOf(schema);
  if (keys === undefined || !Array.isArray(old)) return () => undefined;
  const before = new Map(old.map((item: unknown) => [itemKey(item, keys, items), item]));
  return (item) => before.get(itemKey(item, keys, items));
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
