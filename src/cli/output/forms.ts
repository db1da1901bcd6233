/** The forms in which results are printed: tables for people, JSON and YAML of a stable shape for programs. */
import { Option } from 'commander';

export const FORMS = ['table', 'wide', 'json', 'yaml'] as const;
export type OutputForm = (typeof FORMS)[number];

/** Of results that are also names and values for a shell. */
export const SHELL_FORMS = [...FORMS, 'env'] as const;
export type ShellForm = (typeof SHELL_FORMS)[number];

const MEANINGS: Readonly<Record<string, string>> = {
  table: 'for people',
  wide: 'the same with more columns',
  json: 'for programs',
  yaml: 'for programs',
  env: 'lines for a shell',
};

/** `-o`, with these forms; the first is the default unless another is named. */
export function outputOption<F extends string>(forms: readonly F[], standard = forms[0]): Option {
  const explained = forms.map((form) => `${form} (${MEANINGS[form] ?? ''})`).join(', ');
  return new Option('-o, --output <form>', explained).choices(forms).default(standard);
}
