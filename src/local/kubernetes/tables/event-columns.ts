/** What `kubectl get events` shows of either kind of Event, as printers/internalversion of Kubernetes prints it. */
import type { KubernetesObject } from '../../../support/kubernetes/objects.js';
import { textAt, valueAt } from '../json/json.js';
import { formatAge, type Cell, type Column } from './columns.js';

/** `toCore` makes the core kind of whatever is shown. */
export function eventColumns(
  toCore: (event: KubernetesObject) => KubernetesObject,
): readonly Column[] {
  const column = (
    name: string,
    cell: (event: KubernetesObject, nowMs: number) => Cell,
    priority = 0,
  ): Column => ({
    name,
    type: name === 'Count' ? 'integer' : 'string',
    description: `${name} of the event.`,
    priority,
    cell: (event, nowMs) => cell(toCore(event), nowMs),
  });
  return [
    column('Last Seen', (event, nowMs) => formatAge(lastSeen(event), nowMs)),
    column('Type', (event) => textAt(event, 'type')),
    column('Reason', (event) => textAt(event, 'reason')),
    column('Object', (event) => {
      const kind = textAt(event, 'involvedObject', 'kind').toLowerCase();
      return joined('/', kind, textAt(event, 'involvedObject', 'name'));
    }),
    column('Subobject', (event) => textAt(event, 'involvedObject', 'fieldPath'), 1),
    column('Source', sourceOf, 1),
    column('Message', (event) => textAt(event, 'message').trim()),
    column('First Seen', (event, nowMs) => formatAge(firstSeen(event), nowMs), 1),
    column('Count', countOf, 1),
    column('Name', ({ metadata }) => metadata.name ?? '', 1),
  ];
}

function firstSeen(event: KubernetesObject): string {
  return textAt(event, 'firstTimestamp') || textAt(event, 'eventTime');
}

function lastSeen(event: KubernetesObject): string {
  if (valueAt(event, ['series']) !== undefined) return textAt(event, 'series', 'lastObservedTime');
  return textAt(event, 'lastTimestamp') || firstSeen(event);
}

/** One that is not a series is counted by its older field, and once where that says nothing. */
function countOf(event: KubernetesObject): number {
  const inSeries = valueAt(event, ['series', 'count']);
  if (typeof inSeries === 'number') return inSeries;
  const count = valueAt(event, ['count']);
  return typeof count === 'number' && count > 0 ? count : 1;
}

function sourceOf(event: KubernetesObject): string {
  const component = textAt(event, 'source', 'component') || textAt(event, 'reportingComponent');
  const instance = textAt(event, 'source', 'host') || textAt(event, 'reportingInstance');
  return joined(', ', component, instance);
}

/** The second only where there is one. */
function joined(between: string, first: string, second: string): string {
  return second === '' ? first : first + between + second;
}
