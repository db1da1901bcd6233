/**
 * Expressions: the CEL of one policy, compiled once.
 *
 * Types are checked when a policy is written, as far as they are known: `request`, `namespaceObject` and the policy's own
 * variables have types, objects and parameters have none. Variables are worked out when an expression first reads them, and
 * only once for each evaluation.
 */
import { namespaces } from '../built-in/core.js';
import { present } from '../cel/language/expression.js';
import { describeType, DYN, type Type } from '../cel/language/type.js';
import { EvaluationError, ObjectValue } from '../cel/language/value.js';
import { Program } from '../cel/program.js';
import { celTypeOf, dynamicValue } from '../cel/types.js';
import type { Schema } from '../schema/schema.js';
import type { NamedExpression } from './policy.js';

/** What the expressions of one evaluation read. */
export interface Subject {
  readonly object: unknown;
  readonly oldObject: unknown;
  readonly request: unknown;
  readonly namespaceObject: unknown;
  readonly params: unknown;
}

/** Expressions that are written without variables must not read any. */
export type Evaluate = (subject: Subject, variables: Variables) => unknown;

/** Either can be taken: what is wrong with the text, or what evaluates it. */
export type Compiled = { readonly fault: string } | { readonly evaluate: Evaluate };

const string: Schema = { type: 'string' };
const strings: Schema = { type: 'array', items: string };
const fields = (...names: string[]): Schema => ({
  type: 'object',
  properties: Object.fromEntries(names.map((name) => [name, string])),
});

/** To expressions this is what may be anything. */
const ANYTHING: Schema = { 'x-kubernetes-int-or-string': true };

/** admission/v1 AdmissionRequest, without the objects, which are variables of their own. */
const REQUEST: Schema = {
  type: 'object',
  properties: {
    kind: fields('group', 'version', 'kind'),
    resource: fields('group', 'version', 'resource'),
    subResource: string,
    requestKind: fields('group', 'version', 'kind'),
    requestResource: fields('group', 'version', 'resource'),
    requestSubResource: string,
    name: string,
    namespace: string,
    operation: string,
    userInfo: {
      type: 'object',
      properties: {
        username: string,
        uid: string,
        groups: strings,
        extra: { type: 'object', additionalProperties: strings },
      },
    },
    dryRun: { type: 'boolean' },
    options: ANYTHING,
  },
};
/** Fields of a namespace's metadata that expressions see. */
const NAMESPACE_METADATA = new Set([
  'name',
  'generateName',
  'namespace',
  'labels',
  'annotations',
  'UID',
  'creationTimestamp',
  'deletionGracePeriodSeconds',
  'deletionTimestamp',
  'generation',
  'resourceVersion',
  'finalizers',
]);

const asIs = (property: string) => property;
const REQUEST_TYPE = present(celTypeOf(REQUEST, 'kubernetes.AdmissionRequest', asIs));
/** Made when first asked for: the schema of namespaces is declared in a module that may not be loaded yet. */
const namespaceType = () => present(celTypeOf(namespaceSchema(), 'kubernetes.Namespace', asIs));

export class Expressions {
  readonly #namespace = namespaceType();
  /** The types of the variables so far: an expression sees those that stand before it. */
  readonly #variables = new Map<string, Type>();
  readonly #compiledVariables: { readonly name: string; readonly evaluate: Evaluate }[] = [];

  constructor(private readonly hasParams: boolean) {}

  /** `wanted` are the types that it may have. Match conditions are without variables. */
  compile(text: string, wanted: readonly string[], withVariables: boolean): Compiled {
    const compiled = this.#compile(text, withVariables);
    if ('fault' in compiled) return compiled;
    const type = compiled.type.kind === 'null' ? 'null_type' : describeType(compiled.type);
    if (wanted.includes(type)) return { evaluate: evaluatorOf(compiled) };
    const types = wanted.length === 1 ? wanted.join('') : `one of [${wanted.join(' ')}]`;
    return { fault: `must evaluate to ${types} but got ${type}` };
  }

  /** Declares a variable for the expressions that follow. One that does not compile is declared too, of any type. */
  declare({ name = '', expression = '' }: NamedExpression): Compiled {
    const compiled = this.#compile(expression, true);
    this.#variables.set(name, 'fault' in compiled ? DYN : compiled.type);
    if ('fault' in compiled) return compiled;
    const evaluate = evaluatorOf(compiled);
    this.#compiledVariables.push({ name, evaluate });
    return { evaluate };
  }

  /** The variables of one evaluation, none of them worked out yet. */
  variablesOf(subject: Subject): Variables {
    return new Variables(this.#compiledVariables, subject);
  }

  /** The subject's parts in their types, from JSON; null where there is nothing. */
  requestOf(json: unknown): unknown {
    return REQUEST_TYPE.fromJson(json);
  }

  namespaceOf(json: unknown): unknown {
    return json === null ? null : this.#namespace.fromJson(json);
  }

  #compile(text: string, withVariables: boolean): Program | { readonly fault: string } {
    const declared = new Map([
      ['object', DYN],
      ['oldObject', DYN],
      ['request', REQUEST_TYPE.type],
      ['namespaceObject', this.#namespace.type],
      ...(this.hasParams ? ([['params', DYN]] as const) : []),
    ]);
    if (withVariables) declared.set('variables', variablesType(this.#variables));
    try {
      return Program.compile(text, declared);
    } catch (error) {
      const why = (error as Error).message;
      if (why.includes("undeclared reference to 'authorizer'"))
        return { fault: 'authorizer is not supported by this server' };
      return { fault: why };
    }
  }
}

function variablesType(variables: ReadonlyMap<string, Type>): Type {
  const name = 'kubernetes.variables';
  return { kind: 'struct', name, parameters: [], fields: new Map(variables) };
}

function evaluatorOf(program: Program): Evaluate {
  return (subject, variables) =>
    program.run({
      lookUp: (name) =>
        name === 'variables' ? variables.value : (subject as unknown as Named)[name],
    });
}

type Named = Readonly<Record<string, unknown>>;

/** Worked out one by one, each when an expression first reads it. */
export class Variables {
  readonly value: ObjectValue;

  constructor(
    compiled: readonly { readonly name: string; readonly evaluate: Evaluate }[],
    subject: Subject,
  ) {
    const evaluators = new Map(
      compiled.map(({ name, evaluate }) => [name, () => evaluate(subject, this)]),
    );
    this.value = new ObjectValue(DYN, new LazyMembers(evaluators), evaluators.size);
  }
}

class LazyMembers extends Map<string, unknown> {
  constructor(private readonly evaluators: ReadonlyMap<string, () => unknown>) {
    super();
  }

  override get(name: string): unknown {
    if (!this.has(name)) {
      const evaluate = this.evaluators.get(name);
      if (evaluate === undefined) return undefined;
      this.set(name, attempt(name, evaluate));
    }
    const value = super.get(name);
    if (value instanceof EvaluationError) throw value;
    return value;
  }
}

function attempt(name: string, evaluate: () => unknown): unknown {
  try {
    return evaluate();
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    return new EvaluationError(
      `composited variable ${JSON.stringify(name)} fails to evaluate: ${error.message}`,
    );
  }
}

/** An object as expressions see one whose type is not known. */
export function valueOf(object: unknown): unknown {
  return object === undefined || object === null ? null : dynamicValue(object);
}

function namespaceSchema(): Schema {
  const { metadata = {}, spec = {}, status = {} } = namespaces.schema.properties ?? {};
  const known = Object.entries(metadata.properties ?? {}).filter(([name]) =>
    NAMESPACE_METADATA.has(name),
  );
  return {
    type: 'object',
    properties: { metadata: { ...metadata, properties: Object.fromEntries(known) }, spec, status },
  };
}
