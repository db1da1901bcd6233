/**
 * Admission policies: ValidatingAdmissionPolicies, held against every write of the objects they are about.
 *
 * The verbs ask here after an object was found valid and before it is stored. A policy counts from the moment its write is
 * acknowledged; while there are none, a request costs the look at an empty list. There is no audit log beside the log of
 * the server: what the action Audit and audit annotations have to say goes there.
 */
import type { Stored } from '../../../support/kubernetes/objects.js';
import type { Log } from '../../../support/log.js';
import {
  validatingAdmissionPolicies,
  validatingAdmissionPolicyBindings,
} from '../built-in/admission-registration.js';
import { fieldOf } from '../built-in/built-in.js';
import { namespaces } from '../built-in/core.js';
import type { Registry } from '../resources/registry.js';
import type { StoredRecord } from '../storage/record.js';
import type { Store } from '../storage/store.js';
import { compilePolicy, type CompiledPolicy } from './compiled-policy.js';
import { evaluate, type Denial } from './evaluation.js';
import { valueOf, type Subject } from './expressions.js';
import { Matching } from './matching.js';
import { ConfigurationError, Parameters } from './parameters.js';
import type { BindingSpec, PolicySpec } from './policy.js';
import { refusalOf } from './refusal.js';
import {
  describeRequest,
  isNamespaceRequest,
  namespaceOf,
  type AdmissionRequest,
} from './request.js';

/** A policy that is bound to something. */
interface Hook {
  readonly name: string;
  readonly spec: PolicySpec;
  readonly compiled: CompiledPolicy;
  readonly bindings: readonly { readonly name: string; readonly spec: BindingSpec }[];
}

const GROUP = 'admissionregistration.k8s.io';

export class AdmissionPolicies {
  readonly #matching: Matching;
  readonly #parameters: Parameters;
  /** By the stored record, which a change replaces. */
  readonly #compiled = new WeakMap<StoredRecord, CompiledPolicy>();
  #hooks: readonly Hook[] | undefined;

  constructor(
    private readonly store: Store,
    registry: Registry,
    private readonly log: Log,
  ) {
    this.#matching = new Matching(store, registry);
    this.#parameters = new Parameters(store, registry);
    const watched = [
      validatingAdmissionPolicies.storage,
      validatingAdmissionPolicyBindings.storage,
    ];
    store.onChange(({ record }) => {
      if (watched.includes(record.key.resource)) this.#hooks = undefined;
    });
  }

  /** Throws the StatusError of the first denial. Policies cannot be held against themselves, or none could be mended. */
  review(request: AdmissionRequest): void {
    const hooks = (this.#hooks ??= this.#load());
    if (hooks.length === 0 || request.resource.group === GROUP) return;
    const refusals = hooks.flatMap((hook) => this.#reviewPolicy(hook, request));
    const [first] = refusals;
    if (first !== undefined) throw refusalOf(request, first.denial, first.hook, first.binding);
  }

  #load(): Hook[] {
    const bindings = this.store
      .list(validatingAdmissionPolicyBindings.storage)
      .map(({ object }) => ({
        name: object.metadata.name,
        spec: fieldOf<BindingSpec>(object, 'spec') ?? {},
      }));
    return this.store.list(validatingAdmissionPolicies.storage).flatMap((record) => {
      const { name } = record.object.metadata;
      const bound = bindings.filter(({ spec }) => spec.policyName === name);
      if (bound.length === 0) return [];
      const spec = fieldOf<PolicySpec>(record.object, 'spec') ?? {};
      return [{ name, spec, compiled: this.#compile(record, spec), bindings: bound }];
    });
  }

  #compile(record: StoredRecord, spec: PolicySpec): CompiledPolicy {
    let compiled = this.#compiled.get(record);
    if (compiled === undefined) {
      compiled = compilePolicy(spec);
      this.#compiled.set(record, compiled);
    }
    return compiled;
  }

  #reviewPolicy(hook: Hook, request: AdmissionRequest): Refusal[] {
    const { spec } = hook;
    const matched = this.#matching.match(spec.matchConstraints ?? {}, request);
    if (matched === undefined) return [];
    try {
      const paramKind = this.#parameters.kindOf(spec);
      return hook.bindings.flatMap((binding) =>
        this.#reviewBinding(hook, binding, request, matched, paramKind),
      );
    } catch (error) {
      return misconfigured(error, 'policy', hook, undefined);
    }
  }

  #reviewBinding(
    hook: Hook,
    binding: Hook['bindings'][number],
    request: AdmissionRequest,
    matched: AdmissionRequest,
    paramKind: ReturnType<Parameters['kindOf']>,
  ): Refusal[] {
    const { matchResources, paramRef, validationActions = [] } = binding.spec;
    if (matchResources !== undefined && this.#matching.match(matchResources, request) === undefined)
      return [];
    let params: (object | null)[];
    try {
      params = this.#parameters.collect(paramKind, paramRef, namespaceOf(request));
    } catch (error) {
      return misconfigured(error, 'binding', hook, binding.name);
    }
    const subject = this.#subjectOf(hook, request, matched);
    const evaluated = params.map((param) =>
      evaluate(hook.compiled, hook.spec, { ...subject, params: valueOf(param) }),
    );
    const denials = evaluated.flatMap((one) => one.denials);
    for (const { annotations } of evaluated) {
      for (const [key, value] of Object.entries(annotations))
        this.log.info('audit', { annotation: `${hook.name}/${key}`, value });
    }
    for (const denial of denials) {
      if (validationActions.includes('Audit')) this.#audit(hook, binding.name, denial, request);
      if (validationActions.includes('Warn')) {
        request.warn(
          `Validation failed for ValidatingAdmissionPolicy '${hook.name}' with binding '${binding.name}': ${denial.message}`,
        );
      }
    }
    return validationActions.includes('Deny')
      ? denials.map((denial) => ({ denial, hook: hook.name, binding: binding.name }))
      : [];
  }

  #subjectOf(
    { compiled }: Hook,
    request: AdmissionRequest,
    matched: AdmissionRequest,
  ): Omit<Subject, 'params'> {
    const { expressions } = compiled;
    return {
      object: valueOf(matched.object),
      oldObject: valueOf(matched.oldObject),
      request: expressions.requestOf(describeRequest(request, matched)),
      namespaceObject: expressions.namespaceOf(this.#namespaceObject(request)),
    };
  }

  #namespaceObject(request: AdmissionRequest): Stored | null {
    const { namespace } = request;
    if (namespace === '' || isNamespaceRequest(request)) return null;
    const key = { resource: namespaces.storage, namespace: '', name: namespace };
    return this.store.latest(key)?.object ?? null;
  }

  #audit(hook: Hook, binding: string, denial: Denial, { resource, name }: AdmissionRequest): void {
    this.log.warn('audit', {
      annotation: 'validation.policy.admission.k8s.io/validation_failure',
      policy: hook.name,
      binding,
      message: denial.message,
      expressionIndex: denial.index,
      resource: resource.plural,
      name,
    });
  }
}

interface Refusal {
  readonly denial: Denial;
  readonly hook: string;
  readonly binding: string | undefined;
}

/** What is set up wrongly refuses the request, whatever the actions, unless the failure policy lets it go. */
function misconfigured(
  error: unknown,
  part: 'policy' | 'binding',
  { name, spec }: Hook,
  binding: string | undefined,
): Refusal[] {
  if (!(error instanceof ConfigurationError)) throw error;
  if (spec.failurePolicy === 'Ignore') return [];
  const message = `failed to configure ${part}: ${error.message}`;
  return [{ denial: { message, reason: 'Invalid' }, hook: name, binding }];
}
