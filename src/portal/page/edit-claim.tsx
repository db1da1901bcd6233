/** An edit: the form filled with what the claim says, the difference that it would make, and only then the change. */
import { useSignal } from '@preact/signals';
import type { CatalogueEntry, ClaimKey, FieldChange, Manifest } from '../contract.js';
import { applyEdit, getCatalogue, getManifest, previewEdit } from './api.js';
import { Fields, type FormState } from './claim-form.js';
import { boundFaults, placed, rebased, type Tree } from './field-value.js';
import { claimPath, follow, go } from './location.js';
import { focusTitle, NotServed } from './parts.js';
import { useLoaded, useOnce, useVerdict, Writing, WritingPage } from './writing.js';

export function EditClaim({ claim }: { readonly claim: ClaimKey }) {
  const { loaded, refusal, reload } = useLoaded(() =>
    Promise.all([getManifest(claim), getCatalogue()]),
  );
  const [manifest, catalogue] = loaded.value ?? [];
  /** What is written, when the claim is read again because somebody else has changed it. */
  const written = useSignal<Written | undefined>(undefined);
  const entry = catalogue?.entries.find(({ form }) => form === claim.form);
  return (
    <WritingPage
      title={`Edit ${claim.name}`}
      back={{ to: claimPath(claim), label: claim.name }}
      refusal={refusal.value}
      isLoading={manifest === undefined}
    >
      {manifest !== undefined && entry === undefined && <NotServed />}
      {manifest !== undefined && entry !== undefined && (
        <EditForm
          key={manifest.generation}
          claim={claim}
          manifest={manifest}
          entry={entry}
          written={written.value}
          onReload={(mine) => {
            written.value = mine;
            reload();
            focusTitle();
          }}
        />
      )}
    </WritingPage>
  );
}

/** An edit that was begun: what it is of, and what has become of it. */
interface Written {
  readonly base: Tree;
  readonly spec: Tree;
}

interface EditFormProps {
  readonly claim: ClaimKey;
  readonly manifest: Manifest;
  readonly entry: CatalogueEntry;
  readonly written: Written | undefined;
  readonly onReload: (written: Written) => void;
}

function EditForm({ claim, manifest, entry, written, onReload }: EditFormProps) {
  const base = manifest.spec;
  const spec = useSignal<Tree>(
    written === undefined ? base : rebased(written.base, written.spec, base),
  );
  const edit = { generation: manifest.generation, spec: spec.value };
  const text = JSON.stringify(spec.value);
  const { latest, refusal } = useVerdict(text, () => previewEdit(claim, edit));
  const { isBusy, once } = useOnce(refusal);
  const { changes, faults: told } = latest.value?.says ?? { changes: [], faults: [] };
  const faults = [...boundFaults(entry.schema, spec.value, 'spec'), ...placed(told, entry.schema)];
  const state: FormState = {
    spec: spec.value,
    faults,
    isEdit: true,
    isShown: () => true,
    onChange: (next) => (spec.value = next),
    onLeave: () => undefined,
  };
  /** Nothing but the difference that is on screen can be applied. */
  const canApply = latest.value?.of === text && faults.length === 0 && changes.length > 0;
  const apply = () => {
    if (canApply) once(() => applyEdit(claim, edit).then(() => go(claimPath(claim), true)));
  };
  return (
    <Writing
      onSubmit={apply}
      fields={<Fields schema={entry.schema} path={[]} form={state} />}
      actions={
        <>
          <button class="primary" disabled={!canApply} aria-busy={isBusy.value}>
            {isBusy.value ? 'Applying…' : 'Apply these changes'}
          </button>
          {refusal.value?.code === 'PDR2005' && (
            <button type="button" onClick={() => onReload({ base, spec: spec.value })}>
              Make the changes to it as it is now
            </button>
          )}
          <a class="button" href={claimPath(claim)} onClick={follow}>
            Cancel
          </a>
        </>
      }
      faults={faults}
      refusal={refusal.value}
    >
      <section class="card" aria-labelledby="changes" aria-live="polite">
        <h2 id="changes">What changes</h2>
        {changes.length === 0 ? (
          <p class="quiet-note">Nothing yet.</p>
        ) : (
          <ul class="changes">
            {changes.map((change) => (
              <Change key={change.field} change={change} />
            ))}
          </ul>
        )}
      </section>
    </Writing>
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
