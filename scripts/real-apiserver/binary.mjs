/**
 * The kube-apiserver binary: built once from its Go module into a cache outside the tree, found there afterwards.
 *
 * Upstream publishes no module that can be installed by name: its staging modules are replaced by directories of its own
 * repository. The same modules are published one by one as v0.MINOR.PATCH, and those are put in their place here.
 */
import { CachedBinary } from '../go/cached-binary.mjs';

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

const kubeApiserver = new CachedBinary({
  name: 'kube-apiserver',
  version: VERSION,
  command: 'k8s.io/kubernetes/cmd/kube-apiserver',
});

/** Where the binary is, or undefined where none is built. */
export const findBinary = () => kubeApiserver.find();

/** Builds it, some minutes on a cold cache of Go's. Rejects with what Go said as its last words. */
export function buildBinary() {
  return kubeApiserver.build({
    module: `k8s.io/kubernetes@v${VERSION}`,
    goModule: goModule(),
    flags: ['-ldflags', versionFlags()],
  });
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
