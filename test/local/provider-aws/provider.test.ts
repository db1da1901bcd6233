/** The provider between a Kubernetes API server and an AWS: what a person sees of a managed resource from its creation to its end. */
import { DynamoDBClient, ListTablesCommand, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetTopicAttributesCommand,
  ListTopicsCommand,
  SetTopicAttributesCommand,
  SNSClient,
} from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runProvider, type Provider } from '../../../src/local/provider-aws/provider.js';
import { systemClock, type Clock } from '../../../src/support/clock.js';
import { KubernetesClient } from '../../../src/support/kubernetes/client.js';
import {
  conditionOf,
  type KubernetesObject,
  type Stored,
} from '../../../src/support/kubernetes/objects.js';
import { silentLog } from '../../../src/support/log.js';
import { aCluster, type ACluster } from '../../builders/a-cluster.js';
import { theLocalAws, type AnAws } from './an-aws.js';
import { ClusterUser } from './cluster-user.js';

const REGION = 'us-east-1';
const ACCOUNT = '123456789012';
const POLL_INTERVAL_MS = 250;
/** Less than AWS's day, and than the quarter of an hour by which the clocks of AWS and its callers may differ. */
const HOLD_MS = 10 * 60_000;
const SNS = 'sns.aws.upbound.io/v1beta1';

interface Resource extends KubernetesObject {
  spec: {
    forProvider: Record<string, unknown>;
    deletionPolicy?: string;
    managementPolicies?: string[];
    providerConfigRef?: { name: string; kind?: string };
  };
  status?: { atProvider?: Record<string, unknown>; lastHandledReconcileAt?: string };
}

type Details = Partial<Resource['spec']> & { readonly annotations?: Record<string, string> };

function aTopic(name: string, { annotations = {}, ...spec }: Details = {}): Resource {
  const forProvider = { region: REGION, ...spec.forProvider };
  return {
    apiVersion: SNS,
    kind: 'Topic',
    metadata: { name, annotations },
    spec: { ...spec, forProvider },
  };
}

function aSubscription(name: string, forProvider: Record<string, unknown>): Resource {
  const asked = { region: REGION, protocol: 'email', endpoint: 'a@example.org', ...forProvider };
  return {
    apiVersion: SNS,
    kind: 'TopicSubscription',
    metadata: { name },
    spec: { forProvider: asked },
  };
}

function aProviderConfig(
  name: string,
  kind: string,
  group: string,
  { secret = 'aws', ...more }: { secret?: string; assumeRoleChain?: object[] } = {},
): KubernetesObject {
  const secretRef = { name: secret, namespace: 'default', key: 'credentials' };
  const spec = { credentials: { source: 'Secret', secretRef }, ...more };
  return { apiVersion: `${group}/v1beta1`, kind, metadata: { name }, spec };
}

function aSecret(name: string, credentials: AnAws['credentials']) {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: 'default' },
    stringData: { credentials: sharedCredentials(credentials) },
  };
}

const isReady = (object: KubernetesObject) => conditionOf(object, 'Ready')?.status === 'True';
const isRefused = (object: KubernetesObject) => conditionOf(object, 'Synced')?.status === 'False';
const refusalOf = (object: Stored) => conditionOf(object, 'Synced')?.message;

describe('a managed resource', () => {
  let cluster: ACluster;
  let aws: Awaited<ReturnType<typeof theLocalAws>>;
  let provider: Provider;
  let client: KubernetesClient;
  let user: ClusterUser;
  let sns: SNSClient;
  let polls = 0;
  const pausesMs = new Set<number>();
  let awsIsAheadMs = 0;

  const awsClock: Clock = {
    now: () => systemClock.now() + awsIsAheadMs,
    sleep: (ms, signal) => systemClock.sleep(ms, signal),
  };

  /** Counts how often the provider has gone to wait for its next look at a resource in order. */
  const countingClock: Clock = {
    now: () => systemClock.now(),
    sleep: (ms, signal) => {
      if (ms === POLL_INTERVAL_MS) polls += 1;
      pausesMs.add(ms);
      return systemClock.sleep(ms, signal);
    },
  };

  beforeAll(async () => {
    const held = { clock: awsClock, sourceTableHoldMs: HOLD_MS };
    [cluster, aws] = await Promise.all([aCluster(), theLocalAws(held)]);
    client = new KubernetesClient(cluster.kubeConfig);
    user = new ClusterUser(client);
    const { url: endpoint, credentials } = aws;
    sns = new SNSClient({ region: REGION, endpoint, credentials });
    provider = await runProvider({
      kubeConfig: cluster.kubeConfig,
      clock: countingClock,
      log: silentLog,
      awsEndpoint: endpoint,
      pollIntervalMs: POLL_INTERVAL_MS,
    });
    await user.create(aSecret('aws', credentials));
    await user.create(aProviderConfig('default', 'ProviderConfig', 'aws.upbound.io'));
    await user.create(aProviderConfig('default', 'ClusterProviderConfig', 'aws.m.upbound.io'));
  });

  afterAll(async () => {
    await provider.close();
    client.close();
    sns.destroy();
    await Promise.all([cluster.stop(), aws.stop()]);
  });

  const arnOf = (name: string) => `arn:aws:sns:${REGION}:${ACCOUNT}:${name}`;

  async function displayNameOf(name: string): Promise<string | undefined> {
    const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn: arnOf(name) }));
    return Attributes?.DisplayName;
  }

  async function isInAws(name: string): Promise<boolean> {
    const { Topics = [] } = await sns.send(new ListTopicsCommand({}));
    return Topics.some(({ TopicArn }) => TopicArn === arnOf(name));
  }

  test('is created in AWS, becomes Ready and Synced, and goes from AWS when it is deleted', async () => {
    const topic = await user.create(aTopic('life', { forProvider: { displayName: 'x' } }));
    const ready = await user.until<Resource>(topic, isReady);
    const observedGeneration = ready.metadata.generation;
    expect(conditionOf(ready, 'Ready')).toMatchObject({ reason: 'Available', observedGeneration });
    expect(conditionOf(ready, 'Synced')).toMatchObject({
      status: 'True',
      reason: 'ReconcileSuccess',
    });
    expect(conditionOf(ready, 'LastAsyncOperation')).toMatchObject({
      status: 'True',
      reason: 'Success',
    });
    expect(ready.metadata.finalizers).toEqual(['finalizer.managedresource.crossplane.io']);
    expect(ready.metadata.annotations).toMatchObject({
      'crossplane.io/external-name': 'life',
      'crossplane.io/external-create-pending': expect.any(String),
      'crossplane.io/external-create-succeeded': expect.any(String),
    });
    expect(ready.status?.atProvider).toMatchObject({ arn: arnOf('life'), id: arnOf('life') });
    expect(ready.spec.forProvider.tags).toEqual({
      'crossplane-kind': 'topic.sns.aws.upbound.io',
      'crossplane-name': 'life',
      'crossplane-providerconfig': 'default',
    });
    await user.remove(topic);
    expect(await isInAws('life')).toBe(false);
  });

  test('is not written to while nothing changes', async () => {
    const topic = await user.create(aTopic('idle'));
    const ready = await user.until(topic, isReady);
    const before = polls;
    await eventually(() => Promise.resolve(polls > before + 3));
    expect((await user.read(topic))?.metadata.resourceVersion).toBe(ready.metadata.resourceVersion);
    await user.remove(topic);
  });

  test('that was changed in AWS is put back', async () => {
    const topic = await user.create(aTopic('drift', { forProvider: { displayName: 'ours' } }));
    await user.until(topic, isReady);
    const change = { AttributeName: 'DisplayName', AttributeValue: 'theirs' };
    await sns.send(new SetTopicAttributesCommand({ TopicArn: arnOf('drift'), ...change }));
    await eventually(async () => (await displayNameOf('drift')) === 'ours');
    expect(await displayNameOf('drift')).toBe('ours');
    await user.remove(topic);
  });

  test('is looked at as rarely as its annotation asks, and at once when another one does', async () => {
    const forProvider = { displayName: 'ours' };
    const annotations = { 'crossplane.io/poll-interval': '1h30m' };
    const topic = await user.create(aTopic('rare', { forProvider, annotations }));
    await user.until(topic, isReady);
    await eventually(() => Promise.resolve(pausesMs.has(5_400_000)));
    const change = { AttributeName: 'DisplayName', AttributeValue: 'theirs' };
    await sns.send(new SetTopicAttributesCommand({ TopicArn: arnOf('rare'), ...change }));
    const asking = { 'crossplane.io/reconcile-requested-at': 'now' };
    await user.change(topic, { metadata: { annotations: asking } });
    await user.until<Resource>(topic, ({ status }) => status?.lastHandledReconcileAt === 'now');
    expect(await displayNameOf('rare')).toBe('ours');
    await user.remove(topic);
  });

  test('that was deleted in AWS is made again', async () => {
    const topic = await user.create(aTopic('again'));
    await user.until(topic, isReady);
    await sns.send(new DeleteTopicCommand({ TopicArn: arnOf('again') }));
    await eventually(() => isInAws('again'));
    expect(await isInAws('again')).toBe(true);
    await user.remove(topic);
  });

  test('follows its specification at once', async () => {
    const topic = await user.create(aTopic('follows', { forProvider: { displayName: 'one' } }));
    await user.until(topic, isReady);
    await user.change(topic, { spec: { forProvider: { displayName: 'two' } } });
    const seen = await user.until<Resource>(
      topic,
      ({ status }) => status?.atProvider?.displayName === 'two',
    );
    expect(seen.spec.forProvider.displayName).toBe('two');
    expect(await displayNameOf('follows')).toBe('two');
    await user.remove(topic);
  });

  test('takes over what is in AWS under its external name', async () => {
    await sns.send(
      new CreateTopicCommand({ Name: 'was-there', Attributes: { DisplayName: 'old' } }),
    );
    const annotations = { 'crossplane.io/external-name': 'was-there' };
    const topic = await user.create(aTopic('imported', { annotations }));
    const ready = await user.until<Resource>(topic, isReady);
    expect(ready.status?.atProvider).toMatchObject({ arn: arnOf('was-there'), displayName: 'old' });
    expect(ready.metadata.annotations).not.toHaveProperty([
      'crossplane.io/external-create-pending',
    ]);
    await user.remove(topic);
    expect(await isInAws('was-there')).toBe(false);
  });

  test('that only observes changes nothing, and leaves AWS alone at its end', async () => {
    await sns.send(
      new CreateTopicCommand({ Name: 'looked-at', Attributes: { DisplayName: 'old' } }),
    );
    const managementPolicies = ['Observe'];
    const forProvider = { displayName: 'new' };
    const topic = await user.create(aTopic('looked-at', { managementPolicies, forProvider }));
    const ready = await user.until<Resource>(topic, isReady);
    expect(ready.status?.atProvider).toMatchObject({ displayName: 'old' });
    await user.remove(topic);
    expect(await displayNameOf('looked-at')).toBe('old');
  });

  test('that only observes says so when there is nothing to see', async () => {
    const topic = await user.create(aTopic('not-there', { managementPolicies: ['Observe'] }));
    const refused = await user.until(topic, isRefused);
    expect(refusalOf(refused)).toBe('observe failed: external resource does not exist');
    await user.remove(topic);
  });

  test('that is orphaned stays in AWS', async () => {
    const topic = await user.create(aTopic('orphan', { deletionPolicy: 'Orphan' }));
    await user.until(topic, isReady);
    await user.remove(topic);
    expect(await isInAws('orphan')).toBe(true);
  });

  test('that is paused is not created until it is let go on', async () => {
    const annotations = { 'crossplane.io/paused': 'true' };
    const topic = await user.create(aTopic('paused', { annotations }));
    const refused = await user.until(topic, isRefused);
    expect(conditionOf(refused, 'Synced')?.reason).toBe('ReconcilePaused');
    expect(await isInAws('paused')).toBe(false);
    await user.change(topic, { metadata: { annotations: { 'crossplane.io/paused': null } } });
    await user.until(topic, isReady);
    await user.remove(topic);
  });

  test('without its ProviderConfig says which is missing, and goes on when it comes', async () => {
    const topic = await user.create(aTopic('no-config', { providerConfigRef: { name: 'later' } }));
    const refused = await user.until(topic, isRefused);
    expect(refusalOf(refused)).toContain(
      'cannot get referenced ProviderConfig: ProviderConfig.aws.upbound.io "later" not found',
    );
    await user.create(aProviderConfig('later', 'ProviderConfig', 'aws.upbound.io'));
    await user.until(topic, isReady);
    await user.remove(topic);
  });

  test('goes on when its wrong credentials are put right in their secret', async () => {
    const wrong = { accessKeyId: 'AKIAWRONGWRONGWRONG0', secretAccessKey: 'wrong' };
    const secret = await user.create(aSecret('mistyped', wrong));
    await user.create(
      aProviderConfig('mistyped', 'ProviderConfig', 'aws.upbound.io', { secret: 'mistyped' }),
    );
    const topic = await user.create(
      aTopic('mistyped', { providerConfigRef: { name: 'mistyped' } }),
    );
    const refused = await user.until(topic, isRefused);
    expect(refusalOf(refused)).toMatch(
      /^observe failed: operation error STS: GetCallerIdentity, .*403/,
    );
    await user.change(secret, { stringData: aSecret('mistyped', aws.credentials).stringData });
    await user.until(topic, isReady);
    await user.remove(topic);
  });

  test('is made under the last role of the chain of its ProviderConfig', async () => {
    const iam = new IAMClient({ region: REGION, endpoint: aws.url, credentials: aws.credentials });
    const anyone = {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
      Action: 'sts:AssumeRole',
    };
    await iam.send(
      new CreateRoleCommand({
        RoleName: 'powerless',
        AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [anyone] }),
      }),
    );
    iam.destroy();
    const assumeRoleChain = [{ roleARN: `arn:aws:iam::${ACCOUNT}:role/powerless` }];
    await user.create(
      aProviderConfig('chained', 'ProviderConfig', 'aws.upbound.io', { assumeRoleChain }),
    );
    const topic = await user.create(aTopic('chained', { providerConfigRef: { name: 'chained' } }));
    const refused = await user.until(topic, isRefused);
    expect(refusalOf(refused)).toMatch(/AuthorizationError.*assumed-role\/powerless/);
    await user.change(topic, { spec: { managementPolicies: ['Observe'] } });
    await user.remove(topic);
  });

  test('keeps its ProviderConfig from deletion for as long as it lives', async () => {
    const config = await user.create(aProviderConfig('used', 'ProviderConfig', 'aws.upbound.io'));
    const topic = await user.create(aTopic('user', { providerConfigRef: { name: 'used' } }));
    await user.until(topic, isReady);
    await user.startRemoval(config);
    const held = await user.until(config, (now) => conditionOf(now, 'Terminating') !== undefined);
    expect(conditionOf(held, 'Terminating')).toMatchObject({ status: 'True', reason: 'InUse' });
    expect(held.status).toMatchObject({ users: 1 });
    await user.remove(topic);
    await user.untilGone(config);
  });

  test('that AWS refuses says so in the words of AWS', async () => {
    const annotations = { 'crossplane.io/external-name': 'not a name!' };
    const topic = await user.create(aTopic('refused', { annotations }));
    const refused = await user.until(topic, isRefused);
    expect(refusalOf(refused)).toMatch(
      /^(create|observe) failed: operation error SNS: \w+, https response error StatusCode: 400, InvalidParameter/,
    );
    await user.remove(topic);
  });

  test('that AWS refuses to delete stays and says why, and goes once AWS lets it', async () => {
    const table = await user.create<Resource>({
      apiVersion: 'dynamodb.aws.upbound.io/v1beta2',
      kind: 'Table',
      metadata: { name: 'protected' },
      spec: {
        forProvider: {
          region: REGION,
          attribute: [{ name: 'id', type: 'S' }],
          hashKey: 'id',
          billingMode: 'PAY_PER_REQUEST',
          deletionProtectionEnabled: true,
        },
      },
    });
    await user.until(table, isReady);
    await user.startRemoval(table);
    const refused = await user.until(table, isRefused);
    expect(refusalOf(refused)).toMatch(
      /^delete failed: ValidationException: .*currently protected against deletion/,
    );
    expect(conditionOf(refused, 'Ready')).toMatchObject({ status: 'False', reason: 'Deleting' });
    expect(conditionOf(refused, 'LastAsyncOperation')).toMatchObject({
      status: 'False',
      reason: 'AsyncDeleteFailure',
    });
    const { url: endpoint, credentials } = aws;
    const dynamodb = new DynamoDBClient({ region: REGION, endpoint, credentials });
    await dynamodb.send(
      new UpdateTableCommand({ TableName: 'protected', DeletionProtectionEnabled: false }),
    );
    await user.untilGone(table);
    const { TableNames } = await dynamodb.send(new ListTablesCommand({}));
    expect(TableNames).not.toContain('protected');
    dynamodb.destroy();
  });

  test('that AWS holds because a replica was made from it says so, and goes when the hold is over', async () => {
    const table = await user.create<Resource>({
      apiVersion: 'dynamodb.aws.upbound.io/v1beta2',
      kind: 'Table',
      metadata: { name: 'held' },
      spec: {
        forProvider: {
          region: REGION,
          attribute: [{ name: 'id', type: 'S' }],
          hashKey: 'id',
          billingMode: 'PAY_PER_REQUEST',
          streamEnabled: true,
          streamViewType: 'NEW_AND_OLD_IMAGES',
          replica: [{ regionName: 'us-west-2' }],
        },
      },
    });
    await user.until(table, isReady);
    await user.startRemoval(table);
    // Its replica goes first: while that takes place, AWS says something else.
    const said =
      /^delete failed: operation error DynamoDB: DeleteTable, .*ValidationException: Replica cannot be deleted because it has acted as a source region for new replica\(s\) being added to the table in the last 24 hours\.$/;
    const refused = await user.until(table, (now) => said.test(refusalOf(now) ?? ''));
    expect(conditionOf(refused, 'Ready')).toMatchObject({ status: 'False', reason: 'Deleting' });
    awsIsAheadMs = HOLD_MS;
    await user.untilGone(table);
  });

  test('whose immutable field was changed is refused', async () => {
    const topic = await user.create(aTopic('source'));
    await user.until(topic, isReady);
    const subscription = await user.create(aSubscription('sub', { topicArn: arnOf('source') }));
    const ready = await user.until(subscription, isReady);
    expect(ready.metadata.annotations?.['crossplane.io/external-name']).toContain(arnOf('source'));
    await user.change(subscription, { spec: { forProvider: { endpoint: 'b@example.org' } } });
    const refused = await user.until(subscription, isRefused);
    expect(refusalOf(refused)).toContain(
      'cannot change the value of the argument "endpoint" from "a@example.org" to "b@example.org"',
    );
    await user.remove(subscription);
    await user.remove(topic);
  });

  test('waits for what it refers to, and is Ready soon after', async () => {
    const topicArnRef = { name: 'awaited' };
    const subscription = await user.create(aSubscription('waits', { topicArnRef }));
    const refused = await user.until(subscription, isRefused);
    expect(refusalOf(refused)).toContain('cannot resolve references: mg.Spec.ForProvider.TopicArn');
    const topic = await user.create(aTopic('awaited'));
    const ready = await user.until<Resource>(subscription, isReady);
    expect(ready.spec.forProvider.topicArn).toBe(arnOf('awaited'));
    await user.remove(subscription);
    await user.remove(topic);
  });

  test('of a region that is lost stays Ready, says why nobody can look, and recovers', async () => {
    const forProvider = { region: 'eu-west-1' };
    const topic = await user.create(aTopic('far', { forProvider }));
    await user.until(topic, isReady);
    await aws.faults.takeDown('eu-west-1');
    const lost = await user.until(topic, isRefused);
    expect(refusalOf(lost)).toContain('observe failed: operation error SNS: GetTopicAttributes');
    expect(isReady(lost)).toBe(true);
    await aws.faults.bringUp('eu-west-1');
    const back = await user.until(topic, (now) => !isRefused(now));
    expect(isReady(back)).toBe(true);
    await user.remove(topic);
  });

  test.each([
    { policies: ['*'], filled: 'missing' },
    { policies: ['Observe', 'Create', 'Update', 'Delete'], filled: undefined },
  ])(
    'with policies $policies has what AWS chose written into its specification: $filled',
    async ({ policies, filled }) => {
      const alarm = await user.create<Resource>({
        apiVersion: 'cloudwatch.aws.upbound.io/v1beta2',
        kind: 'MetricAlarm',
        metadata: { name: `late-${policies.length}` },
        spec: {
          managementPolicies: policies,
          forProvider: {
            region: REGION,
            namespace: 'AWS/Lambda',
            metricName: 'Errors',
            statistic: 'Sum',
            period: 60,
            evaluationPeriods: 1,
            threshold: 1,
            comparisonOperator: 'GreaterThanThreshold',
          },
        },
      });
      const ready = await user.until<Resource>(alarm, isReady);
      expect(ready.spec.forProvider.treatMissingData).toBe(filled);
      expect(ready.status?.atProvider).toMatchObject({ treatMissingData: 'missing' });
      await user.remove(alarm);
    },
  );

  test('of the namespaced form is served the same way', async () => {
    const topic = await user.create<Resource>({
      ...aTopic('namespaced'),
      apiVersion: 'sns.aws.m.upbound.io/v1beta1',
      metadata: { name: 'namespaced', namespace: 'default' },
    });
    const ready = await user.until<Resource>(topic, isReady);
    expect(ready.spec.forProvider.tags).toMatchObject({
      'crossplane-kind': 'topic.sns.aws.m.upbound.io',
    });
    await user.remove(topic);
    expect(await isInAws('namespaced')).toBe(false);
  });
});

function sharedCredentials({ accessKeyId, secretAccessKey }: AnAws['credentials']): string {
  return `[default]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`;
}

/** Resolves when `holds` does; the test's own time limit is the limit. */
async function eventually(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds().catch(() => false))) await systemClock.sleep(20);
}
