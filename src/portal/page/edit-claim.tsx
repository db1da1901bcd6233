/** An edit: the form filled with what the claim says, the difference that it would make, and only then the change. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type {
  CatalogueEntry,
  ClaimKey,
  EditPreview,
  FieldChange,
  Manifest,
  Refusal,
} from '../contract.js';
import { applyEdit, getCatalogue, getManifest, previewEdit, refusalIn } from './api.js';
import { Fields, type FormState } from './claim-form.js';
import { boundFaults, type Tree } from './field-value.js';
import { claimPath, follow, go } from './location.js';
import { Problem, Title } from './parts.js';
import { endSession } from './session.js';

const PREVIEW_AFTER_MS = 250;

export function EditClaim({ claim }: { readonly claim: ClaimKey }) {
  const manifest = useSignal<Manifest | undefined>(undefined);
  const entry = useSignal<CatalogueEntry | undefined>(undefined);
  const refusal = useSignal<Refusal | undefined>(undefined);
  const load = () => {
    refusal.value = undefined;
    manifest.value = undefined;
    Promise.all([getManifest(claim), getCatalogue()]).then(
      ([found, catalogue]) => {
        manifest.value = found;
        entry.value = catalogue.entries.find(({ form }) => form === claim.form);
      },
      (error: unknown) => {
        const why = refusalIn(error);
        if (why.code === 'PDR2001') endSession(why);
        else refusal.value = why;
      },
    );
  };
  useEffect(load, []);
  return (
    <>
      <nav aria-label="Where you are">
        <a href={claimPath(claim)} onClick={follow}>
          {claim.name}
        </a>
      </nav>
      <div class="page-head">
        <Title tab={`Edit ${claim.name}`}>Edit {claim.name}</Title>
      </div>
      {refusal.value !== undefined && <Problem refusal={refusal.value} />}
      {manifest.value !== undefined && entry.value !== undefined && (
        <EditForm
          key={manifest.value.resourceVersion}
          claim={claim}
          manifest={manifest.value}
          entry={entry.value}
          onReload={load}
        />
      )}
    </>
  );
}

interface EditFormProps {
  readonly claim: ClaimKey;
  readonly manifest: Manifest;
  readonly entry: CatalogueEntry;
  readonly onReload: () => void;
}

function EditForm({ claim, manifest, entry, onReload }: EditFormProps) {
  const spec = useSignal<Tree>(manifest.spec);
  const preview = useSignal<EditPreview>({ changes: [], faults: [] });
  /** Of which spec the difference on screen is: nothing else can be applied. */
  const previewed = useSignal('');
  const refusal = useSignal<Refusal | undefined>(undefined);
  const isBusy = useSignal(false);
  const written = JSON.stringify(spec.value);
  const edit = { resourceVersion: manifest.resourceVersion, spec: spec.value };

  const refuse = (error: unknown) => {
    const why = refusalIn(error);
    if (why.code === 'PDR2001') endSession(why);
    else refusal.value = why;
  };
  useEffect(() => {
    let isCurrent = true;
    const timer = setTimeout(() => {
      previewEdit(claim, edit).then(
        (latest) => {
          if (!isCurrent) return;
          preview.value = latest;
          previewed.value = written;
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

  const bounds = boundFaults(entry.schema, spec.value, 'spec');
  const faults = [...bounds, ...preview.value.faults];
  const state: FormState = {
    spec: spec.value,
    faults,
    isEdit: true,
    isShown: () => true,
    onChange: (next) => (spec.value = next),
    onLeave: () => undefined,
  };
  const isKnown = previewed.value === written;
  const canApply = isKnown && faults.length === 0 && preview.value.changes.length > 0;
  const apply = (event: Event) => {
    event.preventDefault();
    if (!canApply || isBusy.value) return;
    isBusy.value = true;
    applyEdit(claim, edit)
      .then(() => go(claimPath(claim)))
      .catch(refuse)
      .finally(() => (isBusy.value = false));
  };
  return (
    <form class="writing" onSubmit={apply} noValidate>
      <div class="writing-form card">
        <Fields schema={entry.schema} path={[]} form={state} />
      </div>
      <div class="writing-side">
        <div class="actions">
          <button class="primary" disabled={!canApply || isBusy.value}>
            {isBusy.value ? 'Applying…' : 'Apply these changes'}
          </button>
          {refusal.value?.code === 'PDR2005' && (
            <button type="button" onClick={onReload}>
              Look at it as it is now
            </button>
          )}
          <a class="button" href={claimPath(claim)} onClick={follow}>
            Cancel
          </a>
        </div>
        <section class="card" aria-labelledby="changes" aria-live="polite">
          <h2 id="changes">What changes</h2>
          {preview.value.changes.length === 0 ? (
            <p class="quiet-note">Nothing yet.</p>
          ) : (
            <ul class="changes">
              {preview.value.changes.map((change) => (
                <Change key={change.field} change={change} />
              ))}
            </ul>
          )}
        </section>
        {faults
          .filter(({ field }) => field === '')
          .map(({ message }) => (
            <p key={message} class="fault" role="alert">
              {message}
            </p>
          ))}
        {refusal.value !== undefined && <Problem refusal={refusal.value} />}
      </div>
    </form>
  );
}

function Change({ change: { field, before, after } }: { readonly change: FieldChange }) {
  return (
    <li>
      <code>{field}</code>
      {before !== undefined && (
        <del>
          <span class="unseen">before: </span>
          {shown(before)}
        </del>
      )}
      {after !== undefined && (
        <ins>
          <span class="unseen">after: </span>
          {shown(after)}
        </ins>
      )}
    </li>
  );
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
