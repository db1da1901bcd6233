/** The benchmark's table: aligned columns, one row a figure. */
export interface Row {
  readonly figure: string;
  readonly measured: string;
  readonly goal?: string;
  /** How it compares with another figure of the same run. */
  readonly ratio?: string;
}

const HEADINGS: Required<Row> = {
  figure: 'figure',
  measured: 'measured',
  goal: 'goal',
  ratio: 'compared',
};

export function printTable(rows: readonly Row[]): void {
  const columns = ['figure', 'measured', 'goal', 'ratio'] as const;
  const all = [HEADINGS, ...rows];
  const widths = columns.map((column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  for (const row of all) {
    const cells = columns.map((column, index) => (row[column] ?? '').padEnd(widths[index] ?? 0));
    process.stdout.write(`${cells.join('  ').trimEnd()}\n`);
  }
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

/** Minimum, median and maximum, in the unit given. */
export function spread(values: readonly number[], unit: string, digits = 0): string {
  const [least, median, most] = [0, 0.5, 1].map((share) => quantile(values, share).toFixed(digits));
  return `${median ?? ''} ${unit} (${least ?? ''}–${most ?? ''})`;
}
