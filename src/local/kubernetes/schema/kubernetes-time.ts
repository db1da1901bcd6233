/**
 * Times of built-in kinds and of metadata: metav1.Time and metav1.MicroTime, which are read in one layout and written
 * back in UTC, in seconds and in microseconds.
 *
 * A time that does not fit is refused in the words of Go's time.Parse, which walks its layout piece by piece.
 */
const LAYOUTS = {
  Time: '2006-01-02T15:04:05Z07:00',
  MicroTime: '2006-01-02T15:04:05.000000Z07:00',
} as const;

export type TimeType = keyof typeof LAYOUTS;

/** The pieces of both layouts: what stands there, what it looks like, and what its number may be. */
const PIECES: readonly {
  readonly layout: string;
  readonly pattern: RegExp;
  readonly of?: { readonly name: string; readonly least: number; readonly most: number };
}[] = [
  { layout: '2006', pattern: /^\d{4}/ },
  { layout: '-', pattern: /^-/ },
  { layout: '01', pattern: /^\d\d/, of: { name: 'month', least: 1, most: 12 } },
  { layout: '-', pattern: /^-/ },
  { layout: '02', pattern: /^\d\d/ },
  { layout: 'T', pattern: /^T/ },
  { layout: '15', pattern: /^\d\d?/, of: { name: 'hour', least: 0, most: 23 } },
  { layout: ':', pattern: /^:/ },
  { layout: '04', pattern: /^\d\d/, of: { name: 'minute', least: 0, most: 59 } },
  { layout: ':', pattern: /^:/ },
  { layout: '05', pattern: /^\d\d/, of: { name: 'second', least: 0, most: 59 } },
];
const FRACTION = /^[.,]\d+/;
const MICROSECONDS = /^[.,]\d{6}/;
const ZONE = /^(?:Z|([+-])(\d\d):(\d\d))/;
const MOST_OF_ZONE = { hour: 24, minute: 60 };

/** The time as the real server shows it. Throws an Error in Go's words. */
export function normalizeTime(text: string, type: TimeType): string {
  const layout = LAYOUTS[type];
  const fault = (why: string) => new Error(`parsing time ${JSON.stringify(text)}${why}`);
  const misfit = (rest: string, piece: string) =>
    fault(
      ` as ${JSON.stringify(layout)}: cannot parse ${JSON.stringify(rest)} as ${JSON.stringify(piece)}`,
    );
  let rest = text;
  const take = (pattern: RegExp, piece: string): RegExpExecArray => {
    const found = pattern.exec(rest);
    if (found === null) throw misfit(rest, piece);
    rest = rest.slice(found[0].length);
    return found;
  };
  const numbers: number[] = [];
  for (const { layout: piece, pattern, of } of PIECES) {
    const [found] = take(pattern, piece);
    const number = Number(found);
    if (of !== undefined && (number < of.least || number > of.most))
      throw fault(`: ${of.name} out of range`);
    if (!Number.isNaN(number)) numbers.push(number);
  }
  let fraction = '';
  if (type === 'MicroTime') [fraction] = take(MICROSECONDS, '.000000');
  else if (FRACTION.test(rest)) [fraction] = take(FRACTION, '');
  const [, sign, hours = '0', minutes = '0'] = take(ZONE, 'Z07:00');
  if (Number(hours) > MOST_OF_ZONE.hour) throw fault(': time zone offset hour out of range');
  if (Number(minutes) > MOST_OF_ZONE.minute) throw fault(': time zone offset minute out of range');
  if (rest !== '') throw fault(`: extra text: ${JSON.stringify(rest)}`);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = numbers;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (day < 1 || date.getUTCDate() !== day) throw fault(': day out of range');
  const offset = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  date.setUTCHours(hour, minute - offset, second);
  const shown = date.toISOString().slice(0, -'.000Z'.length);
  return type === 'Time' ? `${shown}Z` : `${shown}.${fraction.slice(1)}Z`;
}
