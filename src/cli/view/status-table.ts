/** A claim as a tree down to every managed resource, with what holds it up on top. Pure: objects in, lines out. */
import type { Colors } from 'picocolors/types.js';
import { firstCause, isBeingDeleted, type Cause } from '../../claims/observation/cause.js';
import type { ObservedClaim } from '../../claims/observation/observe.js';
import { PAUSED } from '../../model/conditions.js';
import { EXTERNAL_NAME_ANNOTATION } from '../../model/labels.js';
import {
  conditionOf,
  formatKey,
  keyOf,
  type KubernetesObject,
} from '../../support/kubernetes/objects.js';
import { ageOf } from '../output/age.js';
import { cut, lengthOf, oneLine, tableOf } from '../output/table.js';
import type { Screen } from './screen.js';
import { folded, statusTree, type Node, type StatusInput } from './status-tree.js';

export interface Look {
  readonly colour: Colors;
  readonly nowMs: number;
  /** Whole reasons and names in AWS, whatever the screen is. */
  readonly isWide: boolean;
  /** @default as wide and as long as it is */
  readonly screen?: Screen | undefined;
}

interface Row {
  /** The branch that it hangs on. */
  readonly stem: string;
  readonly title: string;
  /** SYNCED, READY, AGE, and with -o wide EXTERNAL NAME. */
  readonly cells: readonly string[];
  readonly reason: string;
  readonly hasChildren: boolean;
}

export function statusTable({ observed, waiting }: StatusInput, look: Look): string {
  const { colour, isWide, screen } = look;
  const above = [
    ...headline(observed, firstCause(observed, waiting), colour)
      .split('\n')
      .flatMap((line) => wrapped(line, screen?.columns)),
    '',
  ];
  const tree = statusTree({ observed, waiting });
  const draw = (node: Node) => {
    const rows = rowsOf(node, '', look);
    return [
      ...above,
      screen === undefined || isWide ? wholeOf(rows, isWide) : within(rows, screen),
    ].join('\n');
  };
  const whole = draw(tree);
  return whole.split('\n').length > (screen?.rows ?? Infinity) ? draw(folded(tree)) : whole;
}

const HEADINGS = ['NAME', 'SYNCED', 'READY', 'AGE'] as const;

function wholeOf(rows: readonly Row[], isWide: boolean): string {
  return tableOf(
    [...HEADINGS, ...(isWide ? ['EXTERNAL NAME'] : []), 'REASON'],
    rows.map(({ stem, title, cells, reason }) => [stem + title, ...cells, reason]),
  );
}

/** A reason that is shorter than this says nothing beside its row: then it stands below. */
const ROOM_FOR_REASON = 30;

function within(rows: readonly Row[], { columns }: Screen): string {
  const whole = wholeOf(rows, false);
  if (widthOf(whole) <= columns) return whole;
  const bare = tableOf(
    HEADINGS,
    rows.map(({ stem, title, cells }) => [stem + title, ...cells]),
  );
  const room = columns - widthOf(bare) - 3;
  if (room >= ROOM_FOR_REASON) {
    return wholeOf(
      rows.map((row) => ({ ...row, reason: cut(row.reason, room) })),
      false,
    );
  }
  const states = tableOf(
    HEADINGS.slice(1),
    rows.map(({ cells }) => cells),
  );
  const nameWidth = columns - widthOf(states) - 3;
  const lines = tableOf(
    HEADINGS,
    rows.map(({ stem, title, cells }) => [cut(stem + title, nameWidth), ...cells]),
  ).split('\n');
  return [
    ...lines.slice(0, 1),
    ...rows.flatMap(({ stem, reason, hasChildren }, index) => [
      lines[index + 1] ?? '',
      ...(reason === ''
        ? []
        : [cut(`${below(stem)}${hasChildren ? '│  ' : '   '}${reason}`, columns)]),
    ]),
  ].join('\n');
}

function widthOf(table: string): number {
  return Math.max(...table.split('\n').map(lengthOf));
}

/** The line, broken at blanks, its rest indented: what holds a claim up is read to its end on any screen. */
function wrapped(line: string, columns = Infinity): string[] {
  if (lengthOf(line) <= columns) return [line];
  const blank = line.lastIndexOf(' ', columns);
  const at = blank > INDENT.length ? blank : columns;
  return [line.slice(0, at), ...wrapped(INDENT + line.slice(at).trimStart(), columns)];
}

const INDENT = '    ';

/** One sentence: ready, or what holds it up. */
export function headline(
  { claim }: ObservedClaim,
  cause: Cause | undefined,
  colour: Colors,
): string {
  const name = `${claim.kind} ${formatKey(keyOf(claim))}`;
  if (cause === undefined) return `${colour.green('✔')} ${colour.bold(name)} is ready`;
  const { kind, name: at, reason, message } = cause;
  const state = isBeingDeleted(claim)
    ? 'is being deleted'
    : reason === PAUSED
      ? 'is paused'
      : 'is not ready';
  return `${colour.red('✘')} ${colour.bold(name)} ${state}\n  ${kind} ${at}: ${reason}${message === '' ? '' : `: ${oneLine(message)}`}`;
}

function rowsOf(node: Node, stem: string, look: Look): Row[] {
  const { title, object, reason = '', children = [] } = node;
  const { colour, nowMs, isWide } = look;
  const row: Row = {
    stem,
    title: object === undefined ? colour.bold(title) : title,
    cells:
      object === undefined
        ? ['', '', '', ...(isWide ? [''] : [])]
        : [
            statusCell(object, 'Synced', colour),
            statusCell(object, 'Ready', colour),
            ageOf(object.metadata.creationTimestamp, nowMs),
            ...(isWide ? [object.metadata.annotations?.[EXTERNAL_NAME_ANNOTATION] ?? ''] : []),
          ],
    reason: object === undefined ? reason : shortened(reason, isWide),
    hasChildren: children.length > 0,
  };
  return [
    row,
    ...children.flatMap((child, index) => {
      const isLast = index === children.length - 1;
      return rowsOf(child, `${below(stem)}${isLast ? '└─ ' : '├─ '}`, look);
    }),
  ];
}

/** What stands under a branch, before what hangs on it. */
function below(stem: string): string {
  return stem.replace('├─ ', '│  ').replace('└─ ', '   ');
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
  return isWide ? line : cut(line, REASON_LENGTH);
}
