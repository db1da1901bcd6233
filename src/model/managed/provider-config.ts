/**
 * The CRDs of how the provider reaches AWS: configurations, and the record of who uses one.
 *
 * The specification is the same in all three kinds of configuration; only where the object lives differs.
 */
import { flag, integer, list, object, text, type ObjectSchema } from '../schema.js';
import {
  CONDITIONS,
  OBJECT_FIELDS,
  type CustomResourceDefinition,
  type PrinterColumn,
} from './custom-resource.js';
import { GROUP_SUFFIX, type Form } from './kind.js';

const VERSION = 'v1beta1';

const roleARN = text('The ARN of the role.');

const secretRef = object(
  'A key of a Secret.',
  {
    name: text('The name of the Secret.'),
    namespace: text('Its namespace.'),
    key: text('The key in it.'),
  },
  { required: ['key', 'name', 'namespace'] },
);

const fs = object(
  'A file in the file system of the provider.',
  { path: text('Its path.') },
  { required: ['path'] },
);

const spec = object(
  'How the provider reaches AWS.',
  {
    credentials: object(
      'Who the provider is to AWS.',
      {
        source: text('Where the credentials are.', {
          enum: ['None', 'Secret', 'IRSA', 'WebIdentity', 'PodIdentity', 'Upbound'],
        }),
        secretRef,
        env: object(
          'A variable in the environment of the provider.',
          { name: text('Its name.') },
          { required: ['name'] },
        ),
        fs,
        webIdentity: object('A role taken on with a token of an identity provider.', {
          roleARN,
          roleSessionName: text('The name of the session, as CloudTrail shows it.'),
          tokenConfig: object(
            'Where the token is.',
            {
              source: text('The kind of place.', { enum: ['Secret', 'Filesystem'] }),
              secretRef,
              fs,
            },
            { required: ['source'] },
          ),
        }),
      },
      { required: ['source'] },
    ),
    assumeRoleChain: list(
      'Roles taken on one after the other.',
      object('A role.', {
        roleARN,
        externalID: text('The identifier that the trust policy of the role asks for.'),
        tags: list(
          'Tags of the session.',
          object(
            'A tag.',
            { key: text('Its key.'), value: text('Its value.') },
            { required: ['key', 'value'] },
          ),
        ),
        transitiveTagKeys: list(
          'Keys of tags that the next roles in the chain keep.',
          text('A key.'),
        ),
      }),
    ),
    endpoint: object(
      'Where the services of AWS are, if elsewhere than usual.',
      {
        source: text('Who says so.', { enum: ['ServiceMetadata', 'Custom'] }),
        services: list('The services meant, such as dynamodb.', text('A service.')),
        hostnameImmutable: flag(
          'Whether the host name is used as it is, without the name of a bucket before it.',
        ),
        partitionId: text('The partition of AWS.'),
        signingRegion: text('The region for which requests are signed.'),
        signingName: text('The service for which requests are signed.'),
        signingMethod: text('How requests are signed.'),
        url: object(
          'The address.',
          {
            type: text('Static or Dynamic, as said below, or Auto.', {
              enum: ['Static', 'Dynamic', 'Auto'],
            }),
            static: text('The address, for all services and regions.'),
            dynamic: object(
              'The address, for each service and region another.',
              {
                protocol: text('The protocol.', { enum: ['http', 'https'] }),
                host: text('What follows the service and region.'),
              },
              { required: ['host', 'protocol'] },
            ),
          },
          { required: ['type'] },
        ),
      },
      { required: ['url'] },
    ),
    s3_use_path_style: flag(
      'Whether the name of a bucket stands in the path and not in the host name.',
    ),
    skip_credentials_validation: flag(
      'Whether the credentials are not tried before they are used.',
    ),
    skip_metadata_api_check: flag('Whether the instance metadata service is not asked.'),
    skip_region_validation: flag('Whether regions that the provider does not know are taken.'),
    skip_requesting_account_id: flag('Whether the account is not asked for.'),
  },
  { required: ['credentials'] },
);

const configuration = object(
  'Credentials and endpoint with which the provider reaches AWS.',
  {
    ...OBJECT_FIELDS,
    spec,
    status: object('What the provider has seen.', {
      conditions: CONDITIONS,
      users: integer('How many managed resources use it.', { format: 'int64' }),
    }),
  },
  { required: ['spec'] },
);

function usage(form: Form): ObjectSchema {
  const name = text('Its name.');
  return object(
    'A record that a managed resource uses a configuration, which is kept from deletion by that.',
    {
      ...OBJECT_FIELDS,
      providerConfigRef:
        form === 'cluster'
          ? object('The configuration.', { name }, { required: ['name'] })
          : object(
              'The configuration.',
              { kind: text('Its kind.'), name },
              { required: ['kind', 'name'] },
            ),
      resourceRef: object(
        'The managed resource.',
        { apiVersion: text('Its version.'), kind: text('Its kind.'), name, uid: text('Its UID.') },
        { required: ['apiVersion', 'kind', 'name'] },
      ),
    },
    { required: ['providerConfigRef', 'resourceRef'] },
  );
}

const AGE: PrinterColumn = { name: 'AGE', type: 'date', jsonPath: '.metadata.creationTimestamp' };

const USAGE_COLUMNS: readonly PrinterColumn[] = [
  AGE,
  { name: 'CONFIG-NAME', type: 'string', jsonPath: '.providerConfigRef.name' },
  { name: 'RESOURCE-KIND', type: 'string', jsonPath: '.resourceRef.kind' },
  { name: 'RESOURCE-NAME', type: 'string', jsonPath: '.resourceRef.name' },
];

function configCrd(
  form: Form,
  kind: string,
  scope: 'Cluster' | 'Namespaced',
): CustomResourceDefinition {
  const isUsage = kind === 'ProviderConfigUsage';
  const group = GROUP_SUFFIX[form];
  const plural = `${kind.toLowerCase()}s`;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      names: {
        kind,
        listKind: `${kind}List`,
        plural,
        singular: kind.toLowerCase(),
        categories: ['crossplane', 'providerconfig', 'aws'],
      },
      scope,
      versions: [
        {
          name: VERSION,
          served: true,
          storage: true,
          subresources: isUsage ? {} : { status: {} },
          additionalPrinterColumns: isUsage ? USAGE_COLUMNS : [AGE],
          schema: { openAPIV3Schema: isUsage ? usage(form) : configuration },
        },
      ],
    },
  };
}

export const PROVIDER_CONFIG_CRDS: readonly CustomResourceDefinition[] = [
  configCrd('cluster', 'ProviderConfig', 'Cluster'),
  configCrd('cluster', 'ProviderConfigUsage', 'Cluster'),
  configCrd('namespaced', 'ClusterProviderConfig', 'Cluster'),
  configCrd('namespaced', 'ProviderConfig', 'Namespaced'),
  configCrd('namespaced', 'ProviderConfigUsage', 'Namespaced'),
];
