/** Field selectors: `metadata.name=a,spec.color!=red`, over the fields that a resource lets itself be selected by. */
import type { KubernetesObject } from '../../../support/kubernetes/objects.js';
import { badRequest } from '../http/status-error.js';
import { isJsonObject } from '../json/json.js';
import { shownText } from '../schema/text.js';

export type FieldSelector = (object: KubernetesObject) => boolean;

interface Requirement {
  readonly field: string;
  readonly value: string;
  readonly isEqual: boolean;
}

export interface ParsedFieldSelector {
  readonly matches: FieldSelector;
  /** The one name that can match, where the selector says so. */
  readonly name: string | undefined;
}

/** `refuse` makes the error for a field that cannot be selected by. Throws 400 BadRequest. */
export function parseFieldSelector(
  text: string,
  isSelectable: (field: string) => boolean,
  refuse: (field: string) => Error,
): ParsedFieldSelector {
  const requirements = splitTerms(text)
    .map(parseRequirement)
    .filter(({ field, value }) => field !== '' || value !== '');
  for (const { field } of requirements) if (!isSelectable(field)) throw refuse(field);
  const named = requirements.find(({ field, isEqual }) => field === 'metadata.name' && isEqual);
  return {
    matches: (object) =>
      requirements.every(
        ({ field, value, isEqual }) => (textAt(object, field) === value) === isEqual,
      ),
    name: named?.value,
  };
}

function splitTerms(text: string): string[] {
  return text.split(/(?<!\\),/).filter((term) => term.trim() !== '');
}

function parseRequirement(term: string): Requirement {
  const parts = /^(.*?)(!=|==|=)(.*)$/s.exec(term);
  if (parts === null) throw badRequest(`invalid selector: '${term}'; can't understand '${term}'`);
  const [, field = '', operator, value = ''] = parts;
  const escape = /\\(?![\\,=])./su.exec(value.replaceAll(/\\[\\,=]/g, ''));
  if (escape !== null)
    throw badRequest(`invalid field selector: invalid escape sequence: ${escape[0]}`);
  if (/(?<!\\)=/.test(value))
    throw badRequest('invalid field selector: unescaped character in value: 61');
  return {
    field,
    value: value.replaceAll(/\\([\\,=])/g, '$1'),
    isEqual: operator !== '!=',
  };
}

function textAt(object: KubernetesObject, field: string): string {
  const value = field
    .split('.')
    .reduce<unknown>(
      (at, step) => (isJsonObject(at) && Object.hasOwn(at, step) ? at[step] : undefined),
      object,
    );
  return value === undefined || value === null ? '' : shownText(value);
}
