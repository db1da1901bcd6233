/** A claim as a tree down to every managed resource, with what holds it up on top. Pure: objects in, lines out. */
import type { Colors } from 'picocolors/types.js';
import {
  firstCause,
  isBeingDeleted,
  reasonOf,
  type Cause,
} from '../../claims/observation/cause.js';
import type { ObservedClaim } from '../../claims/observation/observe.js';
import type { Waiting } from '../../claims/composition/waiting.js';
import { EXTERNAL_NAME_ANNOTATION } from '../../model/labels.js';
import {
  conditionOf,
  formatKey,
  keyOf,
  type KubernetesObject,
} from '../../support/kubernetes/objects.js';
import { ageOf } from '../output/age.js';
import { oneLine, tableOf } from '../output/table.js';
import { groupByRegion } from './claim-tree.js';

export interface StatusInput {
  readonly observed: ObservedClaim;
  readonly waiting: readonly Waiting[];
}

interface Node {
  readonly title: string;
  readonly object?: KubernetesObject;
  readonly reason?: string;
  readonly children?: readonly Node[];
}

export function statusTable(
  { observed, waiting }: StatusInput,
  colour: Colors,
  nowMs: number,
  isWide: boolean,
): string {
  const headings = [
    'NAME',
    'SYNCED',
    'READY',
    'AGE',
    ...(isWide ? ['EXTERNAL NAME'] : []),
    'REASON',
  ];
  const rows = rowsOf(treeOf(observed, waiting), '', colour, nowMs, isWide);
  return [
    headline(observed, firstCause(observed, waiting), colour),
    '',
    tableOf(headings, rows),
  ].join('\n');
}

/** One sentence: ready, or what holds it up. */
export function headline(
  { claim }: ObservedClaim,
  cause: Cause | undefined,
  colour: Colors,
): string {
  const name = `${claim.kind} ${formatKey(keyOf(claim))}`;
  if (cause === undefined) return `${colour.green('✔')} ${colour.bold(name)} is ready`;
  const state = isBeingDeleted(claim) ? 'is being deleted' : 'is not ready';
  const { kind, name: at, reason, message } = cause;
  return `${colour.red('✘')} ${colour.bold(name)} ${state}\n  ${kind} ${at}: ${reason}${message === '' ? '' : `: ${oneLine(message)}`}`;
}

function treeOf(
  { form, claim, composite, resources, missing, hidden }: ObservedClaim,
  waiting: readonly Waiting[],
): Node {
  const regions: Node[] = groupByRegion(resources).map(([region, inRegion]) => ({
    title: region,
    children: inRegion.map((object) => ({ title: titleOf(object), object })),
  }));
  const absent: Node[] = [
    ...missing.map(({ kind, name = '' }) => ({
      title: `${kind} ${name}`,
      reason: 'it is not there',
    })),
    ...waiting.map(({ kind, template, for: awaited }) => ({
      title: `${kind} (${template})`,
      reason: `waits for ${awaited.map(({ field }) => field).join(', ')}`,
    })),
  ];
  const below = [
    ...regions,
    ...(absent.length === 0 ? [] : [{ title: 'not made yet', children: absent }]),
    ...(hidden.length === 0
      ? []
      : [{ title: 'hidden', reason: `you may not read ${hidden.join(', ')}` }]),
  ];
  const isApart = form === 'cluster' && composite !== undefined;
  return {
    title: titleOf(claim),
    object: claim,
    children: isApart ? [{ title: titleOf(composite), object: composite, children: below }] : below,
  };
}

function titleOf(object: KubernetesObject): string {
  return `${object.kind} ${object.metadata.name ?? ''}`;
}

function rowsOf(
  { title, object, reason, children = [] }: Node,
  stem: string,
  colour: Colors,
  nowMs: number,
  isWide: boolean,
): string[][] {
  const cells =
    object === undefined
      ? ['', '', '', ...(isWide ? [''] : []), reason ?? '']
      : [
          statusCell(object, 'Synced', colour),
          statusCell(object, 'Ready', colour),
          ageOf(object.metadata.creationTimestamp, nowMs),
          ...(isWide ? [object.metadata.annotations?.[EXTERNAL_NAME_ANNOTATION] ?? ''] : []),
          shortened(reasonOf(object), isWide),
        ];
  return [
    [`${stem}${object === undefined ? colour.bold(title) : title}`, ...cells],
    ...children.flatMap((child, index) => {
      const isLast = index === children.length - 1;
      const trunk = stem.replace('├─ ', '│  ').replace('└─ ', '   ');
      return rowsOf(child, `${trunk}${isLast ? '└─ ' : '├─ '}`, colour, nowMs, isWide);
    }),
  ];
}

function statusCell(object: KubernetesObject, type: string, colour: Colors): string {
  const status = conditionOf(object, type)?.status;
  if (status === undefined) return '-';
  return status === 'True'
    ? colour.green(status)
    : status === 'False'
      ? colour.red(status)
      : colour.yellow(status);
}

const REASON_LENGTH = 100;

/** One line; all of it with -o wide. */
function shortened(reason: string, isWide: boolean): string {
  const line = oneLine(reason);
  return isWide || line.length <= REASON_LENGTH ? line : `${line.slice(0, REASON_LENGTH)}…`;
}
