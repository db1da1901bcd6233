/** Calls to the portal's server. Whatever goes wrong comes as a `Refused`, which says what to do. */
import type {
  Catalogue,
  ClaimKey,
  Draft,
  Edit,
  EditPreview,
  Events,
  Manifest,
  PaymentResult,
  Preview,
  Refusal,
  SessionView,
} from '../contract.js';

export class Refused extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.message);
  }
}

const UNREACHABLE: Refusal = {
  code: 'offline',
  message: 'The portal does not answer.',
  remedy: 'Check that it runs and that you are connected; this page tries again by itself.',
  retryable: true,
  causes: [],
};

/** `null`: nobody is signed in. */
export const getSession = () => call<SessionView | null>('GET', '/api/session');
export const signIn = (credential: { readonly token: string } | { readonly ticket: string }) =>
  call<SessionView>('POST', '/api/session', credential);
export const signOut = () => call('DELETE', '/api/session', {});
export const getCatalogue = () => call<Catalogue>('GET', '/api/catalogue');
export const previewDraft = (draft: Draft) => call<Preview>('POST', '/api/preview', draft);
export const createClaim = (draft: Draft) => call('POST', '/api/claims', draft);
export const getManifest = (key: ClaimKey) => call<Manifest>('GET', claimUrl(key));
export const getEvents = (key: ClaimKey) => call<Events>('GET', claimUrl(key, '/events'));
export const previewEdit = (key: ClaimKey, edit: Edit) =>
  call<EditPreview>('POST', claimUrl(key, '/changes'), edit);
export const applyEdit = (key: ClaimKey, edit: Edit) => call('PUT', claimUrl(key), edit);
export const deleteClaim = (key: ClaimKey, uid: string) => call('DELETE', claimUrl(key), { uid });
export const sendPayment = (key: ClaimKey, site: string) =>
  call<PaymentResult>('POST', claimUrl(key, '/payments'), { site });

export function claimUrl({ form, namespace, name }: ClaimKey, rest = ''): string {
  return `/api/claims/${form}/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}${rest}`;
}

/** What the page shows of a failure of any kind. */
export function refusalIn(error: unknown): Refusal {
  if (error instanceof Refused) return error.refusal;
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'page', message, remedy: 'Reload the page.', retryable: true, causes: [] };
}

async function call<T>(method: string, url: string, body?: unknown): Promise<T> {
  const response = await fetch(url, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  }).catch(() => {
    throw new Refused(UNREACHABLE);
  });
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok) return answer as T;
  // A proxy in between answers in its own words.
  throw new Refused(isRefusal(answer) ? answer : { ...UNREACHABLE, code: String(response.status) });
}

function isRefusal(answer: unknown): answer is Refusal {
  return typeof answer === 'object' && answer !== null && 'remedy' in answer;
}
