/**
 * A manifest as its author wrote it: the objects in a YAML or JSON file, each with the place of every field.
 *
 * Read as Kubernetes reads it, by YAML 1.1, where a bare N is false. Items of a `List` count as objects of their own.
 */
import {
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  type Document,
  type Node,
} from 'yaml';
import { segmentsOf } from '../../model/paths.js';

/** Both from 1, as editors count. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface ManifestObject {
  readonly value: unknown;
  /** Where the field is written, or else the nearest field around it that is; a short value is pointed at itself. */
  placeOf(field: string): Place;
  /** Where the name of the field is written. */
  placeOfName(field: string): Place;
}

export interface SyntaxFault extends Place {
  readonly message: string;
}

export interface Manifest {
  /** As it was named by who asked; `-` is standard input. */
  readonly file: string;
  readonly objects: readonly ManifestObject[];
  /** Where there is one, `objects` is empty: what a broken file means cannot be told. */
  readonly faults: readonly SyntaxFault[];
}

export function parseManifest(file: string, text: string): Manifest {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { version: '1.1', lineCounter: lines });
  const faults = documents
    .flatMap(({ errors }) => errors)
    .map(({ message, pos: [offset] }) => ({
      ...placeAt(lines, offset),
      message: (message.split('\n')[0] ?? message).replace(/ at line \d+, column \d+:?$/, ''),
    }));
  if (faults.length > 0) return { file, objects: [], faults };
  return { file, objects: documents.flatMap((document) => objectsOf(document, lines)), faults };
}

function objectsOf(document: Document, lines: LineCounter): ManifestObject[] {
  const value = document.toJS() as unknown;
  const root = document.contents;
  if (value === null || root === null) return [];
  const { kind, items } = value as { kind?: unknown; items?: unknown };
  const list = kind === 'List' && isMap(root) ? root.get('items', true) : undefined;
  if (Array.isArray(items) && isSeq(list)) {
    return items.map((item: unknown, index) => objectAt(item, list.items[index] as Node, lines));
  }
  return [objectAt(value, root, lines)];
}

function objectAt(value: unknown, root: Node, lines: LineCounter): ManifestObject {
  const placeOf = (field: string, isName: boolean) =>
    placeAt(lines, offsetOf(root, segmentsOf(field), isName));
  return {
    value,
    placeOf: (field) => placeOf(field, false),
    placeOfName: (field) => placeOf(field, true),
  };
}

function offsetOf(root: Node, segments: readonly string[], isName: boolean): number {
  let node: Node = root;
  let offset = root.range?.[0] ?? 0;
  for (let at = 0; at < segments.length;) {
    const step = stepInto(node, segments.slice(at));
    if (step === undefined) break;
    node = step.value;
    offset = (isScalar(node) && !isName ? node.range?.[0] : undefined) ?? step.offset;
    at += step.taken;
  }
  return offset;
}

interface Step {
  readonly value: Node;
  readonly offset: number;
  readonly taken: number;
}

/** A key may have dots of its own (`tags.a.b`): the shortest run of segments that is one is taken. */
function stepInto(node: Node, segments: readonly string[]): Step | undefined {
  if (isSeq(node)) {
    const item = node.items[Number(segments[0])] as Node | undefined;
    return item && { value: item, offset: item.range?.[0] ?? 0, taken: 1 };
  }
  if (!isMap(node)) return undefined;
  for (let taken = 1; taken <= segments.length; taken += 1) {
    const key = segments.slice(0, taken).join('.');
    const pair = node.items.find((one) => isScalar(one.key) && String(one.key.value) === key);
    if (pair === undefined) continue;
    const keyNode = pair.key as Node;
    return { value: (pair.value ?? keyNode) as Node, offset: keyNode.range?.[0] ?? 0, taken };
  }
  return undefined;
}

function placeAt(lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}
