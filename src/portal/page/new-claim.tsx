/** A new claim: a form, what the cluster says of it while it is written, and what would be made of it. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Catalogue, CatalogueEntry, FieldFault, Preview, Refusal } from '../contract.js';
import { createClaim, getCatalogue, previewDraft, refusalIn } from './api.js';
import { Faults, Fields, type FormState } from './claim-form.js';
import { boundFaults, type Tree } from './field-value.js';
import { claimPath, follow, go } from './location.js';
import { CopyButton, Problem, Title } from './parts.js';
import { PreviewPane } from './preview-pane.js';
import { endSession } from './session.js';

/** So long after the last key the cluster is asked. */
const PREVIEW_AFTER_MS = 250;

export function NewClaim() {
  const catalogue = useSignal<Catalogue | undefined>(undefined);
  const refusal = useSignal<Refusal | undefined>(undefined);
  const form = useSignal('');
  useEffect(() => {
    getCatalogue().then(
      (found) => {
        catalogue.value = found;
        form.value = found.entries[0]?.form ?? '';
      },
      (error: unknown) => (refusal.value = refusalIn(error)),
    );
  }, []);
  const entry = catalogue.value?.entries.find((one) => one.form === form.value);
  return (
    <>
      <nav aria-label="Where you are">
        <a href="/" onClick={follow}>
          All claims
        </a>
      </nav>
      <div class="page-head">
        <Title tab="New claim">New claim</Title>
      </div>
      {refusal.value !== undefined && <Problem refusal={refusal.value} />}
      {catalogue.value === undefined && refusal.value === undefined && (
        <p class="quiet-note">Reading the schema…</p>
      )}
      {catalogue.value?.entries.length === 0 && (
        <p class="note">
          This cluster does not serve PaymentsDR. Whoever runs the platform can install it: kubectl
          apply -f crds/ -f compositions/
        </p>
      )}
      {catalogue.value !== undefined && entry !== undefined && (
        <>
          {catalogue.value.entries.length > 1 && (
            <fieldset class="forms">
              <legend>Form</legend>
              {catalogue.value.entries.map((one) => (
                <label key={one.form} class={one.form === form.value ? 'chosen' : ''}>
                  <input
                    type="radio"
                    name="form"
                    checked={one.form === form.value}
                    onChange={() => (form.value = one.form)}
                  />
                  <span>
                    <b>{FORM_TITLES[one.form]}</b>
                    <small>{one.apiVersion}</small>
                  </span>
                </label>
              ))}
            </fieldset>
          )}
          <DraftForm key={form.value} entry={entry} namespaces={catalogue.value.namespaces} />
        </>
      )}
    </>
  );
}

const FORM_TITLES = { cluster: 'Claim', namespaced: 'Namespaced, of Crossplane 2' } as const;

interface DraftFormProps {
  readonly entry: CatalogueEntry;
  readonly namespaces: readonly string[];
}

function DraftForm({ entry, namespaces }: DraftFormProps) {
  const name = useSignal('');
  const namespace = useSignal('');
  const spec = useSignal<Tree>({});
  const seen = useSignal<ReadonlySet<string>>(new Set());
  const isAttempted = useSignal(false);
  const isBusy = useSignal(false);
  const preview = useSignal<Preview | undefined>(undefined);
  const refusal = useSignal<Refusal | undefined>(undefined);
  const draft = {
    form: entry.form,
    namespace: namespace.value,
    name: name.value,
    spec: spec.value,
  };
  const written = JSON.stringify(draft);

  useEffect(() => {
    let isCurrent = true;
    const timer = setTimeout(() => {
      previewDraft(draft).then(
        (latest) => {
          if (!isCurrent) return;
          preview.value = latest;
          refusal.value = undefined;
        },
        (error: unknown) => {
          if (isCurrent) refuse(error);
        },
      );
    }, PREVIEW_AFTER_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [written]);

  const refuse = (error: unknown) => {
    const why = refusalIn(error);
    if (why.code === 'PDR2001') endSession(why);
    else refusal.value = why;
  };
  const bounds = [
    ...(name.value === '' ? [missing('metadata.name')] : []),
    ...(namespace.value === '' ? [missing('metadata.namespace')] : []),
    ...boundFaults(entry.schema, spec.value, 'spec'),
  ];
  const faults = [
    ...bounds,
    ...(preview.value?.faults ?? []).filter((fault) => !isSaid(bounds, fault)),
  ];
  const see = (field: string) => (seen.value = new Set([...seen.value, field]));
  const state: FormState = {
    spec: spec.value,
    faults,
    isEdit: false,
    isShown: (field) =>
      isAttempted.value ||
      [...seen.value].some((one) => one === field || one.startsWith(`${field}.`)),
    onChange: (next) => (spec.value = next),
    onLeave: see,
  };
  const apply = (event: Event) => {
    event.preventDefault();
    isAttempted.value = true;
    if (isBusy.value) return;
    if (faults.length > 0) {
      // The field with the first fault, once it is marked.
      setTimeout(() => document.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
      return;
    }
    isBusy.value = true;
    createClaim(draft)
      .then(() => go(claimPath(draft)))
      .catch(refuse)
      .finally(() => (isBusy.value = false));
  };
  const elsewhere = faults.filter(({ field }) => field === '');
  const yaml = () => preview.value?.yaml ?? '';
  return (
    <form class="writing" onSubmit={apply} noValidate>
      <div class="writing-form card">
        <p class="help">{entry.description}</p>
        <Named label="Name" field="metadata.name" value={name} form={state} />
        <Named
          label="Namespace"
          field="metadata.namespace"
          value={namespace}
          form={state}
          options={namespaces}
        />
        <Fields schema={entry.schema} path={[]} form={state} />
      </div>
      <div class="writing-side">
        <div class="actions">
          <button class="primary" disabled={isBusy.value}>
            {isBusy.value ? 'Applying…' : 'Apply'}
          </button>
          <CopyButton
            kind=""
            text={yaml}
            label="Copy as YAML"
            disabled={preview.value === undefined}
          />
          <CopyButton
            kind=""
            text={() => pullRequestOf(draft.name, draft.namespace, preview.value)}
            label="Copy as pull request"
            disabled={preview.value === undefined}
          />
        </div>
        {elsewhere.length > 0 && (
          <p class="fault" role="alert">
            {elsewhere.map(({ message }) => message).join('; ')}
          </p>
        )}
        {refusal.value !== undefined && <Problem refusal={refusal.value} />}
        {isAttempted.value && faults.length > 0 && (
          <p class="fault" role="alert">
            {faults.length === 1 ? 'One field wants' : `${faults.length} fields want`} another look.
          </p>
        )}
        <PreviewPane preview={preview.value} />
      </div>
    </form>
  );
}

interface NamedProps {
  readonly label: string;
  readonly field: string;
  readonly value: { value: string };
  readonly form: FormState;
  readonly options?: readonly string[];
}

function Named({ label, field, value, form, options = [] }: NamedProps) {
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
        value={value.value}
        onInput={(event) => (value.value = event.currentTarget.value)}
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
