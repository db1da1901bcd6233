/** One claim, live: itself and its resources as they change, and what CloudWatch says of its regions. */
import { PdrError } from '../../support/errors.js';
import type { RegionPolls } from '../aws/region-polls.js';
import { claimViewOf, mayOnClaim } from '../claims/claim-view.js';
import type { ClaimEvents, ClaimKey } from '../contract.js';
import type { EventStream } from '../http/event-stream.js';
import { refusalOf } from '../http/refusal.js';
import type { Caller } from '../session/callers.js';
import { formatClaimKey } from './claim-kinds.js';
import { Gathered } from './gathered.js';
import { keepStream, type LiveContext } from './live-context.js';

export function streamClaim(
  context: LiveContext & { readonly polls: RegionPolls | undefined },
  caller: Caller,
  key: ClaimKey,
  stream: EventStream<ClaimEvents>,
): void {
  const { watch, clock, polls } = context;
  let stopPolling: (() => void) | undefined;

  const refresh = async () => {
    await checkMayRead(context, caller, key);
    const claim = watch.claim(key);
    if (claim === undefined) {
      if (watch.state.trouble === '') stream.send('gone', refusalOf(noSuchClaim(key)));
      return;
    }
    stream.send('claim', await claimViewOf(context, caller, key, claim));
    if (!stream.isOpen || stopPolling !== undefined) return;
    stopPolling = polls?.follow(key, (regions) => stream.send('regions', regions));
  };
  const { signal, guarded } = keepStream(context, stream, refresh);

  const changes = new Gathered<string>(clock, signal, () => guarded(refresh));
  const formatted = formatClaimKey(key);
  const stopWatching = watch.onClaim((changed) => {
    if (changed === formatted) changes.add(changed);
  });
  stream.onClose(() => {
    stopWatching();
    stopPolling?.();
  });
}

/** Throws PDR2002. */
export async function checkMayRead(
  context: Pick<LiveContext, 'access'>,
  caller: Caller,
  key: ClaimKey,
): Promise<void> {
  if (await mayOnClaim(context, caller, 'get', key)) return;
  throw new PdrError('PDR2002', {
    subject: `${key.namespace}/${key.name}`,
    detail: `you cannot get paymentsdrs in the namespace ${JSON.stringify(key.namespace)}`,
  });
}

export function noSuchClaim({ namespace, name }: ClaimKey): PdrError {
  return new PdrError('PDR2004', { subject: `${namespace}/${name}` });
}
