/** What Argo CD needs to find in the cluster before it starts: its CRDs, its settings, and the cluster itself, registered by its real address. */
import { randomBytes } from 'node:crypto';
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { NAMESPACE } from './servers.mjs';

/** The name by which applications say where they go: Argo CD's own name for its cluster stands for an address inside it. */
export const CLUSTER_NAME = 'local';

const SETTINGS = new URL('../../deploy/argocd/settings.yaml', import.meta.url);
const LABELS = { 'app.kubernetes.io/part-of': 'argocd' };

/** Applies all of it; `moduleDirectory` is where the source of Argo CD is, which has the CRDs. */
export async function register({ kubeconfig, moduleDirectory }) {
  const apply = (...args) =>
    kubectl(kubeconfig, ['apply', '--server-side', '--force-conflicts', ...args]);
  await apply('-f', join(moduleDirectory, 'manifests/crds/application-crd.yaml'));
  await apply('-f', join(moduleDirectory, 'manifests/crds/applicationset-crd.yaml'));
  await apply('-f', join(moduleDirectory, 'manifests/crds/appproject-crd.yaml'));
  const settings = parse(await readFile(SETTINGS, 'utf8'), { version: '1.1' });
  const objects = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
    settings,
    ...['argocd-rbac-cm', 'argocd-gpg-keys-cm'].map((name) => own('ConfigMap', name, {})),
    own('Secret', 'argocd-secret', {
      stringData: { 'server.secretkey': randomBytes(24).toString('base64') },
    }),
    await registered(kubeconfig),
  ];
  await kubectl(
    kubeconfig,
    ['apply', '--server-side', '--force-conflicts', '-f', '-'],
    JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }),
  );
}

function own(kind, name, content, labels = {}) {
  const metadata = { name, namespace: NAMESPACE, labels: { ...LABELS, ...labels } };
  return { apiVersion: 'v1', kind, metadata, ...content };
}

async function registered(kubeconfig) {
  const config = parse(await kubectl(kubeconfig, ['config', 'view', '--raw', '--minify']));
  const [{ cluster }] = config.clusters;
  const [{ user }] = config.users;
  const tlsClientConfig = {
    caData: cluster['certificate-authority-data'],
    ...(user['client-certificate-data'] && {
      certData: user['client-certificate-data'],
      keyData: user['client-key-data'],
    }),
  };
  const connection = { ...(user.token && { bearerToken: user.token }), tlsClientConfig };
  return own(
    'Secret',
    `cluster-${CLUSTER_NAME}`,
    {
      stringData: {
        name: CLUSTER_NAME,
        server: cluster.server,
        config: JSON.stringify(connection),
      },
    },
    { 'argocd.argoproj.io/secret-type': 'cluster' },
  );
}

/** Resolves with what kubectl printed; rejects with what it said. */
function kubectl(kubeconfig, args, input = '') {
  return new Promise((resolve, reject) => {
    const child = spawn('kubectl', ['--kubeconfig', kubeconfig, ...args]);
    let printed = '';
    let said = '';
    child.stdout.on('data', (chunk) => (printed += chunk));
    child.stderr.on('data', (chunk) => (said += chunk));
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve(printed) : reject(new Error(`kubectl ${args[0]}: ${said.trim()}`)),
    );
    child.stdin.end(input);
  });
}
