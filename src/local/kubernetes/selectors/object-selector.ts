/** Label selectors as objects: `matchLabels` and `matchExpressions`, both of which must hold. */
import type { FieldError } from '../http/status-error.js';
import { faultOfLabelValue, faultOfQualifiedName } from '../resources/names.js';

export interface SelectorObject {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly LabelCondition[];
}

interface LabelCondition {
  readonly key?: string;
  readonly operator?: string;
  readonly values?: readonly string[];
}

type Labels = Readonly<Record<string, string>>;

/** A selector that says nothing selects everything. */
export function selects(selector: SelectorObject | undefined, labels: Labels): boolean {
  const { matchLabels = {}, matchExpressions = [] } = selector ?? {};
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every((condition) => isMet(condition, labels))
  );
}

export function selectsAll(selector: SelectorObject | undefined): boolean {
  const { matchLabels = {}, matchExpressions = [] } = selector ?? {};
  return Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;
}

/** As `kubectl -l` takes it, in the order of the keys. */
export function selectorText({ matchLabels = {}, matchExpressions = [] }: SelectorObject): string {
  const parts = [
    ...Object.entries(matchLabels).map(([key, value]) => ({ key, text: `${key}=${value}` })),
    ...matchExpressions.map((condition) => ({
      key: condition.key ?? '',
      text: conditionText(condition),
    })),
  ];
  return parts
    .sort((one, other) => (one.key < other.key ? -1 : one.key > other.key ? 1 : 0))
    .map(({ text }) => text)
    .join(',');
}

function conditionText({ key = '', operator = '', values = [] }: LabelCondition): string {
  if (operator === 'Exists') return key;
  if (operator === 'DoesNotExist') return `!${key}`;
  return `${key} ${operator.toLowerCase()} (${[...values].sort().join(',')})`;
}

function isMet({ key = '', operator, values = [] }: LabelCondition, labels: Labels): boolean {
  const value = labels[key];
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    default:
      return value === undefined;
  }
}

export function selectorFaults(selector: SelectorObject | undefined, field: string): FieldError[] {
  const { matchLabels = {}, matchExpressions = [] } = selector ?? {};
  return [
    ...Object.entries(matchLabels).flatMap(([key, value]) => [
      ...fault(`${field}.matchLabels`, key, faultOfQualifiedName(key)),
      ...fault(`${field}.matchLabels`, value, faultOfLabelValue(value)),
    ]),
    ...matchExpressions.flatMap((condition, index) =>
      conditionFaults(condition, `${field}.matchExpressions[${index}]`),
    ),
  ];
}

function conditionFaults(
  { key = '', operator = '', values = [] }: LabelCondition,
  field: string,
): FieldError[] {
  const keyFaults = fault(`${field}.key`, key, faultOfQualifiedName(key));
  switch (operator) {
    case 'In':
    case 'NotIn': {
      if (values.length > 0) return keyFaults;
      const detail = "must be specified when `operator` is 'In' or 'NotIn'";
      return [{ type: 'Required', field: `${field}.values`, detail }, ...keyFaults];
    }
    case 'Exists':
    case 'DoesNotExist': {
      if (values.length === 0) return keyFaults;
      const detail = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
      return [{ type: 'Forbidden', field: `${field}.values`, detail }, ...keyFaults];
    }
    default: {
      const detail = 'not a valid selector operator';
      return [
        { type: 'Invalid', field: `${field}.operator`, value: operator, detail },
        ...keyFaults,
      ];
    }
  }
}

function fault(field: string, value: string, detail: string | undefined): FieldError[] {
  return detail === undefined ? [] : [{ type: 'Invalid', field, value, detail }];
}
