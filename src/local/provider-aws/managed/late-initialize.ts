/** Phase: fields that the specification leaves open and AWS has filled are written into it. */
import type { Present } from '../external/external.js';
import type { Round } from './round.js';

export function lateInitialize(round: Round, { defaults }: Present<Record<string, unknown>>): void {
  if (defaults === undefined || !round.policy.allows('LateInitialize')) return;
  const { initProvider = {} } = round.resource.spec ?? {};
  const open = Object.entries(round.known({ ...defaults })).filter(
    ([field]) => round.forProvider[field] === undefined && initProvider[field] === undefined,
  );
  if (open.length === 0) return;
  round.editSpec({ forProvider: { ...round.forProvider, ...Object.fromEntries(open) } });
}
