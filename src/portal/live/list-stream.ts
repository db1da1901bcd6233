/** The list of claims, live, to one page: everything the caller may list, then each change of it. */
import { CLAIM_API } from '../../model/claim/api.js';
import { FORMS, type Form } from '../../model/managed/kind.js';
import type { ListEvents } from '../contract.js';
import type { EventStream } from '../http/event-stream.js';
import type { Access } from '../session/access.js';
import type { Caller } from '../session/callers.js';
import { CLAIM_TYPES, isForm } from './claim-kinds.js';
import type { ListFeed, ListPage, Scope } from './list-feed.js';
import { keepStream, type LiveContext } from './live-context.js';

export function streamList(
  context: LiveContext & { readonly feed: ListFeed },
  caller: Caller,
  stream: EventStream<ListEvents>,
): void {
  const { access, feed } = context;
  /** Undefined until the caller's rights are known. */
  let scopes: ReadonlySet<Scope> | undefined;
  let hidden: ReadonlySet<Scope> = new Set();
  const missed = new Set<string>();

  const refresh = async () => {
    const all = feed.scopes;
    const visible = new Set(await visibleScopes(access, caller, all));
    hidden = new Set(all.filter((scope) => !visible.has(scope)));
    const before = scopes;
    scopes = visible;
    // Rights that are as they were need no second telling: what changed in between was told as it happened.
    if (before?.size === visible.size && [...visible].every((scope) => before.has(scope))) return;
    await stream.onceCaughtUp();
    stream.sendFrame(feed.whole(visible));
  };
  const { guarded } = keepStream(context, stream, refresh);

  const page: ListPage = {
    get scopes() {
      return scopes ?? new Set<Scope>();
    },
    get hidden() {
      return hidden;
    },
    get isBehind() {
      return stream.isBehind;
    },
    send: (frame) => stream.sendFrame(frame),
    miss: (keys) => {
      const isFirst = missed.size === 0;
      for (const key of keys) missed.add(key);
      if (!isFirst) return;
      void stream.onceCaughtUp().then(() => {
        const frame = feed.changed(missed, page.scopes);
        missed.clear();
        if (frame !== undefined) stream.sendFrame(frame);
      });
    },
    askAgain: () => {
      if (scopes !== undefined) void guarded(refresh);
    },
  };
  stream.onClose(feed.join(page));
}

/** Throws where the cluster no longer knows the caller, even where there is nothing to show. */
async function visibleScopes(
  access: Access,
  caller: Caller,
  scopes: readonly Scope[],
): Promise<readonly Scope[]> {
  const everywhere = new Map<string, boolean>();
  for (const form of FORMS) everywhere.set(form, await access.may(caller, questionOf(form)));
  const visible = await Promise.all(
    scopes.map(async (scope) => {
      const [form = '', namespace = ''] = scope.split('/');
      if (!isForm(form)) return [];
      const isVisible =
        everywhere.get(form) === true ||
        (await access.may(caller, { ...questionOf(form), namespace }));
      return isVisible ? [scope] : [];
    }),
  );
  return visible.flat();
}

function questionOf(form: Form) {
  return { verb: 'list', group: CLAIM_API[form].group, resource: CLAIM_TYPES[form].plural };
}
