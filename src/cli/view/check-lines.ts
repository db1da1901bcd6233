/** What the doctor found: one line each, and below what is amiss the command that mends it. */
import type { Colors } from 'picocolors/types.js';
import type { Check } from '../doctor/check.js';

export function checkLines(checks: readonly Check[], colour: Colors, isWide: boolean): string[] {
  const width = Math.max(...checks.map(({ what }) => what.length));
  const marks = { ok: colour.green('✔'), warning: colour.yellow('!'), missing: colour.red('✘') };
  const lines = checks.flatMap(({ what, state, found, mend }) => [
    `${marks[state]} ${what.padEnd(width)}  ${found}`,
    ...(mend === undefined ? [] : [`  ${' '.repeat(width)}  mend: ${mend}`]),
  ]);
  const amiss = checks.filter(({ state }) => state === 'missing').length;
  const warnings = checks.filter(({ state }) => state === 'warning').length;
  const verdict =
    amiss === 0
      ? 'Nothing that claims need is missing.'
      : `${amiss} missing: claims do not work without.`;
  return [...lines, '', warnings > 0 || isWide ? `${verdict} ${warnings} warnings.` : verdict];
}
