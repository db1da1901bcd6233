/**
 * A policy, compiled: its expressions ready to run, or what is wrong with them.
 *
 * Compiled when the policy is written, where its faults refuse it, and once more when requests are first held against it.
 */
import { notSupported, type FieldError } from '../http/status-error.js';
import { faultOfQualifiedName } from '../resources/names.js';
import { Expressions, type Compiled, type Evaluate } from './expressions.js';
import { matchFaults } from './match-validation.js';
import type { AuditAnnotation, NamedExpression, PolicySpec, Validation } from './policy.js';

export interface CompiledValidation {
  readonly validation: Validation;
  readonly holds: Evaluate;
  readonly message: Evaluate | undefined;
}

export interface CompiledPolicy {
  readonly expressions: Expressions;
  readonly matchConditions: readonly { readonly text: string; readonly holds: Evaluate }[];
  readonly validations: readonly CompiledValidation[];
  readonly auditAnnotations: readonly {
    readonly key: string;
    readonly text: string;
    readonly value: Evaluate;
  }[];
  readonly faults: readonly FieldError[];
}

const FAILURE_POLICIES = ['Fail', 'Ignore'];
const REASONS = ['Forbidden', 'Invalid', 'RequestEntityTooLarge'];
const MAX_MATCH_CONDITIONS = 64;
const MAX_AUDIT_ANNOTATIONS = 20;
const BLANK_MESSAGE = 'must be non-empty if specified';
const CEL_IDENTIFIER = /^[_a-zA-Z][_a-zA-Z0-9]*$/;
const CEL_WORDS = new Set(
  (
    'true false null in as break const continue else for function if import let loop package namespace ' +
    'return var void while'
  ).split(' '),
);

export function compilePolicy(spec: PolicySpec): CompiledPolicy {
  return new PolicyCompiler(spec).compile();
}

class PolicyCompiler {
  readonly #expressions: Expressions;
  readonly #faults: FieldError[] = [];

  constructor(private readonly spec: PolicySpec) {
    this.#expressions = new Expressions(spec.paramKind !== undefined);
  }

  /** In the order in which the real server looks, which is the order of the faults. */
  compile(): CompiledPolicy {
    this.#faults.push(...frameFaults(this.spec));
    const { matchConditions = [], variables = [] } = this.spec;
    const conditions = this.#compileConditions(matchConditions);
    variables.forEach((variable, index) => {
      this.#declare(variable, index);
    });
    const { validations = [], auditAnnotations = [] } = this.spec;
    this.#requireSomething();
    return {
      expressions: this.#expressions,
      matchConditions: conditions,
      validations: validations.flatMap((one, index) => this.#compileValidation(one, index)),
      auditAnnotations: this.#compileAnnotations(auditAnnotations),
      faults: this.#faults,
    };
  }

  #compileConditions(conditions: readonly NamedExpression[]) {
    const field = 'spec.matchConditions';
    if (conditions.length > MAX_MATCH_CONDITIONS) {
      const detail = `must have at most ${MAX_MATCH_CONDITIONS} items`;
      this.#faults.push({ type: 'TooMany', field, value: conditions.length, detail });
    }
    return conditions.flatMap(({ name = '', expression = '' }, index) => {
      const at = `${field}[${index}]`;
      const holds = this.#compile(expression, `${at}.expression`, undefined, ['bool'], false);
      const isTaken = conditions.findIndex((one) => one.name === name) < index;
      if (name === '') this.#faults.push({ type: 'Required', field: `${at}.name` });
      else {
        this.#refuse(`${at}.name`, name, faultOfQualifiedName(name));
        if (isTaken) this.#faults.push({ type: 'Duplicate', field: `${at}.name`, value: name });
      }
      return holds === undefined ? [] : [{ text: expression.trim(), holds }];
    });
  }

  #declare(variable: NamedExpression, index: number): void {
    const { name = '', expression = '' } = variable;
    const field = `spec.variables[${index}]`;
    if (name === '') {
      const detail = 'name is required';
      this.#faults.push({ type: 'Required', field: `${field}.name`, detail });
      return;
    }
    if (!CEL_IDENTIFIER.test(name) || CEL_WORDS.has(name)) {
      this.#refuse(`${field}.name`, name, 'must be a valid CEL identifier');
      return;
    }
    if (expression.trim() === '') {
      const detail = 'expression is required';
      this.#faults.push({ type: 'Required', field: `${field}.expression`, detail });
      return;
    }
    this.#take(this.#expressions.declare(variable), `${field}.expression`, expression);
  }

  #requireSomething(): void {
    const { validations = [], auditAnnotations = [] } = this.spec;
    if (validations.length + auditAnnotations.length > 0) return;
    const detail = 'validations or auditAnnotations must contain at least one item';
    this.#faults.push(
      { type: 'Required', field: 'spec.validations', detail },
      { type: 'Required', field: 'spec.auditAnnotations', detail },
    );
  }

  #compileValidation(validation: Validation, index: number): CompiledValidation[] {
    const field = `spec.validations[${index}]`;
    const { expression = '', message = '', messageExpression = '', reason = '' } = validation;
    const missing = 'expression is not specified';
    const holds = this.#compile(expression, `${field}.expression`, missing, ['bool']);
    const at = `${field}.messageExpression`;
    let said: Evaluate | undefined;
    if (messageExpression.trim() !== '')
      said = this.#compile(messageExpression, at, undefined, ['string']);
    else if (messageExpression !== '') this.#refuse(at, messageExpression, BLANK_MESSAGE);
    const plain = message.trim();
    if (message !== '' && plain === '') this.#refuse(`${field}.message`, message, BLANK_MESSAGE);
    else if (/[\r\n]/.test(plain))
      this.#refuse(`${field}.message`, message, 'must not contain line breaks');
    else if (plain === '' && /[\r\n]/.test(expression.trim())) {
      const detail = 'must be specified if expression contains line breaks';
      this.#faults.push({ type: 'Required', field: `${field}.message`, detail });
    }
    if (reason !== '' && !REASONS.includes(reason))
      this.#faults.push(notSupported(`${field}.reason`, reason, REASONS));
    return holds === undefined ? [] : [{ validation, holds, message: said }];
  }

  #compileAnnotations(annotations: readonly AuditAnnotation[]) {
    const field = 'spec.auditAnnotations';
    if (annotations.length > MAX_AUDIT_ANNOTATIONS) {
      const detail = `must have at most ${MAX_AUDIT_ANNOTATIONS} items`;
      this.#faults.push({ type: 'TooMany', field, value: annotations.length, detail });
    }
    return annotations.flatMap(({ key = '', valueExpression = '' }, index) => {
      const at = `${field}[${index}]`;
      this.#refuse(`${at}.key`, key, faultOfQualifiedName(key));
      if (annotations.findIndex((one) => one.key === key) < index)
        this.#faults.push({ type: 'Duplicate', field: `${at}.key`, value: key });
      const wanted = ['string', 'null_type'];
      const missing = 'valueExpression is not specified';
      const value = this.#compile(valueExpression, `${at}.valueExpression`, missing, wanted);
      return value === undefined ? [] : [{ key, text: valueExpression.trim(), value }];
    });
  }

  #compile(
    text: string,
    field: string,
    missing: string | undefined,
    wanted: readonly string[],
    withVariables = true,
  ): Evaluate | undefined {
    if (text.trim() !== '')
      return this.#take(this.#expressions.compile(text, wanted, withVariables), field, text);
    this.#faults.push({
      type: 'Required',
      field,
      ...(missing === undefined ? {} : { detail: missing }),
    });
    return undefined;
  }

  #take(compiled: Compiled, field: string, text: string): Evaluate | undefined {
    if ('evaluate' in compiled) return compiled.evaluate;
    this.#refuse(field, text, compiled.fault);
    return undefined;
  }

  #refuse(field: string, value: string, detail: string | undefined): void {
    if (detail !== undefined) this.#faults.push({ type: 'Invalid', field, value, detail });
  }
}

/** What is wrong beside the expressions. */
function frameFaults({
  failurePolicy = 'Fail',
  paramKind,
  matchConstraints,
}: PolicySpec): FieldError[] {
  const faults: FieldError[] = [];
  if (!FAILURE_POLICIES.includes(failurePolicy))
    faults.push(notSupported('spec.failurePolicy', failurePolicy, FAILURE_POLICIES));
  if (paramKind !== undefined) {
    const { apiVersion = '', kind = '' } = paramKind;
    const field = 'spec.paramKind';
    if (apiVersion === '') faults.push({ type: 'Required', field: `${field}.apiVersion` });
    else if (apiVersion.split('/').length > 2) {
      const detail = `unexpected GroupVersion string: ${apiVersion}`;
      faults.push({ type: 'Invalid', field: `${field}.apiVersion`, value: apiVersion, detail });
    }
    if (kind === '') faults.push({ type: 'Required', field: `${field}.kind` });
  }
  if (matchConstraints === undefined)
    return [...faults, { type: 'Required', field: 'spec.matchConstraints' }];
  faults.push(...matchFaults(matchConstraints, 'spec.matchConstraints'));
  if ((matchConstraints.resourceRules ?? []).length === 0)
    faults.push({ type: 'Required', field: 'spec.matchConstraints.resourceRules' });
  return faults;
}
