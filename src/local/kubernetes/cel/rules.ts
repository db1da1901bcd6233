/**
 * Rules: the `x-kubernetes-validations` of a schema, compiled once and run on each write.
 *
 * `crds/` compiles them when a CustomResourceDefinition is created or changed, and refuses it when one does not
 * compile; `schema/validation.ts` has run before they do, so values fit their types. A rule that names `oldSelf` runs
 * only where there is an old value, unless it asks for `optionalOldSelf`.
 */
import { Environment, Optional, type ParseResult } from '@marcbachmann/cel-js';
import type { FieldError, FieldErrorType } from '../http/status-error.js';
import { isEqual, isJsonObject } from '../json/json.js';
import { OBJECT_META } from '../schema/object-meta.js';
import { fieldPath, mapKeysOf, type Schema, type ValidationRule } from '../schema/schema.js';
import { itemKey } from '../schema/validation.js';
import { CostBudget } from './budget.js';
import { compilationFault, evaluationWords, faultAt } from './compilation.js';
import { invalidPatternIn } from './literals.js';
import { estimateCost } from './cost.js';
import { ruleFaults } from './rule-faults.js';
import { maxOccurrencesOf } from './sizes.js';
import { registerKubernetesFunctions, withLinearMatches } from './functions.js';
import { TypeDeclarations, type CelType } from './types.js';

/** How a rule sees the root of an object: of its metadata only the name. */
const RULE_METADATA: Schema = {
  type: 'object',
  properties: {
    name: OBJECT_META.properties?.name ?? {},
    generateName: OBJECT_META.properties?.generateName ?? {},
  },
};

interface CompiledRule {
  readonly rule: ValidationRule;
  readonly isTransition: boolean;
  readonly holds: ParseResult;
  readonly message: ParseResult | undefined;
}

interface RuleNode {
  readonly schema: Schema;
  readonly type: CelType;
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
    const root = compiler.compile(
      asObject(schema),
      { path, occurrences: 1, uncorrelated: undefined },
      'Object',
    );
    compiler.budget.settle(path);
    return new Rules(root);
  }

  get isEmpty(): boolean {
    return this.root === undefined;
  }

  /** The faults that the rules find. `old` is undefined on create. */
  check(value: unknown, old: unknown): FieldError[] {
    return this.root === undefined ? [] : checkNode(this.root, value, old, '');
  }
}

function asObject(schema: Schema): Schema {
  const properties = { ...schema.properties, metadata: RULE_METADATA };
  return {
    ...schema,
    type: 'object',
    properties: { apiVersion: { type: 'string' }, kind: { type: 'string' }, ...properties },
  };
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
  readonly #base = new Environment({
    enableOptionalTypes: true,
    homogeneousAggregateLiterals: false,
  });
  readonly #types: TypeDeclarations;

  constructor(private readonly report: ReportFault) {
    registerKubernetesFunctions(this.#base);
    this.#types = new TypeDeclarations(this.#base);
    this.budget = new CostBudget(report);
  }

  /** The root comes first, and with it every type: the first rule closes the environment to new ones. */
  compile(schema: Schema, place: Place, typePath: string): RuleNode {
    const { path } = place;
    const type = this.#types.typeOf(schema, typePath);
    const properties = new Map<string, RuleNode>();
    for (const [key, property] of Object.entries(schema.properties ?? {})) {
      const below = { ...place, path: `${path}.properties[${key}]` };
      if (hasRules(property)) properties.set(key, this.compile(property, below, typePath));
    }
    const { items, additionalProperties } = schema;
    const isMap = typeof additionalProperties === 'object' && hasRules(additionalProperties);
    const node: RuleNode = {
      schema,
      type,
      rules: this.#compileRules(schema, type, place),
      properties,
      items:
        items !== undefined && hasRules(items)
          ? this.compile(items, itemsPlace(schema, items, place), typePath)
          : undefined,
      additionalProperties: isMap
        ? this.compile(
            additionalProperties,
            membersPlace(schema, additionalProperties, place),
            typePath,
          )
        : undefined,
    };
    // A default is held against the rules as it is written, before the defaults within it.
    const faults =
      schema.default === undefined ? [] : checkNode(node, schema.default, undefined, '');
    for (const { field, ...fault } of faults)
      this.report(`${path}.default${field === undefined ? '' : `.${field}`}`, fault);
    return node;
  }

  #compileRules(schema: Schema, type: CelType, place: Place): CompiledRule[] {
    const rules = schema['x-kubernetes-validations'] ?? [];
    return rules.flatMap((rule, index) => {
      const at = `${place.path}.x-kubernetes-validations[${index}]`;
      const isTransition = /\boldSelf\b/.test(rule.rule);
      for (const { field, ...fault } of ruleFaults(rule, schema, isTransition, place.uncorrelated))
        this.report(`${at}.${field}`, fault);
      const env = this.#base.clone();
      env.registerVariable('self', type.name);
      env.registerVariable(
        'oldSelf',
        rule.optionalOldSelf === true ? `optional<${type.name}>` : type.name,
      );
      const compile = (key: 'rule' | 'messageExpression', text: string, wanted: string) => {
        const compiled = this.#compileOne(env, text, wanted, `${at}.${key}`, rule);
        if (compiled !== undefined)
          this.budget.spend(
            key,
            `${at}.${key}`,
            estimateCost(compiled, schema) * place.occurrences,
          );
        return compiled;
      };
      const holds = compile('rule', rule.rule, 'bool');
      const { messageExpression } = rule;
      const message =
        messageExpression === undefined
          ? undefined
          : compile('messageExpression', messageExpression, 'string');
      if (holds === undefined) return [];
      return [{ rule, isTransition, holds, message }];
    });
  }

  #compileOne(
    env: Environment,
    text: string,
    wanted: string,
    at: string,
    rule: ValidationRule,
  ): ParseResult | undefined {
    const outcome = compileExpression(env, text, wanted);
    if ('run' in outcome) return outcome.run;
    this.report(at, { type: 'Invalid', value: goRule(rule), detail: outcome.fault });
    return undefined;
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

function compileExpression(
  env: Environment,
  text: string,
  wanted: string,
): { readonly run: ParseResult } | { readonly fault: string } {
  try {
    const run = env.parse(withLinearMatches(text));
    const { valid, type, error } = run.check();
    if (!valid) return { fault: compilationFault(text, error) };
    const pattern = invalidPatternIn(run.ast);
    if (pattern !== undefined)
      return { fault: faultAt(text, pattern.pos, 'invalid matches argument') };
    const actual = String(type);
    if (actual === wanted || actual === 'dyn') return { run };
    const what = wanted === 'bool' ? 'cel expression' : 'messageExpression';
    return { fault: `${what} must evaluate to a ${wanted}` };
  } catch (error) {
    return { fault: compilationFault(text, error) };
  }
}

function checkNode(node: RuleNode, value: unknown, old: unknown, path: string): FieldError[] {
  if (value === null || value === undefined) return [];
  // Rules over a value that did not change are let through, as all validation is.
  if (old !== undefined && isEqual(value, old)) return [];
  const errors = node.rules.flatMap((rule) => checkRule(node, rule, value, old, path));
  if (isJsonObject(value)) {
    const before = isJsonObject(old) ? old : {};
    for (const [key, member] of Object.entries(value)) {
      const child = node.properties.get(key) ?? node.additionalProperties;
      if (child !== undefined)
        errors.push(...checkNode(child, member, before[key], fieldPath(path, key)));
    }
  } else if (Array.isArray(value) && node.items !== undefined) {
    const { items } = node;
    const keys = mapKeysOf(node.schema);
    const before = new Map(
      keys === undefined || !Array.isArray(old)
        ? []
        : old.map((item: unknown) => [itemKey(item, keys, items.schema), item]),
    );
    value.forEach((item: unknown, index) => {
      const previous =
        keys === undefined ? undefined : before.get(itemKey(item, keys, items.schema));
      errors.push(...checkNode(items, item, previous, `${path}[${index}]`));
    });
  }
  return errors;
}

function checkRule(
  node: RuleNode,
  compiled: CompiledRule,
  value: unknown,
  old: unknown,
  path: string,
): FieldError[] {
  const { rule, isTransition } = compiled;
  const isOptional = rule.optionalOldSelf === true;
  if (isTransition && old === undefined && !isOptional) return [];
  const context: Record<string, unknown> = { self: node.type.fromJson(value) };
  if (isOptional) {
    context.oldSelf = old === undefined ? Optional.none() : Optional.of(node.type.fromJson(old));
  } else if (isTransition) {
    context.oldSelf = node.type.fromJson(old);
  }
  const field = (path + (rule.fieldPath ?? '')).replace(/^\./, '');
  const shown = node.schema.type ?? 'object';
  const at = {
    field: field === '' ? undefined : field.replaceAll("['", '[').replaceAll("']", ']'),
    value: shown,
  };
  try {
    if (compiled.holds(context) === true) return [];
  } catch (error) {
    return [
      {
        type: 'Invalid',
        ...at,
        detail: `${evaluationWords(error)} evaluating rule: ${rule.message ?? rule.rule}`,
      },
    ];
  }
  const type = (rule.reason ?? 'FieldValueInvalid').replace('FieldValue', '') as FieldErrorType;
  return [{ type, ...at, detail: messageOf(compiled, context) }];
}

function messageOf({ rule, message }: CompiledRule, context: Record<string, unknown>): string {
  if (message !== undefined) {
    try {
      const said = (message(context) as string).trim();
      if (said !== '' && !said.includes('\n')) return said;
    } catch {
      // An expression that fails falls back to the plain message, as the real server's does.
    }
  }
  return ruleName(rule);
}

function ruleName({ rule, message }: ValidationRule): string {
  return message === undefined || message === '' ? `failed rule: ${rule.trim()}` : message.trim();
}
