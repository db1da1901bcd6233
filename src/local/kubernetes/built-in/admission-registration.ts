/** ValidatingAdmissionPolicy and its binding; `admission-policies/` validates them and holds requests against them. */
import type { KubernetesObject } from '../../../support/kubernetes/objects.js';
import { bindingFaults } from '../admission-policies/binding-validation.js';
import { compilePolicy } from '../admission-policies/compiled-policy.js';
import type {
  BindingSpec,
  MatchResources,
  PolicySpec,
  ResourceRule,
} from '../admission-policies/policy.js';
import type { Schema } from '../schema/schema.js';
import { AGE_COLUMN, NAME_COLUMN } from '../tables/columns.js';
import {
  builtIn,
  column,
  CONDITIONS,
  fieldOf,
  keyedList,
  list,
  mapOf,
  object,
  text,
} from './built-in.js';

const REGISTRATION = { group: 'admissionregistration.k8s.io', version: 'v1' } as const;
const UNSET = '<unset>';

/** What an apply owns as a whole. */
const whole = (schema: Schema): Schema => ({ ...schema, 'x-kubernetes-map-type': 'atomic' });
const wholeList = (description: string, items: Schema): Schema => ({
  ...list(description, items),
  'x-kubernetes-list-type': 'atomic',
});
const strings = (description: string) => wholeList(description, { type: 'string' });

const selector = (description: string): Schema =>
  whole(
    object(description, {
      matchLabels: mapOf('Labels and their values.', { type: 'string' }),
      matchExpressions: wholeList(
        'Conditions on labels.',
        object(
          'A condition.',
          {
            key: text('Label.'),
            operator: text('In, NotIn, Exists or DoesNotExist.'),
            values: strings('Values.'),
          },
          ['key', 'operator'],
        ),
      ),
    }),
  );
const RULE = whole(
  object('Operations on resources.', {
    resourceNames: strings('The names that the rule is limited to; none is all.'),
    operations: strings('CREATE, UPDATE, DELETE, CONNECT or *.'),
    apiGroups: strings('Groups of the resources; "" is the core group, * is all.'),
    apiVersions: strings('Versions of the resources; * is all.'),
    resources: strings('Plurals, subresources as in pods/status; * is all.'),
    scope: text('Cluster, Namespaced or *, which is the default.'),
  }),
);
const matchResources = (description: string): Schema =>
  whole(
    object(description, {
      namespaceSelector: selector('Labels of the namespace of the object.'),
      objectSelector: selector('Labels of the object, as it was or as it becomes.'),
      resourceRules: wholeList('What it is about.', RULE),
      excludeResourceRules: wholeList('What it is not about, whatever else is said.', RULE),
      matchPolicy: text(
        'Equivalent (the default): other versions of the same resource too; or Exact.',
      ),
    }),
  );
const NAMED_EXPRESSION = object(
  'An expression with a name.',
  { name: text('Its name.'), expression: text('CEL.') },
  ['name', 'expression'],
);

const POLICY_SPEC = object('What is admitted.', {
  failurePolicy: text(
    'What becomes of requests when it cannot be told: Fail (the default) or Ignore.',
  ),
  paramKind: whole(
    object('The kind of its parameters.', {
      apiVersion: text('Group and version.'),
      kind: text('Kind.'),
    }),
  ),
  matchConstraints: matchResources('Which requests it is about. Required.'),
  matchConditions: keyedList('What else must hold of those.', NAMED_EXPRESSION, 'name'),
  variables: keyedList(
    'Values that the expressions share, as variables.NAME.',
    NAMED_EXPRESSION,
    'name',
  ),
  validations: wholeList(
    'What must hold.',
    object(
      'A condition on the request.',
      {
        expression: text(
          'CEL that is true for what is admitted. It sees object, oldObject, request, params, namespaceObject and variables.',
        ),
        message: text('What is said when it is not.'),
        messageExpression: text('CEL that gives the message.'),
        reason: text('Forbidden, Invalid (the default) or RequestEntityTooLarge.'),
      },
      ['expression'],
    ),
  ),
  auditAnnotations: wholeList(
    'What is written to the log of requests.',
    object(
      'A note.',
      { key: text('Its key.'), valueExpression: text('CEL that gives its text.') },
      ['key', 'valueExpression'],
    ),
  ),
});
const POLICY_STATUS = object('What is known of it.', {
  observedGeneration: {
    type: 'integer',
    format: 'int64',
    description: 'The generation that was seen.',
  },
  typeChecking: object('What was found when its expressions were checked against schemas.', {
    expressionWarnings: wholeList(
      'Warnings.',
      object('A warning.', { fieldRef: text('The expression.'), warning: text('What it is.') }, [
        'fieldRef',
        'warning',
      ]),
    ),
  }),
  conditions: CONDITIONS,
});

export const validatingAdmissionPolicies = builtIn({
  ...REGISTRATION,
  kind: 'ValidatingAdmissionPolicy',
  plural: 'validatingadmissionpolicies',
  categories: ['api-extensions'],
  isNamespaced: false,
  description: 'ValidatingAdmissionPolicy says in CEL what writes of objects are admitted.',
  properties: { spec: POLICY_SPEC, status: POLICY_STATUS },
  hasStatus: true,
  hasGeneration: true,
  columns: [
    NAME_COLUMN,
    column(
      'Validations',
      (policy) => fieldOf<PolicySpec>(policy, 'spec')?.validations?.length ?? 0,
      'integer',
    ),
    column('ParamKind', (policy) => {
      const { apiVersion = '', kind = '' } = fieldOf<PolicySpec>(policy, 'spec')?.paramKind ?? {};
      return kind === '' ? UNSET : `${apiVersion}/${kind}`;
    }),
    AGE_COLUMN,
  ],
  normalize: (policy) => withSpec<PolicySpec>(policy, withPolicyDefaults),
  prepareCreate: (policy) => ({ ...policy, status: {} }),
  validate: (policy) => [...compilePolicy(fieldOf<PolicySpec>(policy, 'spec') ?? {}).faults],
});

export const validatingAdmissionPolicyBindings = builtIn({
  ...REGISTRATION,
  kind: 'ValidatingAdmissionPolicyBinding',
  plural: 'validatingadmissionpolicybindings',
  categories: ['api-extensions'],
  isNamespaced: false,
  description: 'ValidatingAdmissionPolicyBinding puts a ValidatingAdmissionPolicy into effect.',
  properties: {
    spec: object('How the policy is used.', {
      policyName: text('The policy. Required.'),
      paramRef: whole(
        object('The parameters: the policy is held against a request with each of them.', {
          name: text('The one of this name.'),
          namespace: text('Where they are; the namespace of the request when nothing is said.'),
          selector: selector('Those with these labels.'),
          parameterNotFoundAction: text(
            'What becomes of requests when there is none: Allow or Deny.',
          ),
        }),
      ),
      matchResources: matchResources('Which of the requests that the policy is about.'),
      validationActions: {
        ...list('What follows when a validation does not hold: Deny, Warn, Audit.', {
          type: 'string',
        }),
        'x-kubernetes-list-type': 'set',
      },
    }),
  },
  hasGeneration: true,
  columns: [
    NAME_COLUMN,
    column('PolicyName', (binding) => fieldOf<BindingSpec>(binding, 'spec')?.policyName ?? ''),
    column('ParamRef', (binding) => paramRefCell(fieldOf<BindingSpec>(binding, 'spec'))),
    AGE_COLUMN,
  ],
  normalize: (binding) =>
    withSpec<BindingSpec>(binding, (spec) =>
      spec.matchResources === undefined
        ? spec
        : { ...spec, matchResources: withMatchDefaults(spec.matchResources) },
    ),
  validate: (binding) => bindingFaults(fieldOf<BindingSpec>(binding, 'spec') ?? {}),
});

function paramRefCell(spec: BindingSpec | undefined): string {
  const { name = '', namespace = '', selector: selected } = spec?.paramRef ?? {};
  if (name !== '') return namespace === '' ? name : `${namespace}/${name}`;
  return selected === undefined ? UNSET : JSON.stringify(selected);
}

function withSpec<T extends object>(
  object: KubernetesObject,
  change: (spec: T) => T,
): KubernetesObject {
  const spec = fieldOf<T>(object, 'spec');
  return { ...object, spec: change(spec ?? ({} as T)) };
}

function withPolicyDefaults(spec: PolicySpec): PolicySpec {
  const { matchConstraints, failurePolicy = 'Fail' } = spec;
  if (matchConstraints === undefined) return { ...spec, failurePolicy };
  return { ...spec, failurePolicy, matchConstraints: withMatchDefaults(matchConstraints) };
}

function withMatchDefaults(match: MatchResources): MatchResources {
  const { resourceRules, excludeResourceRules, ...rest } = match;
  const withScopes = (rules: readonly ResourceRule[]) =>
    rules.map((rule) => ({ ...rule, scope: rule.scope ?? '*' }));
  return {
    namespaceSelector: {},
    objectSelector: {},
    matchPolicy: 'Equivalent',
    ...rest,
    ...(resourceRules === undefined ? {} : { resourceRules: withScopes(resourceRules) }),
    ...(excludeResourceRules === undefined
      ? {}
      : { excludeResourceRules: withScopes(excludeResourceRules) }),
  };
}
