/** A form made of a schema: a field for each of its fields, with the schema's own words, defaults and bounds. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { FieldFault, FieldSchema } from '../contract.js';
import { isFixed, isTree, type Tree, valueAt, withValue } from './field-value.js';
import { titleOf } from './words.js';

export interface FormState {
  readonly spec: Tree;
  readonly faults: readonly FieldFault[];
  /** Whether a fault of this field is shown: not before somebody has been there. */
  readonly isShown: (field: string) => boolean;
  /** Whether the claim exists: what cannot be changed is then only shown. */
  readonly isEdit: boolean;
  readonly onChange: (spec: Tree, field: string) => void;
  readonly onLeave: (field: string) => void;
}

interface FieldProps {
  readonly name: string;
  readonly schema: FieldSchema;
  readonly path: readonly string[];
  readonly isRequired: boolean;
  readonly form: FormState;
}

/** The fields of an object: required ones open, each group of others behind its title. */
export function Fields({ schema, path, form }: Omit<FieldProps, 'name' | 'isRequired'>) {
  const all = Object.entries(schema.properties ?? {});
  const isRequired = (name: string) => schema.required?.includes(name) === true;
  const ordered = [
    ...all.filter(([name]) => isRequired(name)),
    ...all.filter(([name, inner]) => !isRequired(name) && !isGroup(inner)),
    ...all.filter(([name, inner]) => !isRequired(name) && isGroup(inner)),
  ];
  return (
    <>
      {ordered.map(([name, inner]) => (
        <Field
          key={name}
          name={name}
          schema={inner}
          path={[...path, name]}
          isRequired={isRequired(name)}
          form={form}
        />
      ))}
    </>
  );
}

function Field(props: FieldProps) {
  const { name, schema, path, isRequired, form } = props;
  if (!isGroup(schema)) return <Single {...props} />;
  const title = schema.title ?? titleOf(name);
  const field = ['spec', ...path].join('.');
  const inside = form.faults.some(
    (fault) => fault.field.startsWith(field) && form.isShown(fault.field),
  );
  const content = (
    <>
      {schema.description !== undefined && <p class="help">{schema.description}</p>}
      <Faults field={field} form={form} />
      {schema.properties === undefined ? (
        <Pairs {...props} />
      ) : (
        <Fields schema={schema} path={path} form={form} />
      )}
    </>
  );
  if (isRequired) {
    return (
      <fieldset>
        <legend>{title}</legend>
        {content}
      </fieldset>
    );
  }
  return (
    <details class="group" open={inside || undefined}>
      <summary>{title}</summary>
      <div role="group" aria-label={title}>
        {content}
      </div>
    </details>
  );
}

function Single({ name, schema, path, isRequired, form }: FieldProps) {
  const field = ['spec', ...path].join('.');
  const value = valueAt(form.spec, path);
  const isLocked = form.isEdit && isFixed(schema);
  const faults = faultsAt(form, field);
  const common = {
    id: field,
    disabled: isLocked,
    'aria-describedby': `${field}-help${faults.length > 0 ? ` ${field}-fault` : ''}`,
    'aria-invalid': faults.length > 0,
    onBlur: () => form.onLeave(field),
  };
  const change = (next: unknown) => form.onChange(withValue(form.spec, path, next), field);
  const fallback = textOf(schema.default);
  return (
    <div class="field">
      <label class="label" for={field}>
        {schema.title ?? titleOf(name)}
        {isRequired && schema.default === undefined && <span class="required"> required</span>}
      </label>
      {schema.enum !== undefined ? (
        <select
          {...common}
          value={textOf(value)}
          onChange={(event) => change(event.currentTarget.value || undefined)}
        >
          <option value="">{fallback === '' ? 'Choose…' : `${fallback} (default)`}</option>
          {schema.enum.map((option) => (
            <option key={String(option)} value={String(option)}>
              {String(option)}
            </option>
          ))}
        </select>
      ) : schema.type === 'boolean' ? (
        <input
          {...common}
          type="checkbox"
          checked={value === undefined ? schema.default === true : value === true}
          onChange={(event) => change(event.currentTarget.checked)}
        />
      ) : schema.type === 'string' || schema.type === 'integer' || schema.type === 'number' ? (
        <input
          {...common}
          type="text"
          inputMode={schema.type === 'string' ? 'text' : 'numeric'}
          autocomplete="off"
          spellcheck={false}
          placeholder={fallback}
          value={textOf(value)}
          onInput={(event) => change(typedIn(schema, event.currentTarget.value))}
        />
      ) : (
        <textarea
          {...common}
          rows={4}
          placeholder="JSON"
          value={textOf(value)}
          onChange={(event) => change(jsonIn(event.currentTarget.value))}
        />
      )}
      <p class="help" id={`${field}-help`}>
        {isLocked &&
          schema.description?.includes('Cannot be changed') !== true &&
          'Cannot be changed. '}
        {schema.description}
        {boundsOf(schema)}
      </p>
      <Faults field={field} form={form} />
    </div>
  );
}

/** A map of texts: a line for each, and an empty one for the next. */
function Pairs({ name, schema, path, form }: FieldProps) {
  const field = ['spec', ...path].join('.');
  const value = valueAt(form.spec, path);
  const pairs = isTree(value) ? Object.entries(value) : [];
  const change = (next: readonly Pair[]) => {
    const kept = next.filter(([key]) => key !== '');
    form.onChange(withValue(form.spec, path, Object.fromEntries(kept)), field);
  };
  return (
    <div class="pairs">
      {[...pairs, ['', ''] as const].map((pair, index) => (
        <PairLine
          key={index}
          pair={pair}
          title={schema.title ?? titleOf(name)}
          number={index + 1}
          onChange={(next) => change(replaced(pairs, index, next))}
          onLeave={() => form.onLeave(field)}
          onRemove={() => change(pairs.filter((_, other) => other !== index))}
        />
      ))}
    </div>
  );
}

interface PairLineProps {
  readonly pair: Pair;
  readonly title: string;
  readonly number: number;
  readonly onChange: (pair: Pair) => void;
  readonly onLeave: () => void;
  readonly onRemove: () => void;
}

/** The key counts once it is left, but its value can be gone to as soon as there is a key: else Tab would pass it by. */
function PairLine({ pair, title, number, onChange, onLeave, onRemove }: PairLineProps) {
  const [key, text] = pair;
  const typed = useSignal(key);
  useEffect(() => {
    typed.value = key;
  }, [key]);
  return (
    <div class="pair">
      <input
        aria-label={`${title}: key ${number}`}
        placeholder="key"
        value={typed.value}
        onInput={(event) => (typed.value = event.currentTarget.value)}
        onChange={(event) => onChange([event.currentTarget.value, text])}
        onBlur={onLeave}
      />
      <input
        aria-label={`${title}: value ${number}`}
        placeholder="value"
        disabled={typed.value === ''}
        value={String(text)}
        onInput={(event) => onChange([key, event.currentTarget.value])}
        onBlur={onLeave}
      />
      {key !== '' && (
        <button type="button" class="quiet" aria-label={`Remove ${key}`} onClick={onRemove}>
          Remove
        </button>
      )}
    </div>
  );
}

type Pair = readonly [string, unknown];

function replaced(pairs: readonly Pair[], index: number, next: Pair): Pair[] {
  return [...pairs.slice(0, index), next, ...pairs.slice(index + 1)];
}

export function Faults({ field, form }: { readonly field: string; readonly form: FormState }) {
  const faults = faultsAt(form, field);
  if (faults.length === 0) return null;
  return (
    <p class="fault" id={`${field}-fault`} tabIndex={-1}>
      {[...new Set(faults.map(({ message }) => message))].join('; ')}
    </p>
  );
}

function faultsAt(form: FormState, field: string): FieldFault[] {
  return form.faults.filter((fault) => fault.field === field && form.isShown(field));
}

/** A value as a field shows it. */
function textOf(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}

function isGroup(schema: FieldSchema): boolean {
  return (
    schema.type === 'object' &&
    (schema.properties !== undefined || isTree(schema.additionalProperties))
  );
}

function typedIn({ type }: FieldSchema, text: string): unknown {
  if (text === '') return undefined;
  if (type === 'string') return text;
  const number = Number(text);
  return Number.isNaN(number) ? text : number;
}

/** What is no JSON stays as it was typed: the API server says what it wants instead. */
function jsonIn(text: string): unknown {
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function boundsOf({ minimum, maximum }: FieldSchema): string {
  return minimum === undefined || maximum === undefined
    ? ''
    : ` From ${minimum.toLocaleString('en')} to ${maximum.toLocaleString('en')}.`;
}
