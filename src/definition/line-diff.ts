/** What differs between two texts, for a person to read: changed lines with some lines around them. */
const CONTEXT_LINES = 3;
const MAX_LINES = 60;

/** Empty when the texts are the same. Lines before the first and after the last difference are left out. */
export function lineDiff(name: string, before: string, after: string): string {
  if (before === after) return '';
  const [old, now] = [before.split('\n'), after.split('\n')];
  const shorter = Math.min(old.length, now.length);
  let head = 0;
  while (head < shorter && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  const lines = [
    ...old.slice(Math.max(0, head - CONTEXT_LINES), head).map((line) => `  ${line}`),
    ...old.slice(head, old.length - tail).map((line) => `- ${line}`),
    ...now.slice(head, now.length - tail).map((line) => `+ ${line}`),
    ...now.slice(now.length - tail, now.length - tail + CONTEXT_LINES).map((line) => `  ${line}`),
  ];
  const shown = lines.slice(0, MAX_LINES);
  const more = lines.length > MAX_LINES ? [`  … and ${lines.length - MAX_LINES} more lines`] : [];
  return [`--- ${name}, from line ${head + 1}`, ...shown, ...more].join('\n');
}
