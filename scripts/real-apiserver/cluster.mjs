/**
 * A real cluster of one node's worth of control plane: etcd and kube-apiserver on free ports of 127.0.0.1.
 *
 * Certificates, tokens and objects are kept in the state directory, so the same kubeconfig works after a restart on the
 * same port. No controllers run: nothing collects garbage and no namespace ever finishes terminating.
 */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { freePorts, run, untilReady } from '../process/program.mjs';

const PATIENCE_MS = 60_000;

/** Starts both and resolves when /readyz says so. Rejects, with nothing left over, where one of them ends before that. */
export async function startCluster({ binary, stateDir, port = 0 }) {
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  const token = await kept(join(stateDir, 'token'), () => randomBytes(24).toString('hex'));
  const signingKey = join(stateDir, 'service-account.key');
  await kept(signingKey, newSigningKey);
  const tokens = join(stateDir, 'tokens.csv');
  await writeFile(tokens, `${token},admin,admin,system:masters\n`, { mode: 0o600 });
  const [etcdPort, peerPort, securePort] = await freePorts([0, 0, port]);
  const etcdUrl = `http://127.0.0.1:${etcdPort}`;
  const peerUrl = `http://127.0.0.1:${peerPort}`;
  const certificates = join(stateDir, 'certificates');

  const etcd = await run({
    name: 'etcd',
    stateDir,
    program: 'etcd',
    args: [
      `--data-dir=${join(stateDir, 'etcd')}`,
      `--listen-client-urls=${etcdUrl}`,
      `--advertise-client-urls=${etcdUrl}`,
      `--listen-peer-urls=${peerUrl}`,
      `--initial-advertise-peer-urls=${peerUrl}`,
      `--initial-cluster=default=${peerUrl}`,
    ],
  });
  const apiserver = await run({
    name: 'kube-apiserver',
    stateDir,
    program: binary,
    args: [
      `--etcd-servers=${etcdUrl}`,
      `--secure-port=${securePort}`,
      '--bind-address=127.0.0.1',
      `--cert-dir=${certificates}`,
      `--token-auth-file=${tokens}`,
      `--service-account-key-file=${signingKey}`,
      `--service-account-signing-key-file=${signingKey}`,
      '--service-account-issuer=https://kubernetes.default.svc',
      '--authorization-mode=RBAC',
      '--service-cluster-ip-range=10.0.0.0/24',
      '--disable-admission-plugins=ServiceAccount',
    ],
  });
  const close = async () => {
    // In this order: an API server without its etcd waits a long time before it gives up.
    await apiserver.end();
    await etcd.end();
  };
  const url = `https://127.0.0.1:${securePort}`;
  try {
    await untilReady({
      programs: [etcd, apiserver],
      patienceMs: PATIENCE_MS,
      isReady: () => isReady(url, token),
    });
    const ca = await readFile(join(certificates, 'apiserver.crt'));
    return { url, kubeconfig: kubeconfigOf(url, ca, token), ended: apiserver.ended, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function isReady(url, token) {
  return new Promise((resolve) => {
    const headers = { authorization: `Bearer ${token}` };
    // Its certificate is made as it starts: there is nothing to check it against yet, and all that is asked is whether it is up.
    request(`${url}/readyz`, { headers, rejectUnauthorized: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    })
      .on('error', () => resolve(false))
      .end();
  });
}

function kubeconfigOf(server, ca, token) {
  return `apiVersion: v1
kind: Config
clusters:
  - name: real
    cluster:
      server: ${server}
      certificate-authority-data: ${ca.toString('base64')}
users:
  - name: admin
    user:
      token: ${token}
contexts:
  - name: real
    context:
      cluster: real
      user: admin
current-context: real
`;
}

const newSigningKey = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  }).privateKey;

/** What an earlier run wrote there, else what `make` makes. */
async function kept(path, make) {
  try {
    return await readFile(path, 'utf8');
  } catch {
    const made = make();
    await writeFile(path, made, { mode: 0o600 });
    return made;
  }
}
