/** The format `duration`: what Go's time.ParseDuration takes, or any numbers with units among other text (strfmt). */
const PARSED = /^[+-]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/;
/** The names of each unit; of the last, anything that begins with it. */
const UNITS: readonly (readonly string[])[] = [
  ['ns', 'nano'],
  ['us', 'µs', 'micro'],
  ['ms', 'milli'],
  ['s', 'sec'],
  ['m', 'min'],
  ['h', 'hr', 'hour'],
  ['d', 'day'],
  ['w', 'wk', 'week'],
];

export function isDuration(text: string): boolean {
  return PARSED.test(text) || Array.from(text.matchAll(/\d+\s*([A-Za-zµ]+)/g)).some(isUnit);
}

function isUnit([, name = '']: readonly string[]): boolean {
  const unit = name.toLowerCase();
  return UNITS.some((names) => names.includes(unit) || unit.startsWith(names.at(-1) ?? ' '));
}
