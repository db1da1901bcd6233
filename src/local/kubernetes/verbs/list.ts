/** GET of a collection: selected, in chunks, as of a resourceVersion. */
import { shownObject } from '../resources/shown.js';
import {
  badRequest,
  invalid,
  invalidOptions,
  notSupported,
  StatusError,
  type FieldError,
} from '../http/status-error.js';
import { orderOf, type StoredRecord } from '../storage/record.js';
import { lowerBound } from '../storage/store.js';
import type { Answer, Call } from './call.js';
import { readInteger } from './options.js';
import { readSelection, type Selection } from './selection.js';

interface ContinueToken {
  /** The version that all chunks are of. */
  readonly rv: number;
  /** The order of the last object of the chunk before. */
  readonly after: string;
}

const TOKEN_VERSION = 'meta.k8s.io/v1';

export function list(call: Call): Answer {
  const { plane, query, resource, namespace } = call;
  const selection = readSelection(call);
  readInteger(query, 'timeoutSeconds');
  if (query.has('sendInitialEvents')) {
    const detail = 'sendInitialEvents is forbidden for list';
    throw invalidOptions('ListOptions', { type: 'Forbidden', field: 'sendInitialEvents', detail });
  }
  const isAnyState = query.get('resourceVersion') === '0' && !query.has('continue');
  // What any state will do for comes from the real server's cache, which has no chunks.
  const limit = isAnyState ? 0 : (readInteger(query, 'limit') ?? 0);
  const wanted = readVersion(query);
  const token = readToken(query.get('continue') ?? '');
  if (token !== undefined && wanted.version > 0) {
    throw badRequest('specifying resource version is not allowed when using continue');
  }
  if (wanted.version > plane.store.resourceVersion)
    throw tooLargeVersion(wanted.version, plane.store.resourceVersion);
  const at = token?.rv ?? (wanted.isExact ? wanted.version : plane.store.resourceVersion);
  const scope = resource.isNamespaced && namespace !== '' ? namespace : undefined;
  const now = plane.store.list(resource.storage, scope);
  const isOfList = ({ key }: StoredRecord) =>
    key.resource === resource.storage && (scope === undefined || key.namespace === scope);
  const all =
    at === plane.store.resourceVersion ? now : plane.store.history.rewind(now, at, isOfList);
  return chunkOf(call, all, selection, { at, limit, after: token?.after });
}

function chunkOf(
  { resource }: Call,
  all: readonly StoredRecord[],
  selection: Selection,
  {
    at,
    limit,
    after,
  }: { readonly at: number; readonly limit: number; readonly after: string | undefined },
): Answer {
  const rest = after === undefined ? all : all.slice(lowerBound(all, `${after}\0`));
  const matching = selection.isEverything
    ? rest
    : rest.filter((record) => selection.matches(shownObject(resource, record)));
  const items = limit > 0 && matching.length > limit ? matching.slice(0, limit) : matching;
  const last = items.at(-1);
  const left = matching.length - items.length;
  const metadata = {
    ...(resource.isCustom ? { continue: '' } : {}),
    resourceVersion: String(at),
    ...(left > 0 && last !== undefined
      ? {
          continue: writeToken({ rv: at, after: orderOf(last.key) }),
          // With a selector the real server does not know how many remain.
          ...(selection.isEverything ? { remainingItemCount: left } : {}),
        }
      : {}),
  };
  return { kind: 'list', items, metadata };
}

function readVersion(query: URLSearchParams): { version: number; isExact: boolean } {
  const text = query.get('resourceVersion') ?? '';
  const match = query.get('resourceVersionMatch') ?? '';
  if (match !== '') {
    const faults = matchFaults(match, text, query.get('continue') ?? '');
    if (faults.length > 0) throw invalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, faults);
  }
  if (text !== '' && !/^\d+$/.test(text)) {
    throw badRequest(
      `invalid resource version: resourceVersion: Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`,
    );
  }
  // With a limit, a plain resourceVersion means exactly that one.
  const limited = Number(query.get('limit') ?? '0') > 0;
  const version = Number(text === '' ? '0' : text);
  return { version, isExact: match === 'Exact' || (match === '' && limited && version > 0) };
}

function matchFaults(match: string, version: string, token: string): FieldError[] {
  const field = 'resourceVersionMatch';
  const faults: FieldError[] = [];
  const forbid = (detail: string) => faults.push({ type: 'Forbidden', field, detail });
  if (version === '')
    forbid('resourceVersionMatch is forbidden unless resourceVersion is provided');
  if (token !== '') forbid('resourceVersionMatch is forbidden when continue is provided');
  if (!['Exact', 'NotOlderThan'].includes(match))
    faults.push(notSupported(field, match, ['Exact', 'NotOlderThan', '']));
  if (match === 'Exact' && version === '0')
    forbid('resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
  return faults;
}

/** The client has seen a version that this server has not: it may come yet. */
export function tooLargeVersion(wanted: number, current: number): StatusError {
  const message = `Too large resource version: ${wanted}, current: ${current}`;
  return new StatusError(504, 'Timeout', `Timeout: ${message}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });
}

function writeToken(token: ContinueToken): string {
  return Buffer.from(JSON.stringify({ v: TOKEN_VERSION, ...token })).toString('base64url');
}

function readToken(text: string): ContinueToken | undefined {
  if (text === '') return undefined;
  const refusal = (why: string) =>
    badRequest(`invalid continue token: continue key is not valid${why}`);
  const at = rawBase64FaultAt(text);
  if (at >= 0) throw refusal(`: illegal base64 data at input byte ${at}`);
  let token: Partial<ContinueToken & { v: string }>;
  try {
    token = JSON.parse(Buffer.from(text, 'base64url').toString()) as typeof token;
  } catch {
    throw refusal('');
  }
  if (token.v !== TOKEN_VERSION)
    throw refusal(`: server does not recognize this encoded version ${token.v ?? ''}`);
  if (typeof token.rv === 'number' && typeof token.after === 'string')
    return { rv: token.rv, after: token.after };
  throw refusal('');
}

/** Where base64 of URLs without padding is wrong; -1 where it is not. */
function rawBase64FaultAt(text: string): number {
  const at = text.search(/[^A-Za-z0-9_-]/);
  return at < 0 && text.length % 4 === 1 ? text.length - 1 : at;
}
