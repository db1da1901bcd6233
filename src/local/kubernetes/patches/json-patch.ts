/** JSON patches (RFC 6902): operations in order, all or none. */
import { badRequest, StatusError } from '../http/status-error.js';
import { copyJson, isEqual, isJsonObject, type JsonObject } from '../json/json.js';

/** The most operations that one patch may have, as in the real server. */
const MAX_OPERATIONS = 10_000;

/** Throws 400 for what is no patch, 422 for an operation that cannot be done. */
export function applyJsonPatch(target: JsonObject, patch: unknown): JsonObject {
  if (patch === null) return target;
  if (!Array.isArray(patch)) {
    const found = isJsonObject(patch) ? 'object' : typeof patch;
    throw badRequest(
      `error decoding patch: json: cannot unmarshal ${found} into Go value of type []handlers.jsonPatchOp`,
    );
  }
  if (patch.length > MAX_OPERATIONS) {
    const message = `Request entity too large: The allowed maximum operations in a JSON patch is ${MAX_OPERATIONS}, got ${patch.length}`;
    throw new StatusError(413, 'RequestEntityTooLarge', message);
  }
  let document: unknown = copyJson(target);
  for (const operation of patch) {
    if (!isJsonObject(operation)) {
      const found = Array.isArray(operation) ? 'array' : typeof operation;
      const why = `json: cannot unmarshal ${found} into Go value of type handlers.jsonPatchOp`;
      throw badRequest(`error decoding patch: ${why}`);
    }
    document = applyOperation(document, operation);
  }
  if (!isJsonObject(document)) throw refused();
  return document;
}

function applyOperation(document: unknown, operation: JsonObject): unknown {
  const path = pointerOf(operation.path);
  switch (operation.op) {
    case 'add':
      return add(document, path, operation.value ?? null);
    case 'remove':
      return remove(document, path).document;
    case 'replace':
      return replace(document, path, operation.value ?? null);
    case 'move': {
      const from = pointerOf(operation.from);
      if (path.length > from.length && from.every((step, index) => step === path[index]))
        throw refused();
      const { document: without, removed } = remove(document, from);
      return add(without, path, removed);
    }
    case 'copy':
      return add(document, path, copyJson(readOrNull(document, pointerOf(operation.from))));
    case 'test':
      if (!isEqual(readOrNull(document, path), operation.value ?? null)) throw refused();
      return document;
    default:
      throw refused();
  }
}

/** What stands before the first slash is passed over, as the library of the real server has it. */
function pointerOf(pointer: unknown): string[] {
  if (typeof pointer !== 'string' || (pointer !== '' && !pointer.includes('/'))) throw refused();
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function read(document: unknown, path: readonly string[]): unknown {
  return path.reduce(child, document);
}

/** A missing member of an object reads as null, as it does on the real server. */
function readOrNull(document: unknown, path: readonly string[]): unknown {
  const parent = read(document, path.slice(0, -1));
  const last = path.at(-1);
  if (last !== undefined && isJsonObject(parent) && !Object.hasOwn(parent, last)) return null;
  return read(document, path);
}

function child(parent: unknown, step: string): unknown {
  if (Array.isArray(parent)) return parent[indexIn(step, parent.length - 1)];
  if (!isJsonObject(parent) || !Object.hasOwn(parent, step)) throw refused();
  return parent[step];
}

/** A missing member of an object is added, as it is by the real server. */
function replace(document: unknown, path: readonly string[], value: unknown): unknown {
  const last = path.at(-1);
  if (last === undefined) return value;
  const parent = read(document, path.slice(0, -1));
  if (!Array.isArray(parent)) return add(document, path, value);
  parent[indexIn(last, parent.length - 1)] = value;
  return document;
}

function add(document: unknown, path: readonly string[], value: unknown): unknown {
  const last = path.at(-1);
  if (last === undefined) return value;
  const parent = read(document, path.slice(0, -1));
  if (Array.isArray(parent)) {
    const at = last === '-' ? parent.length : indexIn(last, parent.length);
    parent.splice(at, 0, value);
  } else if (isJsonObject(parent) && last !== '__proto__') {
    parent[last] = value;
  } else {
    throw refused();
  }
  return document;
}

function remove(
  document: unknown,
  path: readonly string[],
): { document: unknown; removed: unknown } {
  const last = path.at(-1);
  if (last === undefined) return { document: null, removed: document };
  const parent = read(document, path.slice(0, -1));
  const removed = child(parent, last);
  if (Array.isArray(parent)) parent.splice(indexIn(last, parent.length - 1), 1);
  else Reflect.deleteProperty(parent as JsonObject, last);
  return { document, removed };
}

/** Negative indexes count from the end, as the library of the real server has them. */
function indexIn(step: string, most: number): number {
  if (!/^(0|-?[1-9]\d*)$/.test(step)) throw refused();
  const index = Number(step) < 0 ? most + 1 + Number(step) : Number(step);
  if (index < 0 || index > most) throw refused();
  return index;
}

function refused(): StatusError {
  return new StatusError(
    422,
    'Invalid',
    'the server rejected our request due to an error in our request',
    {},
  );
}
