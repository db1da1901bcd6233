/** Durations as Go writes them, which is how Crossplane and Kubernetes do: `1h30m`, `250ms`. */

const MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};
const WHOLE = /^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/;
const PART = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g;

/** In milliseconds; undefined where Go's `time.ParseDuration` would refuse it. */
export function parseGoDuration(text: string): number | undefined {
  if (text === '0' || text === '+0' || text === '-0') return 0;
  if (!WHOLE.test(text)) return undefined;
  const ms = [...text.matchAll(PART)].reduce(
    (sum, [, number, unit = '']) => sum + Number(number) * (MS[unit] ?? NaN),
    0,
  );
  return text.startsWith('-') ? -ms : ms;
}
