/** Conditional requests: If-Match, If-None-Match, If-Modified-Since, If-Unmodified-Since, and their forms for the source of a copy. */
import { AwsError } from '../../service.js';
import type { VersionRecord } from '../objects/version-record.js';
import { notImplemented } from '../refusals.js';
import { noSuchKey } from './no-such-key.js';

type Headers = Readonly<Record<string, string>>;

/** A write goes ahead only on what its sender expects to be there. */
export function checkWrite(
  headers: Headers,
  key: string,
  current: VersionRecord | undefined,
): void {
  const existing = current?.isMarker === true ? undefined : current;
  const none = headers['if-none-match'];
  if (none !== undefined) {
    if (none.trim() !== '*') throw notImplemented('If-None-Match with an ETag on a write');
    if (existing !== undefined) throw preconditionFailed('If-None-Match');
  }
  const match = headers['if-match'];
  if (match === undefined) return;
  if (existing === undefined) throw noSuchKey(key);
  if (!names(match, existing.etag)) throw preconditionFailed('If-Match');
}

/** Throws PreconditionFailed, or NotModified (304). Of a pair the ETag's condition counts, as RFC 9110 has it. */
export function checkRead(headers: Headers, version: VersionRecord): void {
  const match = headers['if-match'];
  const none = headers['if-none-match'];
  if (match !== undefined && !names(match, version.etag)) throw preconditionFailed('If-Match');
  const unmodified = timeOf(headers['if-unmodified-since']);
  if (match === undefined && unmodified !== undefined && isAfter(version, unmodified)) {
    throw preconditionFailed('If-Unmodified-Since');
  }
  if (none !== undefined && names(none, version.etag)) throw notModified(version);
  const modified = timeOf(headers['if-modified-since']);
  if (none === undefined && modified !== undefined && !isAfter(version, modified)) {
    throw notModified(version);
  }
}

/** The same for the source of a copy, where nothing is a 304. */
export function checkCopySource(headers: Headers, version: VersionRecord): void {
  const prefix = 'x-amz-copy-source-';
  const own = Object.entries(headers).filter(([name]) => name.startsWith(prefix));
  try {
    checkRead(
      Object.fromEntries(own.map(([name, value]) => [name.slice(prefix.length), value])),
      version,
    );
  } catch (error) {
    if (error instanceof AwsError && error.status === 304) {
      throw preconditionFailed('x-amz-copy-source-If-None-Match');
    }
    throw error;
  }
}

function names(header: string, etag: string): boolean {
  return header
    .split(',')
    .map((text) => text.trim().replace(/^W\//, '').replaceAll('"', ''))
    .some((text) => text === '*' || text === etag);
}

/** HTTP dates have whole seconds. */
function isAfter({ modifiedAtMs }: VersionRecord, timeMs: number): boolean {
  return Math.floor(modifiedAtMs / 1000) > Math.floor(timeMs / 1000);
}

function timeOf(header: string | undefined): number | undefined {
  const time = header === undefined ? NaN : Date.parse(header);
  return Number.isNaN(time) ? undefined : time;
}

function preconditionFailed(condition: string): AwsError {
  return new AwsError(
    'PreconditionFailed',
    'At least one of the pre-conditions you specified did not hold',
    412,
    { Condition: condition },
  );
}

function notModified({ etag, modifiedAtMs }: VersionRecord): AwsError {
  return new AwsError('NotModified', 'Not Modified', 304, {
    headers: { etag: `"${etag}"`, 'last-modified': new Date(modifiedAtMs).toUTCString() },
  });
}
