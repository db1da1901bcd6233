/** How our scripts say that they cannot go on: one line on stderr, and an exit code that tells callers why. */
import { spawnSync } from 'node:child_process';

/** The exit code where a program that is needed is not on this machine, so that callers can skip by name. */
export const ABSENT = 3;

/** What cannot go on, and the exit code for it. */
export class Refusal extends Error {
  constructor(exitCode, message) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Refuses with ABSENT, and the remedy, where `program` does not answer to `args`. */
export function requireProgram(program, args, remedy) {
  if (spawnSync(program, args, { stdio: 'ignore' }).status !== 0)
    throw new Refusal(ABSENT, `${program} is absent: ${remedy}`);
}

/** Runs the script to its end and sets its exit code. */
export async function runScript(name, main) {
  try {
    await main();
  } catch (error) {
    process.stderr.write(`${name}: ${error.message}\n`);
    process.exitCode = error instanceof Refusal ? error.exitCode : 1;
  }
}
