/**
 * A real cluster of one node's worth of control plane: etcd and kube-apiserver on free ports of 127.0.0.1.
 *
 * Certificates, tokens and objects are kept in the state directory, so the same kubeconfig works after a restart on the
 * same port. No controllers run: nothing collects garbage and no namespace ever finishes terminating.
 */
import { spawn } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { open, mkdir, readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 60_000;
const POLL_MS = 100;

/** Starts both and resolves when /readyz says so. Rejects, with nothing left over, where one of them ends before that. */
export async function startCluster({ binary, stateDir, port = 0 }) {
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  const token = await kept(join(stateDir, 'token'), () => randomBytes(24).toString('hex'));
  const signingKey = join(stateDir, 'service-account.key');
  await kept(signingKey, newSigningKey);
  const tokens = join(stateDir, 'tokens.csv');
  await writeFile(tokens, `${token},admin,admin,system:masters\n`, { mode: 0o600 });
  const [etcdPort, peerPort, securePort] = await freePorts(port);
  const etcdUrl = `http://127.0.0.1:${etcdPort}`;
  const peerUrl = `http://127.0.0.1:${peerPort}`;
  const certificates = join(stateDir, 'certificates');

  const etcd = await run('etcd', stateDir, [
    `--data-dir=${join(stateDir, 'etcd')}`,
    `--listen-client-urls=${etcdUrl}`,
    `--advertise-client-urls=${etcdUrl}`,
    `--listen-peer-urls=${peerUrl}`,
    `--initial-advertise-peer-urls=${peerUrl}`,
    `--initial-cluster=default=${peerUrl}`,
  ]);
  const apiserver = await run(binary, stateDir, [
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
  ]);
  const close = async () => {
    // In this order: an API server without its etcd waits a long time before it gives up.
    await apiserver.end();
    await etcd.end();
  };
  const url = `https://127.0.0.1:${securePort}`;
  try {
    await untilReady(url, token, [etcd, apiserver]);
    const ca = await readFile(join(certificates, 'apiserver.crt'));
    return { url, kubeconfig: kubeconfigOf(url, ca, token), ended: apiserver.ended, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** One program with its log in the state directory; in a process group of its own, so that Ctrl-C reaches only us and we end it in order. */
async function run(program, stateDir, args) {
  const name = program.split('/').at(-1);
  const logPath = join(stateDir, `${name}.log`);
  const log = await open(logPath, 'w', 0o600);
  const child = spawn(program, args, { detached: true, stdio: ['ignore', log.fd, log.fd] });
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
      const impatience = globalThis.setTimeout(() => child.kill('SIGKILL'), 20_000);
      await ended;
      clearTimeout(impatience);
    },
  };
}

async function untilReady(url, token, programs) {
  for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += POLL_MS) {
    const ended = programs.find(({ isRunning }) => !isRunning());
    if (ended !== undefined)
      throw new Error(`${ended.name} ended before it served; see ${ended.logPath}`);
    if (await isReady(url, token)) return;
    await sleep(POLL_MS);
  }
  throw new Error(
    `kube-apiserver was not ready after ${PATIENCE_MS / 1000} s; see ${programs[1].logPath}`,
  );
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

/** Two free ports for etcd and, where `asked` is 0, one for the API server: all held at once, so that they differ. */
async function freePorts(asked) {
  const servers = [0, 0, asked].map((port) => createServer().listen(port, '127.0.0.1'));
  try {
    await Promise.all(servers.map((server) => once(server, 'listening')));
    return servers.map((server) => server.address().port);
  } finally {
    for (const server of servers) server.close();
  }
}
