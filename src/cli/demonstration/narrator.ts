/**
 * Tells the demonstration as it goes: one line a step, with what was seen and how long it took; a summary at the end.
 *
 * Colour and redrawing only on a terminal; elsewhere the same lines, plain.
 */
import type { Colors } from 'picocolors/types.js';
import type { Clock } from '../../support/clock.js';
import { coloursOf, isTerminal } from '../view/colours.js';
import { describeError } from '../view/error-report.js';
import { LiveRegion } from '../view/live-region.js';

/** A figure of the demonstration, as `--write-measurements` writes it. */
export interface Measurement {
  readonly what: string;
  readonly value: number;
  readonly unit: Unit;
}

type Unit = 'ms' | 'MiB' | 'passes';

export class Narrator {
  readonly colour: Colors;
  readonly live: LiveRegion;
  readonly measurements: Measurement[] = [];

  constructor(
    private readonly out: NodeJS.WriteStream,
    private readonly clock: Clock,
  ) {
    this.colour = coloursOf(out);
    this.live = new LiveRegion(out);
  }

  get isLive(): boolean {
    return isTerminal(this.out);
  }

  say(line: string): void {
    this.out.write(`${line}\n`);
  }

  heading(text: string): void {
    this.say(`\n${this.colour.bold(text)}`);
  }

  done(title: string, seen: string, tookMs?: number): void {
    const took = tookMs === undefined ? '' : `  ${this.colour.dim(formatMs(tookMs))}`;
    this.say(`  ${this.colour.green('✔')} ${title}${seen === '' ? '' : `  ${seen}`}${took}`);
  }

  /** Runs a step and tells how it went. Rethrows its failure once told. */
  async step<T>(
    title: string,
    run: () => Promise<{ readonly value: T; readonly seen: string }>,
  ): Promise<T> {
    const beganMs = this.clock.now();
    try {
      const { value, seen } = await run();
      this.done(title, seen, this.clock.now() - beganMs);
      return value;
    } catch (error) {
      this.say(`  ${this.colour.red('✘')} ${title}`);
      this.say(describeError(error, this.colour).replace(/^/gm, '    '));
      throw new StepFailed(title, error);
    }
  }

  measure(what: string, value: number, unit: Unit = 'ms'): void {
    this.measurements.push({ what, value, unit });
  }

  summary(): void {
    this.heading('Measured');
    const width = Math.max(...this.measurements.map(({ what }) => what.length));
    const figures = this.measurements.map(({ value, unit }) =>
      unit === 'ms' ? formatMs(value) : `${Math.round(value)} ${unit}`,
    );
    const figureWidth = Math.max(...figures.map(({ length }) => length));
    this.measurements.forEach(({ what }, index) => {
      this.say(`  ${what.padEnd(width)}  ${(figures[index] ?? '').padStart(figureWidth)}`);
    });
  }
}

/** A step of the demonstration did not hold; it has been told already. */
export class StepFailed extends Error {
  override readonly name = 'StepFailed';

  constructor(title: string, cause: unknown) {
    super(title, { cause });
  }
}

export function formatMs(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(2)} s`;
}
