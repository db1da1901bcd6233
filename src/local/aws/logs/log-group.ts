/** Log groups, their streams and the events in them, as stored; and how their names and ARNs are written. */

export interface LogGroup {
  readonly region: string;
  readonly name: string;
  readonly createdAtMs: number;
  /** One of `RETENTION_DAYS`; absent: events are kept for ever. */
  readonly retentionDays?: number;
  readonly tags: Readonly<Record<string, string>>;
}

export interface LogStream {
  readonly region: string;
  readonly groupName: string;
  readonly name: string;
  readonly createdAtMs: number;
  readonly lastIngestedAtMs?: number;
}

export interface NewEvent {
  readonly timestampMs: number;
  readonly message: string;
}

export interface LogEvent extends NewEvent {
  /** 56 digits. Events sort by it: by timestamp, and of one timestamp in the order they came. */
  readonly id: string;
  readonly ingestedAtMs: number;
}

/** What PutRetentionPolicy takes. */
export const RETENTION_DAYS: readonly number[] = [
  ...[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557],
  ...[2922, 3288, 3653],
];

export const DAY_MS = 24 * 3600_000;

/** Events before this moment have expired. */
export function expiryOf({ retentionDays }: LogGroup, nowMs: number): number {
  return retentionDays === undefined ? 0 : nowMs - retentionDays * DAY_MS;
}

/** What CloudWatch Logs counts: UTF-8, and 26 bytes beside. */
export function sizeOf(message: string): number {
  return Buffer.byteLength(message) + 26;
}

export function groupArn(region: string, accountId: string, name: string): string {
  return `arn:aws:logs:${region}:${accountId}:log-group:${name}`;
}

/** What permissions of an operation on a group, or on one of its streams, name: a policy's `…:log-group:NAME:*` covers both. */
export function streamArn(group: string, streamName = ''): string {
  return `${group}:log-stream:${streamName}`;
}
