/** Rules, compiled: a tree beside the schema, of the nodes at or below which a rule stands. */
import type { FieldError } from '../http/status-error.js';
import { mapKeysOf, type Schema, type ValidationRule } from '../schema/schema.js';
import { CostBudget } from './budget.js';
import { optionalOf, type Type } from './language/type.js';
import { Program } from './program.js';
import { RuleCheck, type CompiledRule, type RuleNode } from './rule-check.js';
import { ruleFaults } from './rule-faults.js';
import { maxOccurrencesOf, maxSizeAt } from './sizes.js';
import { celTypeOf } from './types.js';

const SELF_TYPE = 'selfType';

/** What a rule that does not compile is reported with; `path` is within the schema. */
export type ReportFault = (path: string, error: Omit<FieldError, 'field'>) => void;

export function hasRules(schema: Schema): boolean {
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

export class RuleCompiler {
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
    const check = new RuleCheck(() => undefined);
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
