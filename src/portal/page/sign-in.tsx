/** Signing in with a bearer token, where no proxy passes one and no link was used. */
import { useSignal } from '@preact/signals';
import { refusalIn } from './api.js';
import { Problem, Title } from './parts.js';
import { signInRefusal, signInWith } from './session.js';

export function SignIn() {
  const token = useSignal('');
  const isBusy = useSignal(false);
  const submit = (event: Event) => {
    event.preventDefault();
    if (isBusy.value) return;
    isBusy.value = true;
    signInWith(token.value)
      .catch((error: unknown) => (signInRefusal.value = refusalIn(error)))
      .finally(() => (isBusy.value = false));
  };
  return (
    <form class="sign-in card" onSubmit={submit}>
      <Title tab="Sign in">Sign in</Title>
      {signInRefusal.value !== undefined && <Problem refusal={signInRefusal.value} />}
      <p>
        You see and do here what your own account in the cluster may. Sign in with its bearer token:
      </p>
      <label class="field">
        <span class="label">Token</span>
        <input
          type="password"
          autocomplete="off"
          required
          value={token.value}
          onInput={(event) => (token.value = event.currentTarget.value)}
        />
      </label>
      <button class="primary" aria-busy={isBusy.value}>
        {isBusy.value ? 'Signing in…' : 'Sign in'}
      </button>
      <p class="hint">
        A service account’s: <code>kubectl create token NAME -n NAMESPACE</code>
        <br />
        The local platform’s:{' '}
        <code>kubectl config view --raw -o jsonpath='{'{.users[0].user.token}'}'</code>
      </p>
    </form>
  );
}
