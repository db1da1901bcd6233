/**
 * Argo CD without its user interface: redis, the repo server, the application controller and the one for ApplicationSets, as
 * processes of this machine that work on the cluster of a kubeconfig. Everything listens on 127.0.0.1 only.
 */
import { mkdir } from 'node:fs/promises';
import { delimiter, dirname } from 'node:path';
import { freePorts, isListening, run, untilReady } from '../process/program.mjs';

export const NAMESPACE = 'argocd';

const PATIENCE_MS = 60_000;

/** Starts them and resolves when all of them serve. Rejects, with nothing left over, where one ends before that. */
export async function startServers({ programs: { argocd, kustomize }, kubeconfig, stateDir }) {
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  const [redis, repository, metrics, controller, sets, probe, webhook] = await freePorts(
    Array.from({ length: 7 }, () => 0),
  );
  const onLoopback = (port) => `127.0.0.1:${port}`;
  const programs = [];
  const start = async (name, program, args, servesOn, environment) => {
    programs.push(await run({ name, stateDir, program, args, environment }));
    const isReady = () => isListening(servesOn);
    await untilReady({ programs, patienceMs: PATIENCE_MS, isReady });
  };
  const startPart = (part, args, servesOn) =>
    start(`argocd-${part}`, argocd, args, servesOn, {
      ...process.env,
      PATH: `${dirname(kustomize)}${delimiter}${process.env.PATH ?? ''}`,
      KUBECONFIG: kubeconfig,
      ARGOCD_BINARY_NAME: `argocd-${part}`,
      ARGOCD_GPG_ENABLED: 'false',
      // As often as a person who watches would look: in production a push is told by a webhook. Its own manifests, which are not
      // used here, take this from argocd-cm.
      ARGOCD_RECONCILIATION_TIMEOUT: '10s',
      ARGOCD_RECONCILIATION_JITTER: '0s',
    });
  const close = async () => {
    for (const program of programs.toReversed()) await program.end();
  };
  try {
    await start(
      'redis',
      'redis-server',
      ['--port', redis, '--bind', '127.0.0.1', '--save', '', '--dir', stateDir].map(String),
      redis,
    );
    await startPart(
      'repo-server',
      [
        ...['--redis', onLoopback(redis), '--disable-tls'],
        ...['--address', '127.0.0.1', '--port', String(repository)],
        ...['--metrics-address', '127.0.0.1', '--metrics-port', String(metrics)],
      ],
      repository,
    );
    const ofRepository = (flag) => [flag, onLoopback(repository), '--repo-server-plaintext'];
    await startPart(
      'application-controller',
      [
        ...['--kubeconfig', kubeconfig, '-n', NAMESPACE, '--redis', onLoopback(redis)],
        ...ofRepository('--repo-server'),
        ...['--metrics-port', String(controller)],
      ],
      controller,
    );
    await startPart(
      'applicationset-controller',
      [
        ...['--kubeconfig', kubeconfig, '-n', NAMESPACE, '--enable-leader-election=false'],
        ...ofRepository('--argocd-repo-server'),
        ...['--metrics-addr', onLoopback(sets), '--probe-addr', onLoopback(probe)],
        ...['--webhook-addr', onLoopback(webhook)],
      ],
      probe,
    );
    return { ended: Promise.race(programs.map(({ ended }) => ended)), close };
  } catch (error) {
    await close();
    throw error;
  }
}
