/** Words for what the cluster says in its own. */
import { PAUSED } from '../../model/conditions.js';
import type { ClaimRow, ConditionView } from '../contract.js';

export type Health = 'good' | 'waiting' | 'bad' | 'unknown';

/** The unit at the end of a field's name, which its title says in brackets. */
const UNITS: Readonly<Record<string, string>> = { MiB: 'MiB', Seconds: 'seconds' };
/** Written in capitals. */
const ABBREVIATIONS = new Set(['kms', 'arn', 'arns', 'id']);

/** `memorySizeMiB` → `Memory size (MiB)`. */
export function titleOf(field: string): string {
  const unit = Object.keys(UNITS).find((end) => field.endsWith(end) && field !== end);
  const words = (unit === undefined ? field : field.slice(0, -unit.length))
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(' ')
    .map((word) => word.toLowerCase())
    .map((word) => (ABBREVIATIONS.has(word) ? word.toUpperCase().replace(/S$/, 's') : word))
    .join(' ');
  const title = words.charAt(0).toUpperCase() + words.slice(1);
  return unit === undefined ? title : `${title} (${UNITS[unit] ?? unit})`;
}

interface Standing {
  readonly isDeleting: boolean;
  readonly synced: ConditionView | null;
  readonly ready: ConditionView | null;
}

export function healthOf({ isDeleting, synced, ready }: Standing): Health {
  if (isDeleting) return 'waiting';
  if (synced?.status === 'False') return isPaused(synced) ? 'waiting' : 'bad';
  if (ready?.status === 'True') return 'good';
  if (ready === null || ready.status === 'False') return 'waiting';
  return 'unknown';
}

export function stateOf(standing: Standing): string {
  if (standing.isDeleting) return 'Deleting';
  const { synced, ready } = standing;
  if (synced?.status === 'False') return isPaused(synced) ? 'Paused' : 'Failing';
  if (ready?.status === 'True') return 'Ready';
  if (ready === null) return 'Waiting';
  if (ready.status === 'False') return ready.reason === 'Creating' ? 'Creating' : 'Not ready';
  return 'Unknown';
}

function isPaused({ reason }: ConditionView): boolean {
  return reason === PAUSED;
}

/** What holds it up; empty where nothing does. */
export function reasonOf(standing: Standing): string {
  const { synced, ready } = standing;
  const told = synced?.status === 'False' ? synced : ready?.status === 'True' ? null : ready;
  if (told === null) return '';
  return told.message === '' ? told.reason : told.message;
}

export function keyOf({
  form,
  namespace,
  name,
}: Pick<ClaimRow, 'form' | 'namespace' | 'name'>): string {
  return `${form}/${namespace}/${name}`;
}

/** `3 minutes ago`, rounded down. */
export function agoOf(time: string, nowMs: number): string {
  const seconds = Math.max(0, Math.floor((nowMs - Date.parse(time)) / 1000));
  if (Number.isNaN(seconds)) return '';
  const [amount, unit] =
    seconds < 60
      ? ([seconds, 'second'] as const)
      : seconds < 3600
        ? ([Math.floor(seconds / 60), 'minute'] as const)
        : seconds < 86_400
          ? ([Math.floor(seconds / 3600), 'hour'] as const)
          : ([Math.floor(seconds / 86_400), 'day'] as const);
  return new Intl.RelativeTimeFormat('en', { numeric: 'auto' }).format(-amount, unit);
}
