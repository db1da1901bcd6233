/** What is wrong with the part of a policy or binding that says which requests it is about. */
import { notSupported, type FieldError } from '../http/status-error.js';
import { selectorFaults } from '../selectors/object-selector.js';
import type { MatchResources, ResourceRule } from './policy.js';

const MATCH_POLICIES = ['Equivalent', 'Exact'];
const OPERATIONS = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'];
const SCOPES = ['*', 'Cluster', 'Namespaced'];
/** Served, but not by the verbs that policies are held against. */
const UNGUARDED_RESOURCES = ['namespaces/finalize', 'serviceaccounts/token'];

export function matchFaults(match: MatchResources | undefined, field: string): FieldError[] {
  if (match === undefined) return [];
  const { matchPolicy = 'Equivalent', resourceRules = [], excludeResourceRules = [] } = match;
  return [
    ...(MATCH_POLICIES.includes(matchPolicy)
      ? []
      : [notSupported(`${field}.matchPolicy`, matchPolicy, MATCH_POLICIES)]),
    ...selectorFaults(match.namespaceSelector, `${field}.namespaceSelector`),
    ...selectorFaults(match.objectSelector, `${field}.objectSelector`),
    ...resourceRules.flatMap((rule, index) => ruleFaults(rule, `${field}.resourceRules[${index}]`)),
    ...excludeResourceRules.flatMap((rule, index) =>
      ruleFaults(rule, `${field}.excludeResourceRules[${index}]`),
    ),
  ];
}

function ruleFaults(rule: ResourceRule, field: string): FieldError[] {
  const { operations = [], apiGroups = [], apiVersions = [], resources = [], scope = '*' } = rule;
  return [
    ...listFaults(operations, `${field}.operations`, 'operations'),
    ...operations.flatMap((operation, index) =>
      OPERATIONS.includes(operation)
        ? []
        : [notSupported(`${field}.operations[${index}]`, operation, OPERATIONS)],
    ),
    ...listFaults(apiGroups, `${field}.apiGroups`, 'API groups'),
    ...listFaults(apiVersions, `${field}.apiVersions`, 'API versions'),
    ...emptyFaults(apiVersions, `${field}.apiVersions`),
    ...resourceFaults(resources, `${field}.resources`),
    ...(SCOPES.includes(scope) ? [] : [notSupported(`${field}.scope`, scope, SCOPES)]),
  ];
}

function listFaults(list: readonly string[], field: string, what: string): FieldError[] {
  if (list.length === 0) return [{ type: 'Required', field }];
  if (list.length === 1 || !list.includes('*')) return [];
  const detail = `if '*' is present, must not specify other ${what}`;
  return [{ type: 'Invalid', field, value: list, detail }];
}

function emptyFaults(list: readonly string[], field: string): FieldError[] {
  return list.flatMap((item, index) =>
    item === '' ? [{ type: 'Required', field: `${field}[${index}]` }] : [],
  );
}

function resourceFaults(resources: readonly string[], field: string): FieldError[] {
  if (resources.length === 0) return [{ type: 'Required', field }];
  const faults: FieldError[] = [];
  const wholeResources = new Set<string>();
  const wholeSubresources = new Set<string>();
  resources.forEach((item, index) => {
    const at = `${field}[${index}]`;
    const [resource, subresource] = splitOnce(item);
    const refuse = (detail: string) =>
      faults.push({ type: 'Invalid', field: at, value: item, detail });
    if (item === '') faults.push({ type: 'Required', field: at });
    else if (wholeResources.has(resource)) {
      refuse(`if '${resource}/*' is present, must not specify ${item}`);
    } else if (wholeSubresources.has(subresource)) {
      refuse(`if '*/${subresource}' is present, must not specify ${item}`);
    } else if (UNGUARDED_RESOURCES.includes(item)) {
      refuse('policies for this subresource are not supported by this server');
    }
    if (subresource === '*') wholeResources.add(resource);
    if (resource === '*') wholeSubresources.add(subresource);
  });
  if (resources.length > 1 && resources.includes('*/*')) {
    const detail = "if '*/*' is present, must not specify other resources";
    faults.push({ type: 'Invalid', field, value: resources, detail });
  }
  if (resources.includes('*') && resources.some((one) => one !== '*' && !one.includes('/'))) {
    const detail = "if '*' is present, must not specify other resources without subresources";
    faults.push({ type: 'Invalid', field, value: resources, detail });
  }
  return faults;
}

function splitOnce(text: string): [string, string] {
  const slash = text.indexOf('/');
  return slash < 0 ? [text, ''] : [text.slice(0, slash), text.slice(slash + 1)];
}
