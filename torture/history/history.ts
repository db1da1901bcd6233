/**
 * The history of one run, a line of JSON for each thing that happened, in the order in which it happened.
 *
 * Written to its file as it goes: a run that is ended half-way leaves what it has done.
 */
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Attempt } from './attempt.js';
import type { Disturbance, Fault } from './fault.js';

export type Invocation = Omit<
  Attempt,
  'number' | 'completedAtMs' | 'outcome' | 'detail' | 'invokedAtMs' | 'requestId'
>;
export type Result = Pick<Attempt, 'outcome' | 'detail' | 'requestId'>;

export class History {
  readonly attempts: Attempt[] = [];
  readonly disturbances: Disturbance[] = [];
  readonly #file: number;
  #invoked = 0;

  constructor(
    path: string,
    /** Milliseconds since the run began. */
    readonly elapsedMs: () => number,
  ) {
    mkdirSync(dirname(path), { recursive: true });
    this.#file = openSync(path, 'w');
  }

  note(type: string, content: object): void {
    writeSync(this.#file, `${JSON.stringify({ type, atMs: this.elapsedMs(), ...content })}\n`);
  }

  /** Notes that a client sends; the function it returns notes what came of it. */
  invoke(invocation: Invocation): (result: Result) => Attempt {
    this.#invoked += 1;
    const number = this.#invoked;
    const invokedAtMs = this.elapsedMs();
    this.note('invoke', { number, ...invocation });
    return (result) => {
      const completedAtMs = this.elapsedMs();
      const attempt = { number, ...invocation, invokedAtMs, completedAtMs, ...result };
      this.attempts.push(attempt);
      this.note('complete', { number, ...result });
      return attempt;
    };
  }

  /** Those that were accepted, and of which is not known yet what became of them. */
  get accepted(): Attempt[] {
    return this.attempts.filter(({ outcome }) => outcome === 'accepted');
  }

  /** Notes what became of an attempt that was accepted. */
  resolve(accepted: Attempt, result: Omit<Result, 'requestId'>): void {
    const { number } = accepted;
    const at = this.attempts.findIndex((attempt) => attempt.number === number);
    this.attempts[at] = { ...accepted, ...result, completedAtMs: this.elapsedMs() };
    this.note('resolved', { number, ...result });
  }

  /** Notes that a fault begins, to be called before it does; the function it returns is to be called when it is over. */
  begin(fault: Fault): () => void {
    const beganMs = this.elapsedMs();
    this.note('fault-begins', fault);
    return () => {
      this.disturbances.push({ fault, beganMs, endedMs: this.elapsedMs() });
      this.note('fault-ended', fault);
    };
  }

  close(): void {
    closeSync(this.#file);
  }
}
