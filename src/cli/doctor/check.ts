/** One thing that was looked at. */
export interface Check {
  readonly what: string;
  /** `missing`: claims do not work without it. `warning`: they do, but something will be amiss. */
  readonly state: 'ok' | 'warning' | 'missing';
  readonly found: string;
  /** The command that mends it, or what else to do. */
  readonly mend?: string;
}

/** Whoever asks may not see it: that says nothing about whether it is there. */
export function unseen(what: string): Check {
  return { what, state: 'warning', found: 'you may not see it: ask who runs the cluster' };
}

export function check(
  what: string,
  isFine: boolean,
  found: string,
  mend: string,
  otherwise: 'warning' | 'missing' = 'missing',
): Check {
  return isFine ? { what, state: 'ok', found } : { what, state: otherwise, found, mend };
}
