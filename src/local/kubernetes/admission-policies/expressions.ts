/**
 * Expressions: the CEL of one policy, compiled once.
 *
 * Types are checked when a policy is written, as far as they are known: `request`, `namespaceObject` and the policy's own
 * variables have types, objects and parameters have none. Variables are worked out when an expression first reads them, and
 * only once for each evaluation.
 */
import { Environment, type ParseResult } from '@marcbachmann/cel-js';
import { namespaces } from '../built-in/core.js';
import { compilationFault, evaluationWords, typeName } from '../cel/compilation.js';
import { registerKubernetesFunctions, withLinearMatches } from '../cel/functions.js';
import { dynamicValue, TypeDeclarations, type CelType } from '../cel/types.js';
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
    options: {},
  },
};
const NAMESPACE_TYPE = 'kubernetes.Namespace';
const REQUEST_TYPE = 'kubernetes.AdmissionRequest';
const VARIABLES_TYPE = 'kubernetes.variables';
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

export class Expressions {
  readonly #base: Environment;
  readonly #request: CelType;
  readonly #namespace: CelType;
  /** The types of the variables so far: an expression sees those that stand before it. */
  readonly #variables = new Map<string, string>();
  readonly #compiledVariables: { readonly name: string; readonly evaluate: Evaluate }[] = [];

  constructor(private readonly hasParams: boolean) {
    this.#base = new Environment({
      enableOptionalTypes: true,
      homogeneousAggregateLiterals: false,
    });
    registerKubernetesFunctions(this.#base);
    const types = new TypeDeclarations(this.#base, (property) => property);
    this.#request = types.typeOf(REQUEST, REQUEST_TYPE);
    this.#namespace = types.typeOf(namespaceSchema(), NAMESPACE_TYPE);
    this.#base.registerOperator(`${NAMESPACE_TYPE} == null`, (value: unknown) => value === null);
  }

  /** `wanted` are the types that it may have. Match conditions are without variables. */
  compile(text: string, wanted: readonly string[], withVariables: boolean): Compiled {
    const checked = this.#check(text, withVariables);
    if ('fault' in checked) return checked;
    if (!wanted.includes(checked.type)) {
      const types = wanted.length === 1 ? wanted.join('') : `one of [${wanted.join(' ')}]`;
      return { fault: `must evaluate to ${types} but got ${typeName(checked.type)}` };
    }
    return { evaluate: this.#evaluator(text, withVariables) };
  }

  /** Declares a variable for the expressions that follow. One that does not compile is declared too, of any type. */
  declare({ name = '', expression = '' }: NamedExpression): Compiled {
    const checked = this.#check(expression, true);
    const compiled = 'fault' in checked ? checked : { evaluate: this.#evaluator(expression, true) };
    this.#variables.set(name, 'fault' in checked ? 'dyn' : checked.type);
    if ('evaluate' in compiled) this.#compiledVariables.push({ name, evaluate: compiled.evaluate });
    return compiled;
  }

  /** The variables of one evaluation, none of them worked out yet. */
  variablesOf(subject: Subject): Variables {
    return new Variables(this.#compiledVariables, subject);
  }

  /** The subject's parts in their types, from JSON; null where there is nothing. */
  requestOf(json: unknown): unknown {
    return this.#request.fromJson(json);
  }

  namespaceOf(json: unknown): unknown {
    return json === null ? null : this.#namespace.fromJson(json);
  }

  #check(text: string, withVariables: boolean): { fault: string } | { type: string } {
    const env = this.#environment(withVariables, {
      request: REQUEST_TYPE,
      namespaceObject: NAMESPACE_TYPE,
    });
    try {
      const { valid, type, error } = env.parse(withLinearMatches(text)).check();
      if (valid) return { type: plainType(String(type)) };
      if (/^Unknown variable: authorizer$/.test(error?.summary ?? ''))
        return { fault: 'authorizer is not supported by this server' };
      return { fault: compilationFault(text, error) };
    } catch (error) {
      return { fault: compilationFault(text, error) };
    }
  }

  /** Runs without the types of the check: what has a type can also be null, which types do not allow. */
  #evaluator(text: string, withVariables: boolean): Evaluate {
    const env = this.#environment(withVariables, { request: 'dyn', namespaceObject: 'dyn' });
    const run: ParseResult = env.parse(withLinearMatches(text));
    return (subject, variables) => {
      const context = withVariables ? { ...subject, variables } : { ...subject };
      return run(context) as unknown;
    };
  }

  #environment(
    withVariables: boolean,
    types: Readonly<Record<'request' | 'namespaceObject', string>>,
  ): Environment {
    const env = this.#base.clone();
    env.registerVariable('object', 'dyn');
    env.registerVariable('oldObject', 'dyn');
    env.registerVariable('request', types.request);
    env.registerVariable('namespaceObject', types.namespaceObject);
    if (this.hasParams) env.registerVariable('params', 'dyn');
    if (withVariables) {
      const declared = Object.fromEntries(this.#variables);
      env.registerType(VARIABLES_TYPE, { ctor: Variables, fields: declared });
      env.registerVariable('variables', VARIABLES_TYPE);
    }
    return env;
  }
}

/** CEL reads fields as properties, so each variable is one that evaluates itself. */
// eslint-disable-next-line @typescript-eslint/no-extraneous-class -- CEL tells types apart by their class
export class Variables {
  constructor(
    compiled: readonly { readonly name: string; readonly evaluate: Evaluate }[],
    subject: Subject,
  ) {
    for (const { name, evaluate } of compiled) {
      let outcome: { value: unknown } | { error: Error } | undefined;
      Object.defineProperty(this, name, {
        enumerable: true,
        get: () => {
          outcome ??= attempt(name, () => evaluate(subject, this));
          if ('error' in outcome) throw outcome.error;
          return outcome.value;
        },
      });
    }
  }
}

function attempt(name: string, evaluate: () => unknown): { value: unknown } | { error: Error } {
  try {
    return { value: evaluate() };
  } catch (error) {
    const words = `composited variable ${JSON.stringify(name)} fails to evaluate: ${evaluationWords(error)}`;
    return { error: new Error(words) };
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

/** What the checker could not tell more of than that it may be anything. */
function plainType(type: string): string {
  return type.startsWith('dyn') ? 'dyn' : type;
}
