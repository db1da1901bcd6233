/** What is wrong with a ValidatingAdmissionPolicyBinding. */
import { notSupported, type FieldError } from '../http/status-error.js';
import { faultOfPathSegment, faultOfSubdomain } from '../resources/names.js';
import { matchFaults } from './match-validation.js';
import { selectorFaults } from '../selectors/object-selector.js';
import type { BindingSpec, ParamRef } from './policy.js';

const ACTIONS = ['Audit', 'Deny', 'Warn'];
const NOT_FOUND_ACTIONS = ['Deny', 'Allow'];

export function bindingFaults(spec: BindingSpec): FieldError[] {
  const { policyName = '', paramRef, matchResources, validationActions = [] } = spec;
  return [
    ...(policyName === ''
      ? [{ type: 'Required', field: 'spec.policyName' } as const]
      : invalid('spec.policyName', policyName, faultOfSubdomain(policyName))),
    ...(paramRef === undefined ? [] : paramFaults(paramRef, 'spec.paramRef')),
    ...matchFaults(matchResources, 'spec.matchResources'),
    ...actionFaults(validationActions, 'spec.validationActions'),
  ];
}

function paramFaults(ref: ParamRef, field: string): FieldError[] {
  const { name = '', selector, parameterNotFoundAction: action = '' } = ref;
  const faults: FieldError[] = [];
  if (name !== '' && selector !== undefined) {
    const detail = 'name and selector are mutually exclusive';
    faults.push(
      { type: 'Forbidden', field: `${field}.name`, detail },
      { type: 'Forbidden', field: `${field}.selector`, detail },
    );
  } else if (name !== '') {
    faults.push(...invalid(`${field}.name`, name, faultOfPathSegment(name)));
  } else if (selector === undefined) {
    faults.push({
      type: 'Required',
      field,
      detail: 'one of name or selector must be specified',
    });
  } else {
    faults.push(...selectorFaults(selector, `${field}.selector`));
  }
  const at = `${field}.parameterNotFoundAction`;
  if (action === '') faults.push({ type: 'Required', field: at });
  else if (!NOT_FOUND_ACTIONS.includes(action))
    faults.push(notSupported(at, action, NOT_FOUND_ACTIONS));
  return faults;
}

function actionFaults(actions: readonly string[], field: string): FieldError[] {
  if (actions.length === 0)
    return [{ type: 'Required', field, detail: 'at least one validation action is required' }];
  const faults = actions.flatMap((action, index): FieldError[] => {
    const at = `${field}[${index}]`;
    if (!ACTIONS.includes(action)) return [notSupported(at, action, ACTIONS)];
    return actions.indexOf(action) === index
      ? []
      : [{ type: 'Duplicate', field: at, value: action }];
  });
  if (actions.includes('Deny') && actions.includes('Warn')) {
    const detail =
      'must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)';
    faults.push({ type: 'Invalid', field, value: actions, detail });
  }
  return faults;
}

function invalid(field: string, value: string, detail: string | undefined): FieldError[] {
  return detail === undefined ? [] : [{ type: 'Invalid', field, value, detail }];
}
