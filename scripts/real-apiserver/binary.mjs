/**
 * The kube-apiserver binary: built once from its Go module into a cache outside the tree, found there afterwards.
 *
 * Upstream publishes no module that can be installed by name: its staging modules are replaced by directories of its own
 * repository. The same modules are published one by one as v0.MINOR.PATCH, and those are put in their place here.
 */
import { spawn } from 'node:child_process';
import { access, mkdir, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

export const VERSION = '1.34.3';

/** Every module that the go.mod of this version replaces by ./staging/src/k8s.io/…. */
const STAGING_MODULES = [
  'api',
  'apiextensions-apiserver',
  'apimachinery',
  'apiserver',
  'cli-runtime',
  'client-go',
  'cloud-provider',
  'cluster-bootstrap',
  'code-generator',
  'component-base',
  'component-helpers',
  'controller-manager',
  'cri-api',
  'cri-client',
  'csi-translation-lib',
  'dynamic-resource-allocation',
  'endpointslice',
  'externaljwt',
  'kms',
  'kube-aggregator',
  'kube-controller-manager',
  'kube-proxy',
  'kube-scheduler',
  'kubectl',
  'kubelet',
  'metrics',
  'mount-utils',
  'pod-security-admission',
  'sample-apiserver',
  'sample-cli-plugin',
  'sample-controller',
];

const COMMAND = 'k8s.io/kubernetes/cmd/kube-apiserver';

const cacheDirectory = () =>
  join(
    process.env.XDG_CACHE_HOME || join(homedir(), '.cache'),
    'payments-dr/kube-apiserver',
    VERSION,
  );

/** Where the binary is, or undefined where none is built. */
export async function findBinary() {
  const binary = join(cacheDirectory(), 'kube-apiserver');
  return access(binary).then(
    () => binary,
    () => undefined,
  );
}

/** Builds it, some minutes on a cold cache of Go's. Rejects with what Go said as its last words. */
export async function buildBinary() {
  const directory = cacheDirectory();
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'go.mod'), goModule());
  await writeFile(
    join(directory, 'tools.go'),
    `//go:build tools\n\npackage tools\n\nimport _ "${COMMAND}"\n`,
  );
  // Renamed when whole: an interrupted build is never taken for a binary.
  const unfinished = join(directory, `kube-apiserver.${process.pid}`);
  await go(directory, ['get', `k8s.io/kubernetes@v${VERSION}`]);
  await go(directory, ['build', '-ldflags', versionFlags(), '-o', unfinished, COMMAND]);
  const binary = join(directory, 'kube-apiserver');
  await rename(unfinished, binary);
  return binary;
}

function goModule() {
  const staged = `v${VERSION.replace(/^1/, '0')}`;
  const replaced = STAGING_MODULES.map((name) => `\tk8s.io/${name} => k8s.io/${name} ${staged}\n`);
  return `module real-apiserver\n\ngo 1.24.0\n\nrequire k8s.io/kubernetes v${VERSION}\n\nreplace (\n${replaced.join('')})\n`;
}

/** Without them it calls itself v0.0.0-master. */
function versionFlags() {
  const [major, minor] = VERSION.split('.');
  const facts = { gitVersion: `v${VERSION}`, gitMajor: major, gitMinor: minor };
  return Object.entries(facts)
    .map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`)
    .join(' ');
}

function go(directory, args) {
  return new Promise((resolve, reject) => {
    const environment = { ...process.env, GOFLAGS: '-mod=mod' };
    const child = spawn('go', args, {
      cwd: directory,
      env: environment,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk) => (said = (said + chunk).slice(-4096)));
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`go ${args[0]} failed:\n${said}`)),
    );
  });
}
