/**
 * Programs of other projects, built once from their Go modules into a cache outside the tree and found there afterwards.
 *
 * Each has a directory of its own: `$XDG_CACHE_HOME/payments-dr/<name>/<version>`, or below `~/.cache`.
 */
import { spawn } from 'node:child_process';
import { access, mkdir, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

export class CachedBinary {
  /** `command` is the Go package of the program. */
  constructor({ name, version, command }) {
    this.name = name;
    this.version = version;
    this.command = command;
    this.directory = join(
      process.env.XDG_CACHE_HOME || join(homedir(), '.cache'),
      'payments-dr',
      name,
      version,
    );
  }

  /** Where it is, or undefined where none is built. */
  async find() {
    const binary = join(this.directory, this.name);
    return access(binary).then(
      () => binary,
      () => undefined,
    );
  }

  /** Builds it, some minutes on a cold cache of Go's. `goModule` is the text of its go.mod. Rejects with the last words of Go. */
  async build({ goModule, module, flags = [] }) {
    await mkdir(this.directory, { recursive: true });
    await writeFile(join(this.directory, 'go.mod'), goModule);
    await writeFile(
      join(this.directory, 'tools.go'),
      `//go:build tools\n\npackage tools\n\nimport _ "${this.command}"\n`,
    );
    // Renamed when whole: an interrupted build is never taken for a binary.
    const unfinished = join(this.directory, `${this.name}.${process.pid}`);
    await go(this.directory, ['get', module]);
    await go(this.directory, ['build', ...flags, '-o', unfinished, this.command]);
    const binary = join(this.directory, this.name);
    await rename(unfinished, binary);
    return binary;
  }
}

/** Resolves with what it printed. */
export function go(directory, args) {
  return new Promise((resolve, reject) => {
    const child = spawn('go', args, {
      cwd: directory,
      env: { ...process.env, GOFLAGS: '-mod=mod' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let printed = '';
    let said = '';
    child.stdout.on('data', (chunk) => (printed += chunk));
    child.stderr.on('data', (chunk) => (said = (said + chunk).slice(-4096)));
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve(printed) : reject(new Error(`go ${args[0]} failed:\n${said}`)),
    );
  });
}
