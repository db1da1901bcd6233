/**
 * `npm run real-apiserver`: a real kube-apiserver and etcd, to hold the local one against.
 *
 * Builds kube-apiserver into a cache (some minutes, once), starts it and prints `ready https://…`; SIGTERM or Ctrl-C stops
 * both. Exits 3 where a program that it needs is absent, so that callers can skip by name.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildBinary, findBinary, VERSION } from './real-apiserver/binary.mjs';
import { startCluster } from './real-apiserver/cluster.mjs';
import { ABSENT, Refusal, requireProgram, runScript } from './process/refusal.mjs';

const USAGE = `usage: npm run real-apiserver -- [options]

  --state <dir>              where objects, certificates and logs are kept (default: .payments-dr/real-apiserver)
  --port <n>                 port of the Kubernetes API (default: 0, any free one)
  --write-kubeconfig <file>  also write the kubeconfig here
  --is-built                 only say where the binary is: exits 0 where it and etcd are present, else 3

exit codes: 0 stopped when asked to, 1 failed, 2 misuse, 3 a program is absent: Go to build with, or etcd
`;

async function main() {
  const options = parseOptions();
  if (options.help) return void process.stdout.write(USAGE);
  requireProgram('etcd', ['--version'], 'install it: apt-get install etcd-server');
  let binary = await findBinary();
  if (options['is-built']) {
    if (binary === undefined)
      throw new Refusal(ABSENT, 'kube-apiserver is not built: npm run real-apiserver builds it');
    return void process.stdout.write(`${binary}\n`);
  }
  if (binary === undefined) {
    requireProgram('go', ['version'], 'install Go 1.24 or later: https://go.dev/dl');
    process.stderr.write(`building kube-apiserver ${VERSION}: some minutes, this once\n`);
    binary = await buildBinary();
  }
  await serve(binary, options);
}

async function serve(binary, { state, port, 'write-kubeconfig': copy }) {
  const stopped = new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => resolve('asked to'));
  });
  const cluster = await startCluster({ binary, stateDir: state, port: Number(port) });
  try {
    for (const path of [join(state, 'kubeconfig'), copy]) {
      if (path !== undefined) await writeFile(path, cluster.kubeconfig, { mode: 0o600 });
    }
    process.stdout.write(`ready ${cluster.url}\n`);
    const why = await Promise.race([stopped, cluster.ended.then(() => 'by itself')]);
    if (why === 'by itself')
      throw new Refusal(
        1,
        `kube-apiserver ended by itself; see ${join(state, 'kube-apiserver.log')}`,
      );
  } finally {
    await cluster.close();
  }
}

function parseOptions() {
  try {
    const { values } = parseArgs({
      options: {
        state: { type: 'string', default: '.payments-dr/real-apiserver' },
        port: { type: 'string', default: '0' },
        'write-kubeconfig': { type: 'string' },
        'is-built': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (!/^\d{1,5}$/.test(values.port) || Number(values.port) > 65_535)
      throw new Error(`--port ${values.port}: a port is a number from 0 to 65535`);
    return values;
  } catch (error) {
    throw new Refusal(2, `${error.message}\n${USAGE}`);
  }
}

await runScript('real-apiserver', main);
