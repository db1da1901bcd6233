/**
 * The ProviderConfigs `primary` and `secondary` that claims use by default, in both forms, for one way of getting credentials.
 *
 * They may differ in how they reach AWS, but must reach the same account: a global table and one role serve both regions.
 */
import { ApiObject } from 'cdk8s';
import { Secret } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { GROUP_SUFFIX } from '../../model/managed/kind.js';
import { SITES } from '../../model/regions.js';
import { PROVIDER_ROLE_ARN } from './provider-runtime.js';

export const CREDENTIAL_WAYS = ['irsa', 'web-identity', 'secret'] as const;
export type CredentialWay = (typeof CREDENTIAL_WAYS)[number];

const NAMESPACE = 'crossplane-system';
const SECRET = { namespace: NAMESPACE, name: 'aws-credentials', key: 'credentials' };
const TOKEN_PATH = '/var/run/secrets/tokens/aws/token';

const CREDENTIALS: Readonly<Record<CredentialWay, Readonly<Record<string, unknown>>>> = {
  irsa: { source: 'IRSA' },
  'web-identity': {
    source: 'WebIdentity',
    webIdentity: {
      roleARN: PROVIDER_ROLE_ARN,
      tokenConfig: { source: 'Filesystem', fs: { path: TOKEN_PATH } },
    },
  },
  secret: { source: 'Secret', secretRef: SECRET },
};

export const CREDENTIAL_ADVICE: Readonly<Record<CredentialWay, readonly string[]>> = {
  irsa: [
    'On EKS: the service account of deploy/providers.yaml takes on the IAM role that its annotation names.',
    'Name your own role there; its trust policy admits system:serviceaccount:crossplane-system:provider-aws.',
  ],
  'web-identity': [
    'On any cluster with an OIDC issuer that IAM trusts: the token at the path is projected into the provider.',
    'Name your own role, and mount a projected serviceAccountToken with audience sts.amazonaws.com at that path.',
  ],
  secret: [
    'For trying things out: long-lived keys in a Secret. Replace both keys before you apply it,',
    'or better, make the Secret by other means and take its document out of this file.',
  ],
};

export class ProviderConfigs extends Construct {
  constructor(scope: Construct, way: CredentialWay) {
    super(scope, 'provider-configs');
    if (way === 'secret') {
      new Secret(this, 'credentials', {
        metadata: { name: SECRET.name, namespace: SECRET.namespace },
        stringData: {
          [SECRET.key]: [
            '[default]',
            'aws_access_key_id = REPLACE',
            'aws_secret_access_key = REPLACE',
            '',
          ].join('\n'),
        },
      });
    }
    for (const site of SITES) {
      this.#configure(`cluster-${site}`, GROUP_SUFFIX.cluster, 'ProviderConfig', site, way);
      this.#configure(
        `namespaced-${site}`,
        GROUP_SUFFIX.namespaced,
        'ClusterProviderConfig',
        site,
        way,
      );
    }
  }

  #configure(id: string, group: string, kind: string, name: string, way: CredentialWay): void {
    new ApiObject(this, id, {
      apiVersion: `${group}/v1beta1`,
      kind,
      metadata: { name },
      spec: { credentials: CREDENTIALS[way] },
    });
  }
}
