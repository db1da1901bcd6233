/** The faults that are switched on, as a table: one line each, with the command that ends it. */
import type { FaultReport } from '../platform/fault-switch.js';

const OUTAGES: Readonly<Record<string, string>> = {
  refuse: 'connections are refused',
  hang: 'calls are never answered',
  '503': 'every service answers 503',
};
const MISHAPS: Readonly<Record<string, string>> = {
  throttle: 'throttle',
  slow: 'slow',
  loseResponse: 'lose-responses',
  crash: 'crash',
};

/** @returns lines without a line break at the end; one sentence where nothing is switched on */
export function faultTable(report: FaultReport): string {
  const rows = rowsOf(report);
  if (rows.length === 0) return 'no faults: every region is up, every link whole';
  const lines = [['WHERE', 'FAULT', 'ENDS WITH'], ...rows];
  const widths = [0, 1].map((column) => Math.max(...lines.map((row) => row[column]?.length ?? 0)));
  const table = lines.map((row) =>
    row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('   '),
  );
  return [...table, ...(report.mishaps.length > 0 ? [`seed ${report.seed}`] : [])].join('\n');
}

function rowsOf(report: FaultReport): string[][] {
  return [
    ...Object.entries(report.outages).map(([region, manner]) => [
      region,
      `down: ${OUTAGES[manner] ?? manner}`,
      `region up ${region}`,
    ]),
    ...report.partitions.map(([one, other]) => [
      `${one} | ${other}`,
      'partition: nothing replicates',
      `region heal ${one} ${other}`,
    ]),
    ...report.paused.map((way) => [
      way.replace('>', ' > '),
      'replication is paused',
      `region resume ${way.replace('>', ' ')}`,
    ]),
    ...Object.entries(report.lagMs).map(([way, lagMs]) => [
      way.replace('>', ' > '),
      `replication takes ${lagMs} ms`,
      `region lag ${way.replace('>', ' ')} 50`,
    ]),
    ...Object.entries(report.skewMs).map(([region, aheadMs]) => [
      region,
      `clock is ${Math.abs(aheadMs)} ms ${aheadMs > 0 ? 'ahead' : 'behind'}`,
      `region skew ${region} 0`,
    ]),
    ...report.mishaps.map(mishapRow),
  ];
}

function mishapRow(mishap: FaultReport['mishaps'][number]): string[] {
  const { kind, region, service, resource, probability = 1, withinMs } = mishap;
  const command = MISHAPS[kind] ?? kind;
  const place = [region, service, resource].filter((part) => part !== undefined).join(' ');
  const share = probability === 1 ? 'every call' : `${probability * 100} % of calls`;
  const time = withinMs === undefined ? '' : `, within ${withinMs} ms`;
  const options = [
    ...(service === undefined ? [] : [` --service ${service}`]),
    ...(resource === undefined ? [] : [` --resource ${resource}`]),
  ].join('');
  return [place, `${command}: ${share}${time}`, `region ${command} ${region}${options} --off`];
}
