/** Roles and bindings of rbac.authorization.k8s.io; `access/authorization.ts` enforces them. */
import type { KubernetesObject, Stored } from '../../../support/kubernetes/objects.js';
import { notSupported, type FieldError } from '../http/status-error.js';
import { isEqual } from '../json/json.js';
import { faultOfPathSegment, faultOfSubdomain } from '../resources/names.js';
import type { Schema } from '../schema/schema.js';
import { CREATED_COLUMN, AGE_COLUMN, NAME_COLUMN, type Column } from '../tables/columns.js';
import { selectorFaults, type SelectorObject } from '../selectors/object-selector.js';
import {
  always,
  builtIn,
  column,
  fieldOf,
  list,
  mapOf,
  pointer,
  struct,
  text,
  type BuiltInKind,
} from './built-in.js';

export interface PolicyRule {
  readonly verbs?: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

export interface AggregationRule {
  readonly clusterRoleSelectors?: readonly SelectorObject[];
}

export interface RoleReference {
  readonly apiGroup?: string;
  readonly kind: string;
  readonly name: string;
}

export interface BindingSubject {
  readonly kind: string;
  readonly apiGroup?: string;
  readonly name: string;
  readonly namespace?: string;
}

const RBAC = { group: 'rbac.authorization.k8s.io', version: 'v1' } as const;
const strings = (description: string): Schema => ({
  ...list(description, { type: 'string' }),
  'x-kubernetes-list-type': 'atomic',
});

const RULES = list(
  'What the role allows.',
  struct(
    'PolicyRule',
    'Some verbs on some resources.',
    {
      verbs: strings('The verbs; * is all.'),
      apiGroups: strings('The groups of the resources; "" is the core group, * is all.'),
      resources: strings('The plurals of the resources, subresources as in pods/status; * is all.'),
      resourceNames: strings('The names that the rule is limited to; none is all.'),
      nonResourceURLs: strings('Paths that are no resources; a * at the end is any.'),
    },
    ['verbs'],
  ),
);
const AGGREGATION = struct('AggregationRule', 'Takes the rules of other roles.', {
  clusterRoleSelectors: list(
    'Labels of those roles.',
    struct('LabelSelector', 'Labels.', {
      matchLabels: mapOf('Labels and their values.', { type: 'string' }),
      matchExpressions: list(
        'Conditions on labels.',
        struct('LabelSelectorRequirement', 'A condition.', {
          key: text('Label.'),
          operator: text('In, NotIn, Exists or DoesNotExist.'),
          values: strings('Values.'),
        }),
      ),
    }),
  ),
});
const ROLE_REF = {
  ...struct(
    'RoleRef',
    'The role. Cannot be changed.',
    {
      apiGroup: text('rbac.authorization.k8s.io.'),
      kind: text('Role or ClusterRole.'),
      name: text('Name of the role.'),
    },
    ['apiGroup', 'kind', 'name'],
  ),
  'x-kubernetes-map-type': 'atomic' as const,
};
const SUBJECTS = list('Who gets the role.', {
  ...struct(
    'Subject',
    'A user, a group or a service account.',
    {
      kind: text('User, Group or ServiceAccount.'),
      apiGroup: text('Group of the kind.'),
      name: text('Name.'),
      namespace: text('Namespace of the service account.'),
    },
    ['kind', 'name'],
  ),
  'x-kubernetes-map-type': 'atomic',
});

export const roles = builtIn(roleKind('Role', 'roles', true, { rules: always(RULES) }));
export const clusterRoles = builtIn(
  roleKind('ClusterRole', 'clusterroles', false, {
    rules: always(RULES),
    aggregationRule: pointer(AGGREGATION),
  }),
);
export const roleBindings = builtIn(bindingKind('RoleBinding', 'rolebindings', true));
export const clusterRoleBindings = builtIn(
  bindingKind('ClusterRoleBinding', 'clusterrolebindings', false),
);

function roleKind(
  kind: string,
  plural: string,
  isNamespaced: boolean,
  properties: Record<string, Schema>,
): BuiltInKind {
  return {
    ...RBAC,
    kind,
    plural,
    isNamespaced,
    description: `${kind} is a set of rules that allow something${isNamespaced ? ' in its namespace' : ''}.`,
    properties,
    allowsCreateOnUpdate: true,
    validateName: faultOfPathSegment,
    columns: [NAME_COLUMN, { ...CREATED_COLUMN, name: 'Created At' }],
    validate: (role) => [
      ...ruleFaults(role, isNamespaced),
      ...aggregationFaults(fieldOf<AggregationRule>(role, 'aggregationRule')),
    ],
  };
}

function bindingKind(kind: string, plural: string, isNamespaced: boolean): BuiltInKind {
  return {
    ...RBAC,
    kind,
    plural,
    isNamespaced,
    description: `${kind} gives a role to users, groups and service accounts${isNamespaced ? ' in its namespace' : ''}.`,
    properties: { subjects: SUBJECTS, roleRef: ROLE_REF },
    required: ['roleRef'],
    allowsCreateOnUpdate: true,
    validateName: faultOfPathSegment,
    columns: [
      NAME_COLUMN,
      column('Role', (binding) => {
        const role = fieldOf<RoleReference>(binding, 'roleRef');
        return `${role?.kind ?? ''}/${role?.name ?? ''}`;
      }),
      AGE_COLUMN,
      subjectsColumn('Users', 'User'),
      subjectsColumn('Groups', 'Group'),
      subjectsColumn('ServiceAccounts', 'ServiceAccount'),
    ],
    normalize: withSubjectGroups,
    validate: (binding, live) => bindingFaults(binding, live, isNamespaced),
  };
}

/** Shown with `-o wide` only. */
function subjectsColumn(name: string, kind: string): Column {
  const cell = (binding: KubernetesObject) =>
    (fieldOf<BindingSubject[]>(binding, 'subjects') ?? [])
      .filter((subject) => subject.kind === kind)
      .map((subject) =>
        kind === 'ServiceAccount' ? `${subject.namespace ?? ''}/${subject.name}` : subject.name,
      )
      .join(', ');
  return { ...column(name, cell), priority: 1 };
}

function withSubjectGroups(binding: KubernetesObject): KubernetesObject {
  const subjects = fieldOf<BindingSubject[]>(binding, 'subjects');
  const roleRef = fieldOf<RoleReference>(binding, 'roleRef');
  return {
    ...binding,
    ...(subjects === undefined
      ? {}
      : {
          subjects: subjects.map((one) =>
            one.kind === 'ServiceAccount' ? one : { apiGroup: RBAC.group, ...one },
          ),
        }),
    ...(roleRef === undefined
      ? {}
      : { roleRef: { ...roleRef, apiGroup: roleRef.apiGroup ?? RBAC.group } }),
  };
}

function ruleFaults(role: KubernetesObject, isNamespaced: boolean): FieldError[] {
  const rules = fieldOf<PolicyRule[] | null>(role, 'rules') ?? [];
  return rules.flatMap((rule, index): FieldError[] => {
    const field = `rules[${index}]`;
    const errors: FieldError[] = [];
    if ((rule.verbs ?? []).length === 0) {
      errors.push({
        type: 'Required',
        field: `${field}.verbs`,
        detail: 'verbs must contain at least one value',
      });
    }
    const { nonResourceURLs = [], apiGroups = [], resources = [], resourceNames = [] } = rule;
    if (nonResourceURLs.length > 0) {
      const refuse = (detail: string) =>
        errors.push({
          type: 'Invalid',
          field: `${field}.nonResourceURLs`,
          value: nonResourceURLs,
          detail,
        });
      if (isNamespaced) refuse('namespaced rules cannot apply to non-resource URLs');
      if (apiGroups.length + resources.length + resourceNames.length > 0)
        refuse('rules cannot apply to both regular resources and non-resource URLs');
      return errors;
    }
    if ((rule.apiGroups ?? []).length === 0) {
      errors.push({
        type: 'Required',
        field: `${field}.apiGroups`,
        detail: 'resource rules must supply at least one api group',
      });
    }
    if ((rule.resources ?? []).length === 0) {
      errors.push({
        type: 'Required',
        field: `${field}.resources`,
        detail: 'resource rules must supply at least one resource',
      });
    }
    return errors;
  });
}

function aggregationFaults(aggregation: AggregationRule | undefined): FieldError[] {
  if (aggregation === undefined) return [];
  const field = 'aggregationRule.clusterRoleSelectors';
  const { clusterRoleSelectors = [] } = aggregation;
  if (clusterRoleSelectors.length === 0) {
    const detail = 'at least one clusterRoleSelector required if aggregationRule is non-nil';
    return [{ type: 'Required', field, detail }];
  }
  return clusterRoleSelectors.flatMap((selector, index): FieldError[] => {
    const at = `${field}[${index}]`;
    const faults = selectorFaults(selector, at);
    if (faults.length === 0) return [];
    const detail = 'invalid label selector.';
    return [...faults, { type: 'Invalid', field: at, value: null, detail }];
  });
}

function bindingFaults(
  binding: KubernetesObject,
  live: Stored | undefined,
  isNamespaced: boolean,
): FieldError[] {
  const errors: FieldError[] = [];
  const role = fieldOf<RoleReference>(binding, 'roleRef');
  const allowed = isNamespaced ? ['Role', 'ClusterRole'] : ['ClusterRole'];
  const { apiGroup: group = '', kind: roleKind = '', name: roleName = '' } = role ?? {};
  if (group !== RBAC.group) errors.push(notSupported('roleRef.apiGroup', group, [RBAC.group]));
  if (!allowed.includes(roleKind)) errors.push(notSupported('roleRef.kind', roleKind, allowed));
  const nameFault = roleName === '' ? undefined : faultOfPathSegment(roleName);
  if (roleName === '') errors.push({ type: 'Required', field: 'roleRef.name' });
  if (nameFault !== undefined)
    errors.push({ type: 'Invalid', field: 'roleRef.name', value: roleName, detail: nameFault });
  if (live !== undefined && !isEqual(role, fieldOf(live, 'roleRef'))) {
    errors.push({
      type: 'Invalid',
      field: 'roleRef',
      value: role,
      detail: 'cannot change roleRef',
    });
  }
  (fieldOf<BindingSubject[]>(binding, 'subjects') ?? []).forEach((subject, index) => {
    const field = `subjects[${index}]`;
    const {
      kind = '',
      name = '',
      apiGroup = '',
      namespace = '',
    } = subject as Partial<typeof subject>;
    if (name === '') errors.push({ type: 'Required', field: `${field}.name` });
    if (!['User', 'Group', 'ServiceAccount'].includes(kind)) {
      errors.push(notSupported(`${field}.kind`, kind, ['ServiceAccount', 'User', 'Group']));
      return;
    }
    if (kind !== 'ServiceAccount') {
      if (apiGroup !== RBAC.group)
        errors.push(notSupported(`${field}.apiGroup`, apiGroup, [RBAC.group]));
      return;
    }
    const fault = name === '' ? undefined : faultOfSubdomain(name);
    if (fault !== undefined)
      errors.push({ type: 'Invalid', field: `${field}.name`, value: name, detail: fault });
    if (apiGroup !== '') errors.push(notSupported(`${field}.apiGroup`, apiGroup, ['']));
    // A binding in a namespace means the service account beside it.
    if (namespace === '' && !isNamespaced)
      errors.push({ type: 'Required', field: `${field}.namespace` });
  });
  return errors;
}
