/** A ProviderConfig whose credentials are the token of a service account: from the cluster that signs it to AWS and back. */
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateOpenIDConnectProviderCommand,
  CreateRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runProvider, type Provider } from '../../../src/local/provider-aws/provider.js';
import { systemClock } from '../../../src/support/clock.js';
import { KubernetesClient } from '../../../src/support/kubernetes/client.js';
import { conditionOf, type KubernetesObject } from '../../../src/support/kubernetes/objects.js';
import { silentLog } from '../../../src/support/log.js';
import { aCluster, type ACluster } from '../../builders/a-cluster.js';
import { theLocalAws, type AnAws } from './an-aws.js';
import { ClusterUser } from './cluster-user.js';

const ACCOUNT = '123456789012';
const AUDIENCE = 'sts.amazonaws.com';
const SUBJECT = 'system:serviceaccount:default:provider-aws';
const RBAC = 'rbac.authorization.k8s.io';
const DISCOVERY = 'system:service-account-issuer-discovery';

const arnOf = (role: string) => `arn:aws:iam::${ACCOUNT}:role/${role}`;
const isReady = (object: KubernetesObject) => conditionOf(object, 'Ready')?.status === 'True';
const isRefused = (object: KubernetesObject) => conditionOf(object, 'Synced')?.status === 'False';

function aTopic(name: string, config: string, region = 'us-east-1'): KubernetesObject {
  const spec = { forProvider: { region }, providerConfigRef: { name: config } };
  return {
    apiVersion: 'sns.aws.upbound.io/v1beta1',
    kind: 'Topic',
    metadata: { name },
    ...{ spec },
  };
}

describe('web identity', () => {
  let cluster: ACluster;
  let aws: AnAws;
  let provider: Provider;
  let client: KubernetesClient;
  let user: ClusterUser;
  let iam: IAMClient;
  let dir: string;

  beforeAll(async () => {
    [cluster, aws] = await Promise.all([aCluster(), theLocalAws()]);
    dir = await mkdtemp(join(tmpdir(), 'tokens-'));
    client = new KubernetesClient(cluster.kubeConfig);
    user = new ClusterUser(client);
    iam = new IAMClient({ region: 'us-east-1', endpoint: aws.url, credentials: aws.credentials });
    provider = await runProvider({
      kubeConfig: cluster.kubeConfig,
      clock: systemClock,
      log: silentLog,
      awsEndpoint: aws.url,
      pollIntervalMs: 250,
    });
    await letStrangersSeeTheIssuer();
    const issuer = cluster.kubeConfig.getCurrentCluster()?.server ?? '';
    const { OpenIDConnectProviderArn: federated } = await iam.send(
      new CreateOpenIDConnectProviderCommand({ Url: issuer, ClientIDList: [AUDIENCE] }),
    );
    const key = `${issuer.slice('https://'.length)}:sub`;
    await aRole('provider', {
      Principal: { Federated: federated },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: { StringEquals: { [key]: SUBJECT } },
    });
    await aRole('beyond', { Principal: { AWS: arnOf('provider') }, Action: 'sts:AssumeRole' });
  });

  afterAll(async () => {
    await provider.close();
    client.close();
    iam.destroy();
    await Promise.all([cluster.stop(), aws.stop(), rm(dir, { recursive: true })]);
  });

  async function letStrangersSeeTheIssuer() {
    await user.create({
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name: 'issuer-discovery' },
      roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: DISCOVERY },
      subjects: [{ apiGroup: RBAC, kind: 'Group', name: 'system:unauthenticated' }],
    } as KubernetesObject);
  }

  async function aRole(name: string, trust: object) {
    const documentOf = (statement: object) =>
      JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', ...statement } });
    await iam.send(
      new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: documentOf(trust) }),
    );
    const PolicyDocument = documentOf({ Action: 'sns:*', Resource: `arn:aws:sns:*:*:${name}-*` });
    await iam.send(
      new PutRolePolicyCommand({ RoleName: name, PolicyName: 'topics', PolicyDocument }),
    );
  }

  /** The path of a file with a token, as a pod would have it mounted. */
  async function aTokenOf(account: string, audience: string): Promise<string> {
    const metadata = { name: account, namespace: 'default' };
    const object = { apiVersion: 'v1', kind: 'ServiceAccount', metadata };
    if ((await user.read(object)) === undefined) await user.create(object);
    const type = await client.resourceType('v1', 'ServiceAccount');
    const path = { ...type, plural: `serviceaccounts/${account}/token` };
    const { status } = await client.create<KubernetesObject & { status?: { token: string } }>(
      path,
      {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenRequest',
        metadata,
        ...{ spec: { audiences: [audience] } },
      },
    );
    const file = join(dir, `${account}-${audience}`);
    await writeFile(file, `${status?.token ?? ''}\n`);
    return file;
  }

  async function aConfig(name: string, path: string, assumeRoleChain?: object[]) {
    const tokenConfig = { source: 'Filesystem', fs: { path } };
    const webIdentity = { roleARN: arnOf('provider'), tokenConfig };
    const credentials = { source: 'WebIdentity', webIdentity };
    await user.create({
      apiVersion: 'aws.upbound.io/v1beta1',
      kind: 'ProviderConfig',
      metadata: { name },
      ...{ spec: { credentials, ...(assumeRoleChain && { assumeRoleChain }) } },
    });
  }

  test('makes resources in both regions, and through a chain of roles', async () => {
    const token = await aTokenOf('provider-aws', AUDIENCE);
    await aConfig('primary', token);
    await aConfig('secondary', token);
    await aConfig('chained', token, [{ roleARN: arnOf('beyond') }]);
    const topics = [
      aTopic('provider-east', 'primary'),
      aTopic('provider-west', 'secondary', 'us-west-2'),
      // The first role may not make it: the one behind it does.
      aTopic('beyond-east', 'chained'),
    ];
    for (const topic of topics) await user.create(topic);
    const made = await Promise.all(topics.map((topic) => user.until(topic, isReady)));
    expect(made.map((topic) => conditionOf(topic, 'Synced')?.status)).toEqual([
      'True',
      'True',
      'True',
    ]);
    await Promise.all(topics.map((topic) => user.remove(topic)));
  });

  test.each([
    {
      sentence: 'a token for another audience',
      account: 'provider-aws',
      audience: 'vault',
      said: /^connect failed: operation error STS: AssumeRoleWithWebIdentity, https response error StatusCode: 400, InvalidIdentityToken\w*: Incorrect token audience$/,
    },
    {
      sentence: 'a token of another account',
      account: 'somebody',
      audience: AUDIENCE,
      said: /StatusCode: 403, AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity$/,
    },
  ])(
    'says what AWS says to $sentence, and goes on with a better one',
    async ({ account, audience, said }) => {
      const file = await aTokenOf(account, audience);
      await aConfig(account, file);
      const topic = await user.create(aTopic(`provider-${account}`, account));
      const refused = await user.until(topic, isRefused);
      expect(conditionOf(refused, 'Synced')?.message).toMatch(said);
      // As the kubelet renews it, under the same path.
      await copyFile(await aTokenOf('provider-aws', AUDIENCE), file);
      await user.until(topic, isReady);
      await user.remove(topic);
    },
  );
});
