/** One claim, live: itself and its resources as they change, and what CloudWatch says of its regions. */
import { PdrError } from '../../support/errors.js';
import type { RegionPolls } from '../aws/region-polls.js';
import { mayOnClaim, rightsOn } from '../claims/claim-view.js';
import type { ClaimEvents, ClaimKey } from '../contract.js';
import type { EventStream } from '../http/event-stream.js';
import { refusalOf } from '../http/refusal.js';
import type { Caller } from '../session/callers.js';
import { formatClaimKey } from './claim-kinds.js';
import type { ClaimViews } from './claim-views.js';
import { Gathered } from './gathered.js';
import { keepStream, type LiveContext } from './live-context.js';

interface ClaimContext extends LiveContext {
  readonly views: ClaimViews;
  readonly polls: RegionPolls | undefined;
}

export function streamClaim(
  context: ClaimContext,
  caller: Caller,
  key: ClaimKey,
  stream: EventStream<ClaimEvents>,
): void {
  const { watch, access, clock, polls, views } = context;
  let shown: Buffer | undefined;
  let stopPolling: (() => void) | undefined;

  const refresh = async () => {
    await checkMayRead(context, caller, key);
    const rights = await rightsOn(access, caller, key);
    await stream.onceCaughtUp();
    const frame = views.frameOf(key, rights);
    if (frame === undefined) {
      if (watch.state.trouble === '') stream.send('gone', refusalOf(noSuchClaim(key)));
      return;
    }
    if (frame !== shown) stream.sendFrame(frame);
    shown = frame;
    if (!stream.isOpen || stopPolling !== undefined) return;
    stopPolling = polls?.follow(key, (regions) => {
      if (!stream.isBehind) stream.send('regions', regions); // the next poll tells how it is then
    });
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
    views.forget(key);
  });
}

/** Throws PDR2002. */
export async function checkMayRead(
  { access }: Pick<LiveContext, 'access'>,
  caller: Caller,
  key: ClaimKey,
): Promise<void> {
  if (await mayOnClaim(access, caller, 'get', key)) return;
  throw new PdrError('PDR2002', {
    subject: `${key.namespace}/${key.name}`,
    detail: `you cannot get paymentsdrs in the namespace ${JSON.stringify(key.namespace)}`,
  });
}

export function noSuchClaim({ namespace, name }: ClaimKey): PdrError {
  return new PdrError('PDR2004', { subject: `${namespace}/${name}` });
}
