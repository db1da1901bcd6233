/**
 * `npm run argocd`: a real Argo CD on the cluster of a kubeconfig, to hold `deploy/argocd` and `examples/gitops` against.
 *
 * Builds it into a cache (some minutes, once), registers the cluster under the name `local`, starts its controllers and prints
 * `ready`; SIGTERM or Ctrl-C stops them. Exits 3 where a program that it needs is absent, so that callers can skip by name.
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildPrograms, findPrograms, moduleDirectory, VERSION } from './argocd/binary.mjs';
import { register } from './argocd/registration.mjs';
import { startServers } from './argocd/servers.mjs';
import { ABSENT, Refusal, requireProgram, runScript } from './process/refusal.mjs';

const USAGE = `usage: npm run argocd -- [options]

  --kubeconfig <file>  the cluster to work on (default: .payments-dr/kubeconfig)
  --state <dir>        where its logs are kept (default: .payments-dr/argocd)
  --is-built           only say where the binary is: exits 0 where it and redis are present, else 3

exit codes: 0 stopped when asked to, 1 failed, 2 misuse, 3 a program is absent: Go to build with, redis, git or kubectl
`;

async function main() {
  const options = parseOptions();
  if (options.help) return void process.stdout.write(USAGE);
  requireProgram('redis-server', ['--version'], 'install it: apt-get install redis-server');
  requireProgram('git', ['--version'], 'install it: apt-get install git');
  requireProgram('kubectl', ['version', '--client'], 'https://kubernetes.io/docs/tasks/tools');
  requireProgram('go', ['version'], 'install Go 1.25 or later: https://go.dev/dl');
  let programs = await findPrograms();
  if (options['is-built']) {
    if (programs === undefined)
      throw new Refusal(ABSENT, 'Argo CD is not built: npm run argocd builds it');
    return void process.stdout.write(`${programs.argocd}\n`);
  }
  if (programs === undefined) {
    process.stderr.write(`building Argo CD ${VERSION} and Kustomize: some minutes, this once\n`);
    programs = await buildPrograms();
  }
  await serve(programs, resolve(options.kubeconfig), resolve(options.state));
}

async function serve(programs, kubeconfig, stateDir) {
  const stopped = new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => resolve('asked to'));
  });
  await register({ kubeconfig, moduleDirectory: await moduleDirectory() });
  const servers = await startServers({ programs, kubeconfig, stateDir });
  try {
    process.stdout.write(`ready argocd ${VERSION}\n`);
    const why = await Promise.race([stopped, servers.ended.then(() => 'by itself')]);
    if (why === 'by itself') throw new Refusal(1, `a part of it ended by itself; see ${stateDir}`);
  } finally {
    await servers.close();
  }
}

function parseOptions() {
  try {
    const { values } = parseArgs({
      options: {
        kubeconfig: { type: 'string', default: '.payments-dr/kubeconfig' },
        state: { type: 'string', default: '.payments-dr/argocd' },
        'is-built': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    return values;
  } catch (error) {
    throw new Refusal(2, `${error.message}\n${USAGE}`);
  }
}

await runScript('argocd', main);
