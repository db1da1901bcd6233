/** The list of claims, live: everything the caller may list, then each change of it. */
import { CLAIM_API } from '../../model/claim/api.js';
import { FORMS, type Form } from '../../model/managed/kind.js';
import type { ClaimKey, ClaimRow, ListEvents } from '../contract.js';
import { claimRowOf } from '../claims/claim-row.js';
import type { EventStream } from '../http/event-stream.js';
import type { Access } from '../session/access.js';
import type { Caller } from '../session/callers.js';
import { CLAIM_TYPES, formatClaimKey, isForm } from './claim-kinds.js';
import { Gathered } from './gathered.js';
import { keepStream, type LiveContext } from './live-context.js';

export function streamList(
  context: LiveContext,
  caller: Caller,
  stream: EventStream<ListEvents>,
): void {
  const { watch, access, clock } = context;
  let shown: ReadonlySet<string> | undefined;

  const refresh = async () => {
    const claims = await visibleClaims(context, caller);
    const keys = new Set(claims.map(formatClaimKey));
    // Rights that are as they were need no second telling: what changed in between was told as it happened.
    const before = shown;
    const isSame = before?.size === keys.size && [...keys].every((key) => before.has(key));
    shown = keys;
    if (!isSame) stream.send('claims', claims);
  };
  const { signal, guarded } = keepStream(context, stream, refresh);

  const changes = new Gathered<string>(clock, signal, (keys) =>
    guarded(async () => {
      const rows: ClaimRow[] = [];
      const gone: string[] = [];
      for (const key of keys) {
        const parsed = parseKey(key);
        const claim = watch.claim(parsed);
        if (claim === undefined) gone.push(key);
        else if (await mayList(access, caller, parsed.form, parsed.namespace)) {
          rows.push(claimRowOf(parsed.form, claim));
        }
      }
      const shownKeys = new Set(shown);
      for (const key of gone) shownKeys.delete(key);
      for (const row of rows) shownKeys.add(formatClaimKey(row));
      shown = shownKeys;
      if (rows.length + gone.length > 0) stream.send('changed', { rows, gone });
    }),
  );
  stream.onClose(watch.onClaim((key) => changes.add(key)));
}

export async function mayList(
  access: Access,
  caller: Caller,
  form: Form,
  namespace: string,
): Promise<boolean> {
  const question = questionOf(form);
  return (await access.may(caller, question)) || access.may(caller, { ...question, namespace });
}

function questionOf(form: Form) {
  return { verb: 'list', group: CLAIM_API[form].group, resource: CLAIM_TYPES[form].plural };
}

async function visibleClaims({ watch, access }: LiveContext, caller: Caller): Promise<ClaimRow[]> {
  const ofForm = await Promise.all(
    FORMS.map(async (form) => {
      const claims = watch.claims(form);
      // Asked even where there is nothing to show: a caller whom the cluster no longer knows has to hear of it.
      await access.may(caller, questionOf(form));
      const namespaces = [...new Set(claims.map(({ metadata }) => metadata.namespace ?? ''))];
      const visible = new Set<string>();
      await Promise.all(
        namespaces.map(async (namespace) => {
          if (await mayList(access, caller, form, namespace)) visible.add(namespace);
        }),
      );
      return claims
        .filter(({ metadata }) => visible.has(metadata.namespace ?? ''))
        .map((claim) => claimRowOf(form, claim));
    }),
  );
  return ofForm.flat();
}

function parseKey(key: string): ClaimKey {
  const [form = '', namespace = '', name = ''] = key.split('/');
  return { form: isForm(form) ? form : 'cluster', namespace, name };
}
