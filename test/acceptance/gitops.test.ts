/**
 * GitOps from end to end: the example's claims by kustomize, then the whole of it by a real Argo CD from a git repository.
 *
 * The part with Argo CD takes minutes: it runs where PDR_ARGOCD is set and `npm run argocd` has built one.
 */
import { execFileSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { REPOSITORY } from '../../src/definition/gitops/repository.js';
import { OWN_CLUSTER } from '../../src/definition/gitops/argocd-projects.js';
import { startedPlatform, type APlatform } from '../builders/a-platform.js';
import { isInstalled, testWith } from '../builders/a-program.js';
import { anArgocd, CLUSTER_NAME, isArgocdBuilt, type Argocd } from '../builders/an-argocd.js';

const withKubectl = testWith('kubectl', ['version', '--client']);
const canRunArgocd =
  process.env.PDR_ARGOCD !== undefined &&
  isInstalled('kubectl', 'version', '--client') &&
  isArgocdBuilt();
const withArgocd = canRunArgocd ? test : test.skip;

const PATIENCE_MS = 120_000;
const POLL_MS = 250;

async function eventually<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const beganMs = Date.now();
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (Date.now() - beganMs > PATIENCE_MS) throw new Error(`in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

describe('kubectl apply -k examples/gitops', () => {
  let platform: APlatform;
  beforeAll(async () => {
    platform = await startedPlatform();
  }, 120_000);
  afterAll(() => platform.stop());

  withKubectl(
    'gives claims that become Ready, one for each team and environment',
    async () => {
      expect(await platform.kubectl('apply', '-k', 'examples/gitops')).toMatchObject({ code: 0 });
      const wait = ['wait', '--for=condition=Ready', 'pdr', '--all', '-A', '--timeout=240s'];
      const { code, stdout } = await platform.kubectl(...wait);
      expect({ code, claims: stdout.match(/condition met/g)?.length }).toEqual({
        code: 0,
        claims: 3,
      });
    },
    300_000,
  );
});

interface Application {
  readonly status?: {
    readonly sync?: { readonly status: string };
    readonly health?: { readonly status: string };
    readonly operationState?: { readonly message?: string };
    readonly resources?: readonly {
      readonly kind: string;
      readonly name: string;
      readonly status?: string;
      readonly requiresDeletionConfirmation?: boolean;
    }[];
  };
}

const PROD = 'payments-payments-prod';

describe('a real Argo CD', () => {
  let repository: string;
  let platform: APlatform;
  let argocd: Argocd | undefined;

  beforeAll(async () => {
    if (!canRunArgocd) return;
    [platform, repository] = await Promise.all([startedPlatform(), aRepository()]);
    argocd = await anArgocd(platform.kubeconfig);
  }, 120_000);
  afterAll(async () => {
    if (argocd === undefined) return;
    await argocd.stop();
    await platform.stop();
    await rm(repository, { recursive: true, force: true });
  }, 60_000);

  /** Of a file in deploy/argocd, for this repository and this cluster. */
  async function applied(file: string): Promise<void> {
    const text = (await readFile(join('deploy/argocd', file), 'utf8'))
      .replaceAll(REPOSITORY.url, `file://${repository}`)
      .replaceAll(`server: ${OWN_CLUSTER}`, `name: ${CLUSTER_NAME}`)
      .replace(/requeueAfterSeconds: \d+/, 'requeueAfterSeconds: 5')
      // The platform has ProviderConfigs of its own, which reach the local AWS.
      .replace(/ {4}- directory:\n(?: {6}.*\n)+/, '');
    const path = join(repository, '..', `${file}-${process.pid}`);
    await writeFile(path, text);
    const result = await platform.kubectl('apply', '-f', path);
    await rm(path);
    expect(result).toMatchObject({ code: 0 });
  }

  async function applicationOf(name: string): Promise<Application['status']> {
    const { code, stdout } = await platform.kubectl(
      ...['get', 'applications.argoproj.io', '-n', 'argocd', name, '-o', 'json'],
    );
    return code === 0 ? (JSON.parse(stdout) as Application).status : undefined;
  }

  async function claim(namespace: string, name: string, path: string): Promise<string> {
    const { stdout } = await platform.kubectl(
      ...['get', 'pdr', '-n', namespace, name, '-o', `jsonpath={${path}}`],
    );
    return stdout;
  }

  /** Another claim in its place: an application that would be left with nothing is not synced at all. */
  async function replaceClaimOf(overlay: string): Promise<void> {
    const edit = async (from: string, to: string, change: (text: string) => string) => {
      const text = await readFile(join(repository, from), 'utf8');
      await writeFile(join(repository, to), change(text));
    };
    const renamed = (text: string) =>
      text
        .replace('name: payments', 'name: refunds')
        .replace('environmentSuffix: payments', 'environmentSuffix: refunds');
    await edit('examples/gitops/base/claim.yaml', `${overlay}/refunds.yaml`, renamed);
    await edit(`${overlay}/claim.yaml`, `${overlay}/claim.yaml`, renamed);
    const kustomization = `${overlay}/kustomization.yaml`;
    await edit(kustomization, kustomization, (text) => text.replace(/\S+base\n/, 'refunds.yaml\n'));
    committed(repository, 'refunds instead of payments in production');
  }

  function settled(name: string) {
    return eventually(`${name} is Synced and Healthy`, async () => {
      const status = await applicationOf(name);
      return status?.sync?.status === 'Synced' && status.health?.status === 'Healthy'
        ? status
        : undefined;
    });
  }

  withArgocd(
    'brings up the platform from git: synced and healthy',
    async () => {
      await applied('projects.yaml');
      await applied('applications.yaml');
      const { resources = [] } = await settled('payments-dr');
      // The health of each is in its tree, not here; a wave waits for that of the one before.
      const stateOf = (kind: string) =>
        resources.filter((each) => each.kind === kind).map(({ status }) => status);
      expect(stateOf('CompositeResourceDefinition')).toEqual(['Synced', 'Synced']);
      expect(stateOf('Composition')).toEqual(['Synced', 'Synced']);
    },
    180_000,
  );

  withArgocd(
    'makes an application of each directory of claims, healthy once its claim is Ready',
    async () => {
      for (const name of ['payments-payments-prod', 'payments-payments-dev', 'payments-shop-dev'])
        await settled(name);
      const ready = '.status.conditions[?(@.type=="Ready")].status';
      expect(await claim('team-payments', 'payments-prod', ready)).toBe('True');
      expect(await claim('team-shop', 'payments-dev', ready)).toBe('True');
    },
    180_000,
  );

  withArgocd(
    'puts back what somebody changed by hand',
    async () => {
      const memory = '.spec.handler.memorySizeMiB';
      await platform.kubectl(
        ...['patch', 'pdr', '-n', 'team-payments', 'payments-prod', '--type=merge'],
        ...['-p', '{"spec":{"handler":{"memorySizeMiB":2048}}}'],
      );
      await eventually('the memory of git is back', async () =>
        (await claim('team-payments', 'payments-prod', memory)) === '1024' ? true : undefined,
      );
      await settled('payments-payments-prod');
      expect(await claim('team-payments', 'payments-prod', memory)).toBe('1024');
    },
    180_000,
  );

  withArgocd(
    'prunes a claim that keeps its data only once a person has confirmed it',
    async () => {
      await replaceClaimOf('examples/gitops/teams/payments/prod');
      await eventually('it waits for a person', async () => {
        const { operationState, resources = [] } = (await applicationOf(PROD)) ?? {};
        const leaving = resources.find(({ name }) => name === 'payments-prod');
        const isAsking = operationState?.message?.includes('confirmation') === true;
        return isAsking && leaving?.requiresDeletionConfirmation === true ? true : undefined;
      });
      expect(await claim('team-payments', 'payments-prod', '.metadata.deletionTimestamp')).toBe('');
      // What the button on Argo CD's page does.
      const approved = `argocd.argoproj.io/deletion-approved=${new Date().toISOString()}`;
      await platform.kubectl('annotate', 'app', '-n', 'argocd', PROD, approved);
      await eventually('the claim is gone', async () =>
        (await claim('team-payments', 'payments-prod', '.metadata.name')) === '' ? true : undefined,
      );
      await settled(PROD);
    },
    240_000,
  );

  withArgocd(
    'keeps a claim whose directory is gone: only its application goes',
    async () => {
      await rm(join(repository, 'examples/gitops/teams/shop'), { recursive: true });
      committed(repository, 'the shop has moved');
      await eventually('the application is gone', async () =>
        (await applicationOf('payments-shop-dev')) === undefined ? true : undefined,
      );
      expect(await claim('team-shop', 'payments-dev', '.spec.environmentSuffix')).toBe('shop-dev');
      expect(await claim('team-shop', 'payments-dev', '.metadata.deletionTimestamp')).toBe('');
    },
    240_000,
  );
});

/** A git repository of this checkout's definition and example, as a platform team would have it. */
async function aRepository(): Promise<string> {
  const directory = join(await mkdtemp(join(tmpdir(), 'gitops-')), 'payments-dr');
  for (const path of ['crds', 'compositions', 'deploy', 'examples', 'kustomization.yaml'])
    await cp(path, join(directory, path), { recursive: true });
  git(directory, 'init', '--quiet', '--initial-branch', REPOSITORY.revision);
  committed(directory, 'as it is');
  return directory;
}

function committed(directory: string, message: string): void {
  git(directory, 'add', '--all');
  git(directory, 'commit', '--quiet', '--message', message);
}

function git(directory: string, ...args: string[]): void {
  const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.org'];
  execFileSync('git', [...identity, ...args], { cwd: directory });
}
