/** How long ago something was, as kubectl says it: for people only, never in what a program reads. */
const UNITS = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
] as const;

/** `4d`, `3h12m`, `90s`; `-` for no time. */
export function ageOf(time: string | undefined, nowMs: number): string {
  const seconds = Math.floor((nowMs - Date.parse(time ?? '')) / 1000);
  if (Number.isNaN(seconds)) return '-';
  if (seconds < 120) return `${Math.max(0, seconds)}s`;
  for (const [index, [unit, size]] of UNITS.entries()) {
    if (seconds < size) continue;
    const rest = Math.floor((seconds % size) / (UNITS[index + 1]?.[1] ?? 1));
    const small = UNITS[index + 1]?.[0] ?? 's';
    const whole = Math.floor(seconds / size);
    return whole >= 10 || rest === 0 ? `${whole}${unit}` : `${whole}${unit}${rest}${small}`;
  }
  return `${seconds}s`;
}
