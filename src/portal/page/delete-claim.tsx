/** Asks before a claim is deleted: says what will be lost, and wants its name typed. */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { ClaimView, Refusal } from '../contract.js';
import { deleteClaim, refusalIn } from './api.js';
import { focusTitle, Problem } from './parts.js';

interface DeleteClaimProps {
  readonly claim: ClaimView;
  readonly onClose: () => void;
}

export function DeleteClaim({ claim, onClose }: DeleteClaimProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const typed = useSignal('');
  const isBusy = useSignal(false);
  const refusal = useSignal<Refusal | undefined>(undefined);
  useEffect(() => dialog.current?.showModal(), []);
  const submit = (event: Event) => {
    event.preventDefault();
    if (isBusy.value || typed.value !== claim.name) return;
    isBusy.value = true;
    deleteClaim(claim, claim.uid)
      .then(() => {
        dialog.current?.close();
        focusTitle(); // the button that opened it goes with the claim
      })
      .catch((error: unknown) => (refusal.value = refusalIn(error)))
      .finally(() => (isBusy.value = false));
  };
  return (
    <dialog ref={dialog} onClose={onClose} aria-labelledby="delete-title">
      <form onSubmit={submit}>
        <h2 id="delete-title">Delete {claim.name}?</h2>
        <ul class="losses">
          {claim.losses.map((loss) => (
            <li key={loss}>{loss}.</li>
          ))}
        </ul>
        {refusal.value !== undefined && <Problem refusal={refusal.value} />}
        <label class="field">
          <span class="label">
            Type <code>{claim.name}</code> to delete it
          </span>
          <input
            autocomplete="off"
            spellcheck={false}
            value={typed.value}
            onInput={(event) => (typed.value = event.currentTarget.value)}
          />
        </label>
        <div class="actions">
          <button type="button" onClick={() => dialog.current?.close()}>
            Keep it
          </button>
          <button
            class="danger-solid"
            disabled={typed.value !== claim.name}
            aria-busy={isBusy.value}
          >
            {isBusy.value ? 'Deleting…' : 'Delete for good'}
          </button>
        </div>
      </form>
    </dialog>
  );
}
