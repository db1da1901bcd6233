/** A program of somebody else's, run beside ours on 127.0.0.1 and ended with it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Longer than any of them takes to close its files. */
const IMPATIENCE_MS = 20_000;
const POLL_MS = 100;

/**
 * Starts it with its log in the state directory, as `<name>.log`; in a process group of its own, so that Ctrl-C reaches only us
 * and we end it in order. `ended` resolves when it is gone, for whatever reason; `end` asks it to go, and resolves when it is.
 */
export async function run({ name, stateDir, program, args, environment = process.env }) {
  const logPath = join(stateDir, `${name}.log`);
  const log = await open(logPath, 'w', 0o600);
  const child = spawn(program, args, {
    detached: true,
    env: environment,
    stdio: ['ignore', log.fd, log.fd],
  });
  await log.close();
  const ended = new Promise((resolve) => {
    child.on('error', resolve);
    child.on('exit', resolve);
  });
  const isRunning = () =>
    child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  return {
    name,
    logPath,
    isRunning,
    ended,
    end: async () => {
      if (!isRunning()) return;
      child.kill('SIGTERM');
      const impatience = globalThis.setTimeout(() => child.kill('SIGKILL'), IMPATIENCE_MS);
      await ended;
      clearTimeout(impatience);
    },
  };
}

/** Resolves when `isReady` does so with true. Rejects, naming the log, where one of the programs ends first or patience does. */
export async function untilReady({ programs, patienceMs, isReady }) {
  for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += POLL_MS) {
    const ended = programs.find(({ isRunning }) => !isRunning());
    if (ended !== undefined)
      throw new Error(`${ended.name} ended before it served; see ${ended.logPath}`);
    if (await isReady()) return;
    await sleep(POLL_MS);
  }
  const { name, logPath } = programs.at(-1);
  throw new Error(`${name} was not ready after ${patienceMs / 1000} s; see ${logPath}`);
}

/** Whether something accepts connections there. */
export function isListening(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

/** Free ports of 127.0.0.1, one for each number asked for; 0 is any. All are held at once, so that they differ. */
export async function freePorts(asked) {
  const servers = asked.map((port) => createServer().listen(port, '127.0.0.1'));
  try {
    await Promise.all(servers.map((server) => once(server, 'listening')));
    return servers.map((server) => server.address().port);
  } finally {
    for (const server of servers) server.close();
  }
}
