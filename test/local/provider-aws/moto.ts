/** moto, an AWS that nobody here wrote, as a server of a test's own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';

export interface Moto {
  readonly url: string;
  stop(): Promise<void>;
}

/** Whether `moto_server` (PyPI: moto[server]) is on this machine. */
export const hasMoto = (process.env.PATH ?? '').split(delimiter).some((folder) => {
  try {
    accessSync(join(folder, 'moto_server'), constants.X_OK);
    return true;
  } catch {
    return false;
  }
});

export async function startMoto(): Promise<Moto> {
  const child = spawn('moto_server', ['-p', '0'], { stdio: ['ignore', 'ignore', 'pipe'] });
  const exited = once(child, 'exit');
  for await (const line of createInterface({ input: child.stderr })) {
    const url = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(line)?.[1];
    if (url === undefined) continue;
    child.stderr.resume();
    return {
      url,
      stop: async () => {
        child.kill();
        await exited;
      },
    };
  }
  throw new Error('moto_server ended before it served');
}
