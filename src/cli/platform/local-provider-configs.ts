/**
 * The ProviderConfigs of the local platform: `primary` and `secondary` with the local AWS's keys and endpoint.
 *
 * On a real cluster these two are the platform team's own (deploy/); the claim names them and does not know the difference.
 */
import type { AwsServer } from '../../local/aws/server.js';
import type { KubernetesObject } from '../../support/kubernetes/objects.js';

const NAMESPACE = 'crossplane-system';
const SECRET = { namespace: NAMESPACE, name: 'local-aws', key: 'credentials' };

export function localProviderConfigs({ url, credentials }: AwsServer): KubernetesObject[] {
  const spec = {
    credentials: { source: 'Secret', secretRef: SECRET },
    endpoint: {
      source: 'Custom',
      services: ['dynamodb', 's3', 'iam', 'sts', 'lambda', 'sns', 'cloudwatch'],
      hostnameImmutable: true,
      url: { type: 'Static', static: url },
    },
    s3_use_path_style: true,
  };
  const config = (apiVersion: string, kind: string, name: string): KubernetesObject => ({
    apiVersion,
    kind,
    metadata: { name },
    spec,
  });
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: SECRET.name, namespace: NAMESPACE },
      type: 'Opaque',
      stringData: {
        [SECRET.key]: [
          '[default]',
          `aws_access_key_id = ${credentials.accessKeyId}`,
          `aws_secret_access_key = ${credentials.secretAccessKey}`,
          '',
        ].join('\n'),
      },
    } as KubernetesObject,
    ...['primary', 'secondary'].flatMap((name) => [
      config('aws.upbound.io/v1beta1', 'ProviderConfig', name),
      config('aws.m.upbound.io/v1beta1', 'ClusterProviderConfig', name),
    ]),
  ];
}
