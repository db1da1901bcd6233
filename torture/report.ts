/** The verdict for people: a line for each run, a table at the end, and the story of each violated id. */
import { RULES } from './checker/evidence.js';
import { isSameMoney, moneyOf, type Attempt, type Outcome } from './history/attempt.js';
import { NOTHING_SEEN } from './history/observation.js';
import type { RunResult } from './run.js';

const OUTCOMES: readonly Outcome[] = [
  ...(['acknowledged', 'conflict', 'refused', 'failed', 'unknown'] as const),
  ...(['accepted', 'given-up'] as const),
];

export function runLine(result: RunResult): string {
  const { seed, transactions, attempts, disturbances, violations, tookMs } = result;
  const verdict = violations.length === 0 ? 'clean' : `${violations.length} VIOLATIONS`;
  return [
    `seed ${seed}: ${verdict}`,
    `${transactions} transactions`,
    `${attempts.length} attempts`,
    `${disturbances.length} faults`,
    `${(tookMs / 1000).toFixed(1)} s`,
  ].join(', ');
}

/** Totals over all runs, one figure a line. */
export function summary(results: readonly RunResult[]): string {
  const total = (count: (result: RunResult) => number) =>
    results.reduce((sum, result) => sum + count(result), 0);
  const rows: [string, string | number][] = [
    ['seeds', `${results.length} (${results.filter(isClean).length} clean)`],
    ['transactions', total(({ transactions }) => transactions)],
    ['attempts', total(({ attempts }) => attempts.length)],
    ...OUTCOMES.map((outcome): [string, number] => [
      `  ${outcome}`,
      total(({ attempts }) => attempts.filter((attempt) => attempt.outcome === outcome).length),
    ]),
    ...countLeft(results),
    ...countFaults(results),
    ...countLimits(results),
    ['violations', total(({ violations }) => violations.length)],
    ...countRules(results),
    ['time', `${(total(({ tookMs }) => tookMs) / 1000).toFixed(0)} s`],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n');
}

/** What was done with one transaction and what became of it: enough to see the violation. */
export function story(result: RunResult, transactionId: string): string {
  const lines = result.violations
    .filter((violation) => violation.transactionId === transactionId)
    .map(({ rule, says }) => `  ${rule}: ${says}\n    (must hold: ${RULES[rule]})`);
  const attempts = result.attempts.filter((attempt) => attempt.transactionId === transactionId);
  const first = Math.min(...attempts.map(({ invokedAtMs }) => invokedAtMs));
  const last = Math.max(...attempts.map(({ completedAtMs }) => completedAtMs));
  const faults = result.disturbances
    .filter(({ beganMs, endedMs }) => endedMs >= first && beganMs <= last)
    .map(({ beganMs, endedMs, fault }) => `  ${beganMs}–${endedMs} ms ${JSON.stringify(fault)}`);
  const seen = [...result.healed].map(([region, there]) => {
    const { records, audits } = there.get(transactionId) ?? NOTHING_SEEN;
    return `  ${region}: ${JSON.stringify({ records, audits })}`;
  });
  return [
    `${transactionId} (seed ${result.seed})`,
    ...lines,
    ...attempts.toSorted((one, other) => one.number - other.number).map(attemptLine),
    ...faults,
    ...seen,
  ].join('\n');
}

function attemptLine(attempt: Attempt): string {
  const { number, invokedAtMs, completedAtMs, region, payment, isAsync, outcome, detail } = attempt;
  const left = isAsync ? ' left to Lambda' : '';
  return `  #${number} ${invokedAtMs}–${completedAtMs} ms ${region} ${moneyOf(payment)}${left} → ${outcome} ${detail.slice(0, 100)}`;
}

function isClean({ violations }: RunResult): boolean {
  return violations.length === 0;
}

/** Those that were left to Lambda and taken by it: what was given up may be paid, where the answer of its last try was lost. */
function countLeft(results: readonly RunResult[]): [string, number][] {
  const names = results.flatMap((result) =>
    result.attempts
      .filter(({ requestId }) => requestId !== undefined)
      .map((attempt) => {
        if (attempt.outcome !== 'given-up') return attempt.outcome;
        return isPaid(result, attempt) ? 'given up, though it was paid' : 'given up';
      }),
  );
  return tally(names, 'accepted by Lambda');
}

function isPaid({ healed }: RunResult, { transactionId, payment }: Attempt): boolean {
  return [...healed.values()].some((region) =>
    region
      .get(transactionId)
      ?.records.some(
        (record) => record.status === 'COMPLETED' && isSameMoney(record.payment, payment),
      ),
  );
}

function countFaults(results: readonly RunResult[]): [string, number][] {
  return tally(
    results.flatMap(({ disturbances }) => disturbances.map(({ fault }) => fault.kind)),
    'faults',
  );
}

function countRules(results: readonly RunResult[]): [string, number][] {
  const rules = results.flatMap(({ violations }) => violations.map(({ rule }) => rule));
  return tally(rules).slice(1);
}

function countLimits(results: readonly RunResult[]): [string, number][] {
  return tally(
    results.flatMap(({ limits }) =>
      [...limits].flatMap(([limit, count]) => Array.from({ length: count }, () => limit)),
    ),
    'within the documented limits',
  );
}

function tally(names: readonly string[], heading = ''): [string, number][] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const rows = [...counts].sort().map(([name, count]): [string, number] => [`  ${name}`, count]);
  return [[heading, names.length], ...rows];
}
