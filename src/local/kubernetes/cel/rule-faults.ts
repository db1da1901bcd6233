/** What is wrong with a rule beside its expressions: its messages, its reason, its path, its use of `oldSelf`. */
import { notSupported, type FieldError } from '../http/status-error.js';
import { memberSchema, type Schema, type ValidationRule } from '../schema/schema.js';

const REASONS = [
  'FieldValueDuplicate',
  'FieldValueForbidden',
  'FieldValueInvalid',
  'FieldValueRequired',
];

/** `field` is within the rule. `uncorrelated` is the path of a list in which there is no old value to compare with. */
export function ruleFaults(
  rule: ValidationRule,
  schema: Schema,
  isTransition: boolean,
  uncorrelated: string | undefined,
): (FieldError & { readonly field: string })[] {
  const errors: (FieldError & { readonly field: string })[] = [];
  const { message, messageExpression, reason, fieldPath, optionalOldSelf } = rule;
  if (message !== undefined) {
    const value = message;
    if (value !== '' && value.trim() === '') {
      const detail = 'message must be non-empty if specified';
      errors.push({ type: 'Invalid', field: 'message', value, detail });
    } else if (value.trim().includes('\n')) {
      const detail = 'must not contain line breaks';
      errors.push({ type: 'Invalid', field: 'message', value, detail });
    }
  } else if (messageExpression === undefined && rule.rule.trim().includes('\n')) {
    const detail = 'message must be specified if rule contains line breaks';
    errors.push({ type: 'Required', field: 'message', detail });
  }
  if (messageExpression?.trim() === '') {
    const detail = 'messageExpression must be non-empty if specified';
    errors.push({ type: 'Required', field: 'messageExpression', detail });
  }
  if (reason !== undefined && !REASONS.includes(reason))
    errors.push(notSupported('reason', reason, REASONS) as (typeof errors)[number]);
  if (fieldPath !== undefined && !leadsSomewhere(fieldPath, schema)) {
    const detail = 'must be a valid path';
    errors.push({ type: 'Invalid', field: 'fieldPath', value: fieldPath, detail });
  }
  if (optionalOldSelf !== undefined && !isTransition) {
    const detail = 'may not be set if oldSelf is not used in rule';
    errors.push({ type: 'Invalid', field: 'optionalOldSelf', value: optionalOldSelf, detail });
  }
  if (isTransition && optionalOldSelf !== true && uncorrelated !== undefined) {
    const detail = `oldSelf cannot be used on the uncorrelatable portion of the schema within ${uncorrelated}`;
    errors.push({ type: 'Invalid', field: 'rule', value: rule.rule, detail });
  }
  return errors;
}

/** Whether a path like `.a['b'].c` leads to a property or to the member of a map. */
function leadsSomewhere(path: string, schema: Schema): boolean {
  const steps = [...path.matchAll(/\.([^.[\]']+)|\['((?:[^'\\]|\\.)*)'\]/g)];
  if (steps.map(([text]) => text).join('') !== path || steps.length === 0) return false;
  const end = steps.reduce<Schema | undefined>(
    (at, [, property, key]) => memberSchema(at, property ?? key ?? ''),
    schema,
  );
  return end !== undefined;
}
