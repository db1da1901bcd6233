/** Moments and durations: how they are written, and what their parts are. */
import type { Library } from '../language/overload.js';
import { Duration, EvaluationError, Timestamp } from '../language/value.js';

const SECOND = 1_000_000_000n;
const UNITS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1000n,
  µs: 1000n,
  μs: 1000n,
  ms: 1_000_000n,
  s: SECOND,
  m: 60n * SECOND,
  h: 3600n * SECOND,
};
const MOST_DURATION = 2n ** 63n;
const EARLIEST = -62_135_596_800n * SECOND;
const LATEST = 253_402_300_799n * SECOND + SECOND - 1n;
const RFC_3339 =
  /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:[.,](\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/** Throws an EvaluationError for what lies outside of the years 1 to 9999. */
export function timestampOf(nanoseconds: bigint): Timestamp {
  if (nanoseconds < EARLIEST || nanoseconds > LATEST)
    throw new EvaluationError('timestamp overflow');
  return new Timestamp(nanoseconds);
}

/** Of RFC 3339. Throws an EvaluationError. */
export function parseTimestamp(text: string): Timestamp {
  const parts = RFC_3339.exec(text);
  const [, year, month, day, hours, minutes, seconds, fraction = '', sign, aheadH, aheadM] =
    parts ?? [];
  const local = Date.UTC(
    2000,
    Number(month) - 1,
    Number(day),
    Number(hours),
    Number(minutes),
    Number(seconds),
  );
  const date = new Date(local);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  const isReal =
    parts !== null &&
    date.getUTCMonth() === Number(month) - 1 &&
    date.getUTCDate() === Number(day) &&
    Number(hours) < 24 &&
    Number(minutes) < 60 &&
    Number(seconds) < 60;
  if (!isReal)
    throw new EvaluationError(
      `type conversion error from 'string' to 'google.protobuf.Timestamp': parsing time ${JSON.stringify(text)} as "2006-01-02T15:04:05Z07:00": cannot parse ${JSON.stringify(text)} as "2006"`,
    );
  const ahead = (Number(aheadH ?? 0) * 60 + Number(aheadM ?? 0)) * (sign === '-' ? -60 : 60);
  const whole = BigInt(date.getTime() / 1000 - ahead) * SECOND;
  return timestampOf(whole + BigInt(fraction.slice(0, 9).padEnd(9, '0')));
}

export function timestampText({ nanoseconds }: Timestamp): string {
  const fraction = ((nanoseconds % SECOND) + SECOND) % SECOND;
  const whole = new Date(Number((nanoseconds - fraction) / 1_000_000n)).toISOString().slice(0, 19);
  const digits = fraction === 0n ? '' : `.${String(fraction).padStart(9, '0').replace(/0+$/, '')}`;
  return `${whole}${digits}Z`;
}

/** As Go writes durations: `1h30m`, `-1.5s`. Throws an EvaluationError. */
export function parseDuration(text: string): Duration {
  const nanoseconds = nanosecondsOf(text);
  if (nanoseconds !== undefined) return new Duration(nanoseconds);
  throw new EvaluationError(
    `type conversion error from 'string' to 'google.protobuf.Duration': time: invalid duration ${JSON.stringify(text)}`,
  );
}

export function nanosecondsOf(text: string): bigint | undefined {
  const [, sign = '', rest = ''] = /^([+-]?)(.*)$/s.exec(text) ?? [];
  if (rest === '0') return 0n;
  const parts = [...rest.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g)];
  if (rest === '' || parts.map(([part]) => part).join('') !== rest) return undefined;
  let sum = 0n;
  for (const [, number = '', unit = ''] of parts) {
    const [whole = '', fraction = ''] = number.split('.');
    const by = UNITS[unit] ?? 1n;
    sum += BigInt(whole === '' ? '0' : whole) * by;
    if (fraction !== '') sum += (BigInt(fraction) * by) / 10n ** BigInt(fraction.length);
  }
  if (sum > MOST_DURATION || (sum === MOST_DURATION && sign !== '-')) return undefined;
  return sign === '-' ? -sum : sum;
}

/** In seconds, as conversions to text write it. */
export function durationText({ nanoseconds }: Duration): string {
  const absolute = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  const fraction = absolute % SECOND;
  const digits = fraction === 0n ? '' : `.${String(fraction).padStart(9, '0').replace(/0+$/, '')}`;
  return `${nanoseconds < 0n ? '-' : ''}${absolute / SECOND}${digits}s`;
}

export function addTimes(library: Library): void {
  const parts: Readonly<Record<string, (local: Date, nanoseconds: bigint) => number>> = {
    getFullYear: (local) => local.getUTCFullYear(),
    getMonth: (local) => local.getUTCMonth(),
    getDayOfYear: (local) =>
      Math.floor((local.getTime() - Date.UTC(local.getUTCFullYear(), 0, 1)) / 86_400_000),
    getDayOfMonth: (local) => local.getUTCDate() - 1,
    getDate: (local) => local.getUTCDate(),
    getDayOfWeek: (local) => local.getUTCDay(),
    getHours: (local) => local.getUTCHours(),
    getMinutes: (local) => local.getUTCMinutes(),
    getSeconds: (local) => local.getUTCSeconds(),
    getMilliseconds: (local) => local.getUTCMilliseconds(),
  };
  for (const [name, part] of Object.entries(parts)) {
    const partOf = (time: Timestamp, zone: string) =>
      BigInt(part(localTime(time, zone), time.nanoseconds));
    library
      .add(`timestamp.${name}(): int`, (time: Timestamp) => partOf(time, 'UTC'))
      .add(`timestamp.${name}(string): int`, partOf);
  }
  const lengths: Readonly<Record<string, bigint>> = {
    getHours: 3600n * SECOND,
    getMinutes: 60n * SECOND,
    getSeconds: SECOND,
  };
  for (const [name, length] of Object.entries(lengths))
    library.add(`duration.${name}(): int`, ({ nanoseconds }: Duration) => nanoseconds / length);
  library.add(
    'duration.getMilliseconds(): int',
    ({ nanoseconds }: Duration) => nanoseconds / 1_000_000n,
  );
}

/** A date whose parts in UTC are those of the moment in the zone: an IANA name, or `-08:00`. */
function localTime({ nanoseconds }: Timestamp, zone: string): Date {
  const epochMs = Number(nanoseconds / 1_000_000n) - (nanoseconds % 1_000_000n < 0n ? 1 : 0);
  const offset = /^([+-]?)(\d\d):(\d\d)$/.exec(zone);
  if (offset !== null) {
    const [, sign, hours, minutes] = offset;
    const ahead = (Number(hours) * 60 + Number(minutes)) * 60_000;
    return new Date(epochMs + (sign === '-' ? -ahead : ahead));
  }
  return zone === '' || zone === 'UTC' ? new Date(epochMs) : inZone(epochMs, zone);
}

function inZone(epochMs: number, zone: string): Date {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    throw new EvaluationError(`unknown time zone ${zone}`);
  }
  const parts = new Map(
    format.formatToParts(epochMs).map(({ type, value }) => [type, Number(value)]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0;
  const ms = ((epochMs % 1000) + 1000) % 1000;
  return new Date(
    Date.UTC(
      part('year'),
      part('month') - 1,
      part('day'),
      part('hour'),
      part('minute'),
      part('second'),
      ms,
    ),
  );
}
