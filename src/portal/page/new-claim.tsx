/** A new claim: a form, what the cluster says of it while it is written, and what would be made of it. */
import { signal, useSignal } from '@preact/signals';
import type { CatalogueEntry, FieldFault, Preview } from '../contract.js';
import { createClaim, getCatalogue, previewDraft } from './api.js';
import { Faults, Fields, type FormState } from './claim-form.js';
import { boundFaults, placed, type Tree } from './field-value.js';
import { claimPath, go } from './location.js';
import { CopyButton, NotServed } from './parts.js';
import { PreviewPane } from './preview-pane.js';
import { useLoaded, useOnce, useVerdict, Writing, WritingPage } from './writing.js';

interface Unfinished {
  readonly name: string;
  readonly namespace: string;
  readonly spec: Tree;
}

const EMPTY: Unfinished = { name: '', namespace: '', spec: {} };
/** What is written and not applied outlasts the page: a session that ends in the middle loses nobody's work. */
const unfinished = signal(EMPTY);

export function NewClaim() {
  const { loaded, refusal } = useLoaded(getCatalogue);
  const chosen = useSignal<string | undefined>(undefined);
  const { entries = [], namespaces = [] } = loaded.value ?? {};
  const entry = entries.find(({ form }) => form === chosen.value) ?? entries[0];
  return (
    <WritingPage
      title="New claim"
      back={{ to: '/', label: 'All claims' }}
      refusal={refusal.value}
      isLoading={loaded.value === undefined}
    >
      {loaded.value !== undefined && entry === undefined && <NotServed />}
      {entries.length > 1 && (
        <fieldset class="forms">
          <legend>Form</legend>
          {entries.map((one) => (
            <label key={one.form} class={one === entry ? 'chosen' : ''}>
              <input
                type="radio"
                name="form"
                checked={one === entry}
                onChange={() => (chosen.value = one.form)}
              />
              <span>
                <b>{FORM_TITLES[one.form]}</b>
                <small>{one.apiVersion}</small>
              </span>
            </label>
          ))}
        </fieldset>
      )}
      {entry !== undefined && <DraftForm key={entry.form} entry={entry} namespaces={namespaces} />}
    </WritingPage>
  );
}

const FORM_TITLES = { cluster: 'Claim', namespaced: 'Namespaced, of Crossplane 2' } as const;

/** A field, or what is said of a group of them. */
const FIRST_FAULT = '[aria-invalid="true"], .writing-form .fault';

interface DraftFormProps {
  readonly entry: CatalogueEntry;
  readonly namespaces: readonly string[];
}

function DraftForm({ entry, namespaces }: DraftFormProps) {
  const seen = useSignal<ReadonlySet<string>>(new Set());
  const isAttempted = useSignal(false);
  const { name, namespace, spec } = unfinished.value;
  const change = (next: Partial<Unfinished>) =>
    (unfinished.value = { ...unfinished.value, ...next });
  const draft = { form: entry.form, namespace, name, spec };
  const { latest, refusal } = useVerdict(JSON.stringify(draft), () => previewDraft(draft));
  const { isBusy, once } = useOnce(refusal);
  const preview = latest.value?.says;
  const bounds = [
    ...(name === '' ? [missing('metadata.name')] : []),
    ...(namespace === '' ? [missing('metadata.namespace')] : []),
    ...boundFaults(entry.schema, spec, 'spec'),
  ];
  const told = placed(preview?.faults ?? [], entry.schema);
  const faults = [...bounds, ...told.filter((fault) => !isSaid(bounds, fault))];
  const state: FormState = {
    spec,
    faults,
    isEdit: false,
    isShown: (field) =>
      isAttempted.value ||
      [...seen.value].some((one) => one === field || one.startsWith(`${field}.`)),
    onChange: (next) => change({ spec: next }),
    onLeave: (field) => (seen.value = new Set([...seen.value, field])),
  };
  const apply = () => {
    isAttempted.value = true;
    if (faults.length > 0) {
      // The field with the first fault, once it is marked.
      setTimeout(() => document.querySelector<HTMLElement>(FIRST_FAULT)?.focus());
      return;
    }
    once(() =>
      createClaim(draft).then(() => {
        unfinished.value = EMPTY;
        go(claimPath(draft), true);
      }),
    );
  };
  return (
    <Writing
      onSubmit={apply}
      fields={
        <>
          <p class="help">{entry.description}</p>
          <Named
            label="Name"
            field="metadata.name"
            value={name}
            onChange={(text) => change({ name: text })}
            form={state}
          />
          <Named
            label="Namespace"
            field="metadata.namespace"
            value={namespace}
            onChange={(text) => change({ namespace: text })}
            form={state}
            options={namespaces}
          />
          <Fields schema={entry.schema} path={[]} form={state} />
        </>
      }
      actions={
        <>
          <button class="primary" aria-busy={isBusy.value}>
            {isBusy.value ? 'Applying…' : 'Apply'}
          </button>
          <CopyButton
            kind=""
            text={() => preview?.yaml ?? ''}
            label="Copy as YAML"
            disabled={preview === undefined}
          />
          <CopyButton
            kind=""
            text={() => pullRequestOf(name, namespace, preview)}
            label="Copy as pull request"
            disabled={preview === undefined}
          />
          {unfinished.value !== EMPTY && (
            <button type="button" class="quiet" onClick={() => (unfinished.value = EMPTY)}>
              Start over
            </button>
          )}
        </>
      }
      faults={faults}
      refusal={refusal.value}
    >
      {isAttempted.value && faults.length > 0 && (
        <p class="fault" role="alert">
          {faults.length === 1 ? 'One field wants' : `${faults.length} fields want`} another look.
        </p>
      )}
      <PreviewPane preview={preview} />
    </Writing>
  );
}

interface NamedProps {
  readonly label: string;
  readonly field: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly form: FormState;
  readonly options?: readonly string[];
}

function Named({ label, field, value, onChange, form, options = [] }: NamedProps) {
  const isFaulty = form.isShown(field) && form.faults.some((fault) => fault.field === field);
  return (
    <div class="field">
      <label class="label" for={field}>
        {label}
        <span class="required"> required</span>
      </label>
      <input
        id={field}
        autocomplete="off"
        spellcheck={false}
        list={options.length > 0 ? `${field}-options` : undefined}
        aria-invalid={isFaulty}
        aria-describedby={isFaulty ? `${field}-fault` : undefined}
        value={value}
        onInput={(event) => onChange(event.currentTarget.value)}
        onBlur={() => form.onLeave(field)}
      />
      {options.length > 0 && (
        <datalist id={`${field}-options`}>
          {options.map((option) => (
            <option key={option} value={option} />
          ))}
        </datalist>
      )}
      <Faults field={field} form={form} />
    </div>
  );
}

function missing(field: string): FieldFault {
  return { field, message: 'this has to be filled in' };
}

/** The API server says again of a field, or of the object around it, what the bounds said already. */
function isSaid(bounds: readonly FieldFault[], { field }: FieldFault): boolean {
  return bounds.some((bound) => bound.field === field || bound.field.startsWith(`${field}.`));
}

function pullRequestOf(name: string, namespace: string, preview: Preview | undefined): string {
  const resources = preview?.resources ?? [];
  return [
    `Add the payments service ${name} in ${namespace}`,
    '',
    `Adds a PaymentsDR claim: write it to \`claims/${namespace}/${name}.yaml\`.`,
    '',
    '```yaml',
    (preview?.yaml ?? '').trimEnd(),
    '```',
    ...(resources.length === 0 ? [] : ['', `It makes ${resources.length} resources in AWS:`, '']),
    ...resources.map((resource) => `- ${resource.kind} \`${resource.name}\` (${resource.region})`),
    '',
  ].join('\n');
}
