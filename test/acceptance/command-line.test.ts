/** The commands for claims, as a user runs them, on a platform of their own: one claim's life from the diff to the deletion. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { KubeConfig } from '@kubernetes/client-node';
import { KubernetesClient } from '../../src/support/kubernetes/client.js';
import type { KubernetesObject } from '../../src/support/kubernetes/objects.js';
import { paymentsDr } from '../builders/a-command.js';
import { startedPlatform, type APlatform } from '../builders/a-platform.js';
import { TEMPLATE_COUNT } from '../builders/templates.js';

const EXAMPLE = 'examples/claim.yaml';
const OF_TEAM = ['-n', 'team-payments'];

let platform: APlatform;
let directory: string;
let client: KubernetesClient;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'payments-dr-cli-'));
  platform = await startedPlatform();
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromFile(platform.kubeconfig);
  client = new KubernetesClient(kubeConfig);
}, 120_000);
afterAll(async () => {
  client.close();
  await platform.stop();
  await rm(directory, { recursive: true, force: true });
});

const run = (...args: string[]) => paymentsDr([...args, '--state', platform.stateDir]);
async function json<T>(...args: string[]): Promise<T> {
  const { code, stdout, stderr } = await run(...args, '-o', 'json');
  if (code > 1) throw new Error(stderr);
  return JSON.parse(stdout) as T;
}

/** What `status --watch` tells of a claim, until it has told this; then it is left by Ctrl-C. */
async function follow(claim: string, awaited: string) {
  const child = spawn(process.execPath, [
    ...['dist/payments-dr.js', 'status', claim, ...OF_TEAM, '--watch'],
    ...['--state', platform.stateDir],
  ]);
  const exited = once(child, 'exit') as Promise<[number | null]>;
  let told = '';
  for await (const chunk of child.stdout) {
    told += String(chunk);
    if (told.includes(awaited)) child.kill('SIGINT');
  }
  const [code] = await exited;
  return { code, told };
}

async function changedExample(from: string, to: string): Promise<string> {
  const file = join(directory, `${to.replaceAll(/\W+/g, '-')}.yaml`);
  await writeFile(file, (await readFile(EXAMPLE, 'utf8')).split('---')[1]?.replace(from, to) ?? '');
  return file;
}

interface Changes {
  readonly changes: readonly {
    readonly action: string;
    readonly kind: string;
    readonly name: string;
    readonly fields: readonly object[];
  }[];
}

describe('before there is a claim', () => {
  test('doctor finds nothing missing on the local platform', async () => {
    const { healthy, checks } = await json<{
      healthy: boolean;
      checks: { what: string; state: string }[];
    }>('doctor');
    expect(checks.filter(({ state }) => state === 'missing')).toEqual([]);
    expect(healthy).toBe(true);
    expect(checks.map(({ what }) => what)).toEqual(
      expect.arrayContaining([
        'Function function-auto-ready',
        'Provider aws-dynamodb',
        'ProviderConfig primary',
        'may create payments.example.org',
      ]),
    );
  }, 60_000);

  test('doctor says why it does not know the version of a Crossplane that is there', async () => {
    const { checks } = await json<{ checks: object[] }>('doctor');
    const found = expect.stringMatching(/version is not known: no Deployment/);
    expect(checks).toContainEqual({ what: 'Crossplane', state: 'ok', found });
  }, 60_000);

  test('doctor calls nothing missing that it may not look at', async () => {
    const kubeconfig = join(directory, 'somebody');
    const text = await readFile(platform.kubeconfig, 'utf8');
    await writeFile(kubeconfig, text.replace(/^( *)token: .*$/m, '$&\n$1as: somebody'));
    const { checks } = await json<{ checks: { what: string; state: string }[] }>(
      ...['doctor', '--kubeconfig', kubeconfig],
    );
    const missing = checks.filter(({ state }) => state === 'missing').map(({ what }) => what);
    expect(missing).toEqual([
      'may create payments.example.org',
      'may create payments.m.example.org',
    ]);
  }, 60_000);

  test('version tells of the cluster and of its definitions', async () => {
    const { client: own, cluster } = await json<{
      client: { version: string };
      cluster: { definitions: { isOurs: boolean }[] };
    }>('version');
    expect(own.version).toBe('0.1.0');
    expect(cluster.definitions.map(({ isOurs }) => isOurs)).toEqual([true, true]);
  }, 60_000);

  test('diff shows everything that would be made, and exits 1', async () => {
    const { code, stdout } = await run('diff', '-f', EXAMPLE);
    expect(code).toBe(1);
    expect(stdout).toContain('+ PaymentsDR team-payments/checkout');
    expect(stdout).toContain('+ Table payments-table-dev');
  }, 60_000);

  test('a dry run of apply changes nothing', async () => {
    const file = await changedExample('namespace: team-payments', 'namespace: default');
    const { code, stdout } = await run('apply', '-f', file, '--dry-run');
    expect([code, stdout]).toEqual([
      0,
      expect.stringContaining('default/checkout created (dry run)'),
    ]);
    expect((await run('status', 'checkout')).code).toBe(1);
  }, 60_000);

  test('apply into a namespace that does not exist says how to make it', async () => {
    const file = await changedExample(
      'name: checkout\n  namespace: team-payments',
      'name: a\n  namespace: nowhere',
    );
    const { code, stderr } = await run('apply', '-f', file);
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('error[PDR1027] namespace nowhere'),
    ]);
  }, 60_000);
});

describe('a claim, once it is applied', () => {
  beforeAll(async () => {
    const { code, stdout, stderr } = await run('apply', '-f', EXAMPLE, '--wait', '--timeout', '3m');
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout:
        'Namespace team-payments created\nPaymentsDR team-payments/checkout created and Ready\n',
    });
    expect(stderr).toContain('Table payments-table-dev is ready');
  }, 200_000);

  test('is unchanged when applied again, and has no differences', async () => {
    expect((await run('apply', '-f', EXAMPLE)).stdout).toContain('checkout unchanged');
    expect(await run('diff', '-f', EXAMPLE)).toMatchObject({ code: 0, stdout: '' });
  }, 60_000);

  test('is shown as a tree down to every resource', async () => {
    const { code, stdout } = await run('status', 'checkout', ...OF_TEAM);
    expect(code).toBe(0);
    expect(stdout.split('\n')[0]).toBe('✔ PaymentsDR team-payments/checkout is ready');
    expect(stdout).toMatch(/└─ XPaymentsDR checkout-\w+ +True +True/);
    expect(stdout).toMatch(/│ {2}├─ Bucket payment-audit-primary-dev +True +True/);
  }, 60_000);

  test('is followed, with a line for each change of what holds it up, until Ctrl-C', async () => {
    const { code, told } = await follow('checkout', 'is ready');
    expect(code).toBe(0);
    expect(told).toBe('✔ PaymentsDR team-payments/checkout is ready\n');
  }, 120_000);

  test('is healthy for programs, which read no relative times', async () => {
    const report = await json<{
      healthy: boolean;
      cause: null;
      resources: { ready: string; createdAt: string }[];
    }>('status', 'checkout', ...OF_TEAM);
    expect(report).toMatchObject({ healthy: true, cause: null });
    expect(report.resources).toHaveLength(TEMPLATE_COUNT);
    expect(report.resources[0]?.createdAt).toMatch(/^\d{4}-\d\d-\d\dT/);
  }, 60_000);

  test('shows what a change of a field would change in AWS', async () => {
    const file = await changedExample("tag: '1.4.2'", "tag: '1.5.0'");
    const { changes } = await json<Changes>('diff', '-f', file);
    expect(changes.map(({ action, kind, name }) => `${action} ${kind} ${name}`)).toEqual([
      'update PaymentsDR checkout',
      'update Function payment-processor-primary-dev',
      'update Function payment-processor-secondary-dev',
    ]);
    expect(changes[0]?.fields).toEqual([
      { field: 'spec.handler.image.tag', before: '1.4.2', after: '1.5.0' },
    ]);
  }, 60_000);

  test('refuses in a diff what cannot be changed, with exit 3', async () => {
    const file = await changedExample('environmentSuffix: dev', 'environmentSuffix: prod');
    const { code, stderr } = await run('diff', '-f', file);
    expect([code, stderr]).toEqual([
      3,
      expect.stringMatching(/PDR1019.*\n.*spec\.environmentSuffix.*cannot be changed/),
    ]);
  }, 60_000);

  test('keeps fields of another field manager until they are taken over', async () => {
    const type = await client.resourceType('payments.example.org/v1alpha1', 'PaymentsDR');
    const theirs = {
      apiVersion: type.apiVersion,
      kind: type.kind,
      metadata: { name: 'checkout', namespace: 'team-payments' },
      spec: { tags: { team: 'theirs' } },
    };
    await client.apply(type, theirs, { fieldManager: 'somebody', force: true });
    const refused = await run('apply', '-f', EXAMPLE);
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringMatching(/PDR1025.*somebody/s),
    ]);
    const forced = await run('apply', '-f', EXAMPLE, '--force-conflicts');
    expect([forced.code, forced.stdout]).toEqual([0, expect.stringContaining('configured')]);
  }, 60_000);

  test('gives its outputs to a shell and to programs', async () => {
    const env = await run('outputs', 'checkout', ...OF_TEAM, '-o', 'env');
    expect(env.stdout).toContain(
      "export PAYMENTS_PRIMARY_FUNCTION_NAME='payment-processor-primary-dev'",
    );
    const found = await json<Record<string, string>>('outputs', 'checkout', ...OF_TEAM);
    expect(Object.keys(found)).toHaveLength(30);
    expect(found.secondaryBucketArn).toBe('arn:aws:s3:::payment-audit-secondary-dev');
  }, 60_000);

  test('tells what happened, the oldest first, each thing once', async () => {
    const { events } = await json<{
      events: { lastAt: string; kind: string; reason: string; message: string; name: string }[];
    }>('events', 'checkout', ...OF_TEAM);
    const times = events.map(({ lastAt }) => Date.parse(lastAt));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(events.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['PaymentsDR', 'XPaymentsDR', 'Table']),
    );
    const keys = events.map(({ kind, name, reason, message }) =>
      [kind, name, reason, message].join(),
    );
    expect(new Set(keys).size).toBe(keys.length);
  }, 60_000);

  test('takes a payment, which lands in both regions', async () => {
    const { landed } = await json<{
      landed: { region: string; record: string; auditObject: string }[];
    }>('pay', 'checkout', ...OF_TEAM, '--transaction-id', 'order-17', '--timeout', '60s');
    expect(landed).toEqual([
      expect.objectContaining({
        region: 'us-east-1',
        record: 'COMPLETED',
        auditObject: 's3://payment-audit-primary-dev/transactions/order-17.json',
      }),
      expect.objectContaining({
        region: 'us-west-2',
        record: 'COMPLETED',
        auditObject: 's3://payment-audit-secondary-dev/transactions/order-17.json',
      }),
    ]);
  }, 120_000);

  test.each([
    {
      sentence: 'another amount under the same id',
      args: ['--transaction-id', 'order-17', '--amount', '2'],
      says: /PDR1031.*: transaction_id is already used .* \(409\)/,
    },
    {
      sentence: 'an amount that is no number, in the words of the handler',
      args: ['--amount', 'abc'],
      says: /PDR1031.*: amount must be digits [^{]* \(400\)/,
    },
  ])(
    'tells of $sentence as a payment that is refused',
    async ({ args, says }) => {
      const { code, stderr } = await run('pay', 'checkout', ...OF_TEAM, ...args);
      expect([code, stderr]).toEqual([1, expect.stringMatching(says)]);
    },
    60_000,
  );

  test('takes a payment through the survivor while a region is down', async () => {
    await run('region', 'down', 'us-east-1');
    const lost = await run('pay', 'checkout', ...OF_TEAM);
    const taken = await run(
      'pay',
      'checkout',
      ...OF_TEAM,
      '--through',
      'us-west-2',
      '--timeout',
      '3s',
    );
    await run('region', 'heal');
    expect([lost.code, lost.stderr]).toEqual([1, expect.stringContaining('PDR1022')]);
    expect(taken.code).toBe(1);
    expect(taken.stdout).toMatch(/us-east-1 +- +-/);
    expect(taken.stderr).toContain('not seen in us-east-1');
  }, 120_000);

  test.each([
    {
      sentence: 'a name that is nowhere',
      args: ['status', 'checkuot', ...OF_TEAM],
      code: 1,
      says: 'PDR1016',
    },
    {
      sentence: 'a name in another namespace',
      args: ['status', 'checkout'],
      code: 1,
      says: 'there is one in team-payments; add -n',
    },
    {
      sentence: 'a region that it is not in',
      args: ['pay', 'checkout', ...OF_TEAM, '--through', 'eu-west-1'],
      code: 2,
      says: 'primary (us-east-1) or secondary (us-west-2)',
    },
    {
      sentence: 'a context that does not exist',
      args: ['status', 'checkout', '--context', 'prod'],
      code: 1,
      says: 'PDR10',
    },
    {
      sentence: 'its kind before its name',
      args: ['status', 'pdr/checkout', ...OF_TEAM],
      code: 2,
      says: 'write checkout',
    },
    {
      sentence: 'no name',
      args: ['status', '', ...OF_TEAM],
      code: 2,
      says: 'the name of a claim is wanted',
    },
    {
      sentence: 'a file, where -n names another namespace',
      args: ['apply', '-f', EXAMPLE, '-n', 'team-orders'],
      code: 2,
      says: 'team-payments/checkout names its namespace itself',
    },
    {
      sentence: 'a lag that is none, in the words of the command',
      args: ['region', 'lag', 'us-east-1', 'us-west-2', '-5'],
      code: 2,
      says: 'region lag: the option has a value that cannot be used: lag must be 0 or more',
    },
    {
      sentence: 'a time that is none',
      args: ['apply', '-f', EXAMPLE, '--timeout', 'soon'],
      code: 2,
      says: 'such as 30s or 5m',
    },
  ])(
    'is not found by $sentence',
    async ({ args, code, says }) => {
      const output = await run(...args);
      expect(output).toMatchObject({ stdout: '', stderr: expect.stringContaining(says) });
      expect(output.code).toBeGreaterThanOrEqual(code);
    },
    60_000,
  );
});

describe('a second claim of the same environment', () => {
  test('is refused by the diff, and says in its status whose the resources are', async () => {
    const file = await changedExample('name: checkout', 'name: latecomer');
    const foreseen = await run('diff', '-f', file);
    expect([foreseen.code, foreseen.stdout]).toEqual([3, '']);
    const belongs = 'belongs to PaymentsDR team-payments/checkout';
    expect(foreseen.stderr).toContain(belongs);
    const { stderr } = await run('apply', '-f', file, '--wait', '--timeout', '3s');
    expect(stderr).toContain(belongs);
    const { stdout } = await run('status', 'latecomer', ...OF_TEAM);
    expect(stdout.split('\n')[1]).toContain(belongs);
    expect((await follow('latecomer', belongs)).told).toContain(belongs);
    expect((await run('diff', '-f', file)).stderr).toContain('PDR1030');
    const type = await client.resourceType('payments.example.org/v1alpha1', 'PaymentsDR');
    await client.delete(type, { namespace: 'team-payments', name: 'latecomer' });
  }, 60_000);
});

describe('somebody who may change claims, and nothing else', () => {
  let kubeconfig: string;
  beforeAll(async () => {
    kubeconfig = join(directory, 'editor');
    const text = await readFile(platform.kubeconfig, 'utf8');
    await writeFile(kubeconfig, text.replace(/^( *)token: .*$/m, '$&\n$1as: editor'));
    const type = await client.resourceType('rbac.authorization.k8s.io/v1', 'RoleBinding');
    const rbac = { apiGroup: 'rbac.authorization.k8s.io' };
    const binding = {
      apiVersion: type.apiVersion,
      kind: type.kind,
      metadata: { name: 'editor', namespace: 'team-payments' },
      roleRef: { ...rbac, kind: 'ClusterRole', name: 'edit' },
      subjects: [{ ...rbac, kind: 'User', name: 'editor' }],
    };
    await client.create<KubernetesObject>(type, binding);
  });

  test('applies a file that has the namespace in it too', async () => {
    const { code, stdout, stderr } = await run('apply', '-f', EXAMPLE, '--kubeconfig', kubeconfig);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'PaymentsDR team-payments/checkout unchanged\n',
    });
    expect(stderr).toContain('Namespace team-payments is left as it is: you may not change it');
  }, 60_000);

  test('is told once what an admission policy says', async () => {
    const file = join(directory, 'ungranted.yaml');
    const text = (await readFile('examples/claim-namespaced.yaml', 'utf8')).split('---')[1] ?? '';
    await writeFile(file, text.replace('team-orders', 'team-payments'));
    const { code, stderr } = await run('apply', '-f', file, '--kubeconfig', kubeconfig);
    expect(code).toBe(1);
    expect(stderr.match(/has no grant for environment/g)).toHaveLength(1);
  }, 60_000);
});

describe('a claim that is held up', () => {
  test('shows the first cause on top, and times out with it', async () => {
    const file = join(directory, 'held-up.yaml');
    const text = ((await readFile(EXAMPLE, 'utf8')).split('---')[1] ?? '')
      .replace('name: checkout', 'name: held-up')
      .replace(
        'environmentSuffix: dev',
        'environmentSuffix: held-up\n  providerConfigs: {primary: absent}',
      );
    await writeFile(file, text);
    const applied = await run('apply', '-f', file, '--wait', '--timeout', '5s');
    expect([applied.code, applied.stderr]).toEqual([
      1,
      expect.stringContaining('error[PDR1017] team-payments/held-up'),
    ]);
    const { stdout } = await run('status', 'held-up', ...OF_TEAM);
    expect(stdout).toMatch(
      /^✘ PaymentsDR team-payments\/held-up is not ready\n {2}\w+ \S+: ReconcileError: .*absent/,
    );
    expect(stdout).toContain('not made yet');
    await client.delete(await client.resourceType('payments.example.org/v1alpha1', 'PaymentsDR'), {
      name: 'held-up',
      namespace: 'team-payments',
    });
  }, 120_000);
});

describe('a cluster that does not play along', () => {
  let refusing: ReturnType<typeof createServer>;
  let answer: { code: number; body: object } | undefined;
  let kubeconfig: string;
  beforeAll(async () => {
    refusing = createServer((_request, response) => {
      if (answer === undefined) return; // never answers
      response.writeHead(answer.code, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer.body));
    });
    refusing.listen(0, '127.0.0.1');
    await once(refusing, 'listening');
    const { port } = refusing.address() as AddressInfo;
    kubeconfig = join(directory, 'refusing');
    const named = { name: 'a' };
    const cluster = {
      ...named,
      cluster: { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true },
    };
    const context = { ...named, context: { cluster: 'a', user: 'a' } };
    const user = { ...named, user: { token: 'expired' } };
    await writeFile(
      kubeconfig,
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        clusters: [cluster],
        contexts: [context],
        users: [user],
        'current-context': 'a',
      }),
    );
  });
  afterAll(() => {
    refusing.closeAllConnections();
    refusing.close();
  });

  const status = (code: number, reason: string, message: string) => ({
    code,
    body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message },
  });

  test.each([
    {
      sentence: 'a token has expired',
      given: status(401, 'Unauthorized', 'Unauthorized'),
      says: 'PDR1013',
    },
    {
      sentence: 'rights are wanting',
      given: status(403, 'Forbidden', 'forbidden: User "eve" cannot get path'),
      says: 'PDR1014',
    },
    {
      sentence: 'the definition is missing',
      given: status(404, 'NotFound', 'not found'),
      says: 'PDR1015',
    },
    {
      sentence: 'the server is overloaded',
      given: status(503, 'ServiceUnavailable', 'try later'),
      says: 'PDR1005',
    },
    { sentence: 'the server does not answer', given: undefined, says: 'no answer within 0.5 s' },
  ])(
    'says what to do where $sentence',
    async ({ given, says }) => {
      answer = given;
      const { code, stdout, stderr } = await paymentsDr([
        'status',
        'a',
        '--kubeconfig',
        kubeconfig,
        '--request-timeout',
        '500ms',
      ]);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain(says);
      expect(stderr).toMatch(/\n {2}try: /);
      expect(stderr).not.toMatch(/\n\s+at /);
    },
    60_000,
  );

  test('doctor says how to get one where there is none', async () => {
    const { code, stdout } = await paymentsDr([
      'doctor',
      '--kubeconfig',
      join(directory, 'nowhere'),
    ]);
    expect([code, stdout]).toEqual([1, expect.stringMatching(/✘ cluster[^]*mend: payments-dr up/)]);
  }, 60_000);

  test('a newcomer is told that there is none, and how to get one', async () => {
    const { code, stderr } = await paymentsDr(['status', 'checkout'], {
      cwd: directory,
      env: { HOME: directory },
    });
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/PDR1001.*there is none; payments-dr up/),
    ]);
  }, 60_000);
});
