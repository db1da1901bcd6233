/** The frame of every page: who is signed in, whether the cluster answers, and the page that the address names. */
import { ClaimList } from './claim-list.js';
import { ClaimPage } from './claim-page.js';
import { EditClaim } from './edit-claim.js';
import { cluster, isLive } from './live.js';
import { claimIn, follow, path } from './location.js';
import { NewClaim } from './new-claim.js';
import { Title } from './parts.js';
import { leave, session } from './session.js';
import { SignIn } from './sign-in.js';

export function App() {
  return (
    <>
      <a class="skip" href="#content">
        Skip to the content
      </a>
      <Header />
      <Trouble />
      <main id="content">
        <Page />
      </main>
    </>
  );
}

function Header() {
  const { value: who } = session;
  return (
    <header class="top">
      <a class="brand" href="/" onClick={follow}>
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <rect x="2" y="5" width="9" height="14" rx="2.5" />
          <rect x="13" y="5" width="9" height="14" rx="2.5" />
          <path d="M8 10h8M8 14h8" />
        </svg>
        Payments DR
      </a>
      {who !== null && who !== undefined && (
        <div class="who">
          <span title="Signed in as">{who.user}</span>
          {who.canSignOut && (
            <button type="button" class="quiet" onClick={() => void leave()}>
              Sign out
            </button>
          )}
        </div>
      )}
    </header>
  );
}

function Trouble() {
  const { trouble } = cluster.value;
  if (session.value === null || session.value === undefined) return null;
  if (!isLive.value) {
    return (
      <p class="trouble" role="status">
        The portal does not answer; what you see is as it was. Connecting again…
      </p>
    );
  }
  if (trouble !== '') {
    return (
      <p class="trouble" role="status">
        The cluster does not answer; what you see is as it was. {trouble}
      </p>
    );
  }
  return null;
}

function Page() {
  if (session.value === undefined) return <p class="quiet-note">Opening…</p>;
  if (session.value === null) return <SignIn />;
  const address = path.value;
  if (address === '/') return <ClaimList />;
  if (address === '/new') return <NewClaim />;
  const claim = claimIn(address);
  if (claim?.rest === '') return <ClaimPage key={address} claim={claim.key} />;
  if (claim?.rest === 'edit') return <EditClaim key={address} claim={claim.key} />;
  return (
    <>
      <Title tab="Not found">There is no such page</Title>
      <p>
        <a href="/" onClick={follow}>
          All claims
        </a>
      </p>
    </>
  );
}
