/** The main job as a user runs it: the built command, real kubectl, the AWS CLI. Programs that are absent skip their tests by name. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DescribeTableCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { IAMClient, ListRolesCommand } from '@aws-sdk/client-iam';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { outputOf, startedPlatform, type APlatform } from '../builders/a-platform.js';
import { isInstalled } from '../builders/a-program.js';

const COMMAND = 'dist/payments-dr.js';
const hasKubectl = isInstalled('kubectl', 'version', '--client');
const hasAwsCli = isInstalled('aws', '--version');
const withKubectl = hasKubectl ? test : test.skip;
const withBoth = hasKubectl && hasAwsCli ? test : test.skip;

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'payments-dr-acceptance-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

describe('payments-dr up --once', () => {
  test('holds every step of the demonstration and exits 0', async () => {
    const { code, stdout, stderr } = await outputOf(process.execPath, [
      COMMAND,
      'up',
      '--once',
      '--state',
      join(directory, 'once'),
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).not.toContain('✘');
    for (const step of [
      'is Ready',
      'pay through us-east-1',
      'read it in us-west-2',
      'take us-east-1 down',
      'pay again through us-west-2',
      'audit object caught up in us-east-1',
    ]) {
      expect(stdout).toContain(step);
    }
  }, 60_000);

  test('goes on from the stored state when run again', async () => {
    const { code, stdout } = await outputOf(process.execPath, [
      COMMAND,
      'up',
      '--once',
      '--state',
      join(directory, 'once'),
    ]);
    expect({ code, failed: stdout.includes('✘') }).toEqual({ code: 0, failed: false });
  }, 60_000);
});

describe('the platform, once it is up', () => {
  let platform: APlatform;
  beforeAll(async () => {
    platform = await startedPlatform({ stateDir: join(directory, 'kept') });
    if (hasKubectl) await platform.applyExample();
  }, 60_000);
  afterAll(() => platform.stop());

  const ofTeam = ['-n', 'team-payments'];

  withKubectl('shows the claim with its printer columns', async () => {
    const { stdout } = await platform.kubectl('get', 'pdr', '-A');
    const [heading = '', row = ''] = stdout.split('\n');
    expect(heading.split(/\s+/)).toEqual(
      expect.arrayContaining([
        'NAMESPACE',
        'NAME',
        'SUFFIX',
        'PRIMARY',
        'SECONDARY',
        'SYNCED',
        'READY',
        'AGE',
      ]),
    );
    expect(row.split(/\s+/)).toEqual(
      expect.arrayContaining([
        'team-payments',
        'checkout',
        'dev',
        'us-east-1',
        'us-west-2',
        'True',
      ]),
    );
  });

  withKubectl('lists every managed resource as synced and ready', async () => {
    const { stdout } = await platform.kubectl('get', 'managed', '-o', 'json');
    const { items } = JSON.parse(stdout) as {
      items: {
        kind: string;
        metadata: { name: string };
        status: { conditions: { type: string; status: string }[] };
      }[];
    };
    expect(items.length).toBeGreaterThanOrEqual(17);
    const notReady = items.filter(
      ({ status }) =>
        !['Synced', 'Ready'].every((type) =>
          status.conditions.some(
            (condition) => condition.type === type && condition.status === 'True',
          ),
        ),
    );
    expect(notReady.map(({ kind, metadata }) => `${kind}/${metadata.name}`)).toEqual([]);
  });

  withKubectl('describes the claim and explains its fields', async () => {
    const described = await platform.kubectl('describe', 'pdr', ...ofTeam, 'checkout');
    expect(described.stdout).toContain('payments-table-dev');
    expect(described.stdout).toMatch(/Waits For:\n\s+Account:\s+nothing\n/);
    const explained = await platform.kubectl('explain', 'pdr.spec.handler');
    expect(explained.stdout).toContain('memorySizeMiB');
  });

  withBoth(
    'answers the AWS CLI with table, buckets, functions and alarms in both regions',
    async () => {
      const aws = async (profile: string, ...args: string[]) => {
        const { code, stdout, stderr } = await outputOf(
          'aws',
          ['--profile', profile, '--output', 'json', ...args],
          { AWS_CONFIG_FILE: platform.awsConfig },
        );
        expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
        return stdout;
      };
      for (const [region, side] of [
        ['us-east-1', 'primary'],
        ['us-west-2', 'secondary'],
      ] as const) {
        expect(
          await aws(region, 'dynamodb', 'describe-table', '--table-name', 'payments-table-dev'),
        ).toContain('"ACTIVE"');
        expect(await aws(region, 's3api', 'list-buckets')).toContain(`payment-audit-${side}-dev`);
        expect(await aws(region, 'lambda', 'list-functions')).toContain(
          `payment-processor-${side}-dev`,
        );
        expect(await aws(region, 'cloudwatch', 'describe-alarms')).toContain(
          `payment-lambda-errors-${side}-dev`,
        );
      }
    },
    60_000,
  );

  withKubectl('refuses a second platform on its state directory in one line', async () => {
    const { code, stderr } = await outputOf(process.execPath, [
      COMMAND,
      'up',
      '--state',
      platform.stateDir,
      '--port',
      '0',
      '--aws-port',
      '0',
    ]);
    expect({ code, first: stderr.split('\n')[0] }).toEqual({
      code: 1,
      first: expect.stringContaining('error[PDR1003]'),
    });
  });

  describe('deleting a claim', () => {
    const cases = [
      { sentence: 'leaves nothing with dataRetention Delete', retention: 'Delete', suffix: 'gone' },
      {
        sentence: 'leaves table and buckets with dataRetention Retain',
        retention: 'Retain',
        suffix: 'kept',
        left: true,
      },
      {
        sentence:
          'leaves nothing once Retain was changed to Delete and the table lost its protection',
        retention: 'Retain',
        changedTo: 'Delete',
        suffix: 'let-go',
      },
    ];
    const fileOf = (suffix: string) => join(directory, `${suffix}.json`);
    beforeAll(async () => {
      if (!hasKubectl) return;
      for (const { suffix, retention } of cases) {
        await writeFile(fileOf(suffix), JSON.stringify(aClaim(suffix, retention)));
        await platform.kubectl('apply', '-f', fileOf(suffix));
      }
      const ready = ['wait', '--for=condition=Ready', 'pdr', '--all', '--timeout=60s'];
      expect(await platform.kubectl(...ready)).toMatchObject({ code: 0 });
    }, 90_000);

    withKubectl.each(cases)(
      '$sentence',
      async ({ changedTo, suffix, left = false }) => {
        const claim = fileOf(suffix);
        if (changedTo !== undefined) {
          await writeFile(claim, JSON.stringify(aClaim(suffix, changedTo)));
          await platform.kubectl('apply', '-f', claim);
          for (const site of ['primary', 'secondary']) {
            const unprotected = `--for=jsonpath={.status.table.${site}.deletionProtected}=false`;
            const waited = await platform.kubectl(
              ...['wait', unprotected, `pdr/${suffix}`, '--timeout=60s'],
            );
            expect(waited).toMatchObject({ code: 0 });
          }
        }
        const deleted = await platform.kubectl(
          ...['delete', '-f', claim, '--timeout=60s', '--cascade=foreground'],
        );
        expect(deleted).toMatchObject({ code: 0 });
        const ofClaim = `crossplane.io/claim-name=${suffix}`;
        await platform.kubectl(
          ...['wait', '--for=delete', 'managed', '-l', ofClaim, '--timeout=60s'],
        );
        const owned = [
          `payments-table-${suffix}`,
          ...['primary', 'secondary'].map((site) => `payment-audit-${site}-${suffix}`),
        ];
        expect(await ownedInAws(platform, suffix)).toEqual(left ? owned : []);
      },
      90_000,
    );
  });

  withKubectl(
    'keeps its claim and its table, whether stopped or killed',
    async () => {
      const { stateDir } = platform;
      expect(await platform.interrupt()).toBe(0);
      platform = await startedPlatform({ stateDir });
      const ready = ['wait', '--for=condition=Ready', 'pdr/checkout', '--timeout=30s'];
      expect(await platform.kubectl(...ready, ...ofTeam)).toMatchObject({ code: 0 });
      await platform.kill();
      platform = await startedPlatform({ stateDir });
      const dynamoDb = new DynamoDBClient(platform.clientConfig('us-west-2'));
      const { Table } = await dynamoDb.send(
        new DescribeTableCommand({ TableName: 'payments-table-dev' }),
      );
      expect(Table?.TableStatus).toBe('ACTIVE');
    },
    90_000,
  );
});

describe('payments-dr down', () => {
  test('says so where nothing runs', async () => {
    const { code, stdout } = await outputOf(process.execPath, [
      COMMAND,
      'down',
      '--state',
      join(directory, 'none'),
    ]);
    expect([code, stdout]).toEqual([0, `nothing runs in ${join(directory, 'none')}\n`]);
  });
});

describe('bad input', () => {
  test('a port in use is refused in one line with its number', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    const { code, stderr } = await outputOf(process.execPath, [
      COMMAND,
      'local',
      'kubernetes',
      '--state',
      join(directory, 'port'),
      '--port',
      String(port),
    ]);
    taken.close();
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(new RegExp(`^error\\[PDR1002\\] .*${port}`)),
    });
  });

  test.each([
    { sentence: 'a kubeconfig that is not there', text: undefined },
    { sentence: 'a kubeconfig that is broken', text: '{' },
    { sentence: 'a kubeconfig without a cluster', text: 'apiVersion: v1\nkind: Config\n' },
  ])('$sentence is refused', async ({ text }) => {
    const file = join(directory, `kubeconfig-${String(text?.length)}`);
    if (text !== undefined) await writeFile(file, text);
    const { code, stderr } = await outputOf(process.execPath, [
      COMMAND,
      'local',
      'crossplane',
      '--state',
      join(directory, 'kc'),
      '--kubeconfig',
      file,
    ]);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^error\[PDR1001\] .*\n( {2}because: .*\n)?  try: /),
    });
  });

  test.each([
    ['up', '--port', 'http'],
    ['up', '--only', 'etcd'],
    ['up', '--once', '--only', 'aws'],
    ['up', '--kubeconfig', 'elsewhere'],
    ['up', '--aws-endpoint', 'http://127.0.0.1:1'],
  ])('%s %s %s is misuse', async (...args: string[]) => {
    const { code, stderr } = await outputOf(process.execPath, [COMMAND, ...args]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/error\[PDR1006\]|error: option/)]);
  });

  test('an unknown option is misuse', async () => {
    const { code, stderr } = await outputOf(process.execPath, [COMMAND, 'up', '--fast']);
    expect([code, stderr]).toEqual([2, expect.stringContaining("unknown option '--fast'")]);
  });
});

/** The names of everything that the claim of a suffix can leave in AWS: tables, buckets, functions, alarms, topics and roles, in both regions. */
async function ownedInAws(platform: APlatform, suffix: string): Promise<string[]> {
  const names = await Promise.all(
    ['us-east-1', 'us-west-2'].map(async (region) => {
      const config = platform.clientConfig(region);
      const { TableNames = [] } = await new DynamoDBClient(config).send(new ListTablesCommand({}));
      const { Buckets = [] } = await new S3Client({ ...config, forcePathStyle: true }).send(
        new ListBucketsCommand({}),
      );
      const { Functions = [] } = await new LambdaClient(config).send(new ListFunctionsCommand({}));
      const { MetricAlarms = [] } = await new CloudWatchClient(config).send(
        new DescribeAlarmsCommand({}),
      );
      const { Topics = [] } = await new SNSClient(config).send(new ListTopicsCommand({}));
      const { Roles = [] } = await new IAMClient(config).send(new ListRolesCommand({}));
      return [
        ...TableNames,
        ...Buckets.map(({ Name }) => Name),
        ...Functions.map(({ FunctionName }) => FunctionName),
        ...MetricAlarms.map(({ AlarmName }) => AlarmName),
        ...Topics.map(({ TopicArn }) => TopicArn),
        ...Roles.map(({ RoleName }) => RoleName),
      ];
    }),
  );
  return [...new Set(names.flat())].map(String).filter((name) => name.endsWith(`-${suffix}`));
}

function aClaim(environmentSuffix: string, dataRetention: string) {
  return {
    apiVersion: 'payments.example.org/v1alpha1',
    kind: 'PaymentsDR',
    metadata: { name: environmentSuffix, namespace: 'default' },
    spec: {
      environmentSuffix,
      dataRetention,
      handler: {
        image: { registryId: '123456789012', repository: 'payment-processor', tag: '1.4.2' },
      },
      notifications: { email: 'payments-oncall@example.org' },
    },
  };
}
