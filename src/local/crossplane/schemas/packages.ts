/**
 * Provider, Function and Configuration with their revisions, and DeploymentRuntimeConfig: the packages of a cluster.
 *
 * Nothing is pulled here, so only the fields that have a meaning without an image are known.
 */
import { crossplaneCrd, type CrossplaneVersion } from './crossplane-crd.js';
import {
  ageColumn,
  anything,
  conditionColumn,
  conditions,
  flag,
  int64,
  list,
  object,
  text,
  textMap,
  texts,
  withRules,
  type Schema,
} from './schema.js';

const FULLY_QUALIFIED = {
  rule: "self.matches('^[^\\\\.\\\\/]+(\\\\.[^\\\\.\\\\/]+)+(\\\\/[^\\\\/:@]+)+(:[^:@]+(@sha256.+)?|@sha256.+)$')",
  message:
    'must be a fully qualified image name: registry, repository, and a tag or digest, as in registry.example.org/repository/package:v1.0.0',
};

const packageSpec: Readonly<Record<string, Schema>> = {
  commonAnnotations: textMap,
  commonLabels: textMap,
  ignoreCrossplaneConstraints: { ...flag, default: false },
  package: withRules(text, FULLY_QUALIFIED),
  packagePullPolicy: { ...text, default: 'IfNotPresent' },
  packagePullSecrets: list({
    ...object({ name: { ...text, default: '' } }),
    'x-kubernetes-map-type': 'atomic',
  }),
  revisionActivationPolicy: { ...text, default: 'Automatic' },
  revisionHistoryLimit: { ...int64, default: 1 },
  skipDependencyResolution: { ...flag, default: false },
};

const runtimeConfigRef: Schema = {
  ...object(
    {
      apiVersion: { ...text, default: 'pkg.crossplane.io/v1beta1' },
      kind: { ...text, default: 'DeploymentRuntimeConfig' },
      name: text,
    },
    ['name'],
  ),
  default: { name: 'default' },
};

const runtimeSpec: Readonly<Record<string, Schema>> = { ...packageSpec, runtimeConfigRef };

function packageVersion(
  name: string,
  stored: boolean,
  spec: Readonly<Record<string, Schema>>,
): CrossplaneVersion {
  return {
    name,
    stored,
    columns: [
      conditionColumn('INSTALLED', 'Installed'),
      conditionColumn('HEALTHY', 'Healthy'),
      { name: 'PACKAGE', type: 'string', jsonPath: '.spec.package' },
      ageColumn,
    ],
    properties: {
      spec: object(spec, ['package']),
      status: object({
        conditions,
        currentIdentifier: text,
        currentRevision: text,
        resolvedPackage: text,
      }),
    },
  };
}

function revisionVersion(name: string, stored: boolean, runs: boolean): CrossplaneVersion {
  const { commonAnnotations, commonLabels, ignoreCrossplaneConstraints } = packageSpec;
  const { packagePullPolicy, packagePullSecrets, skipDependencyResolution } = packageSpec;
  return {
    name,
    stored,
    columns: [
      conditionColumn('HEALTHY', 'RevisionHealthy'),
      ...(runs
        ? [
            conditionColumn('RUNTIME-HEALTHY', 'RuntimeHealthy'),
            conditionColumn('RUNTIME-ACTIVE', 'RuntimeActive'),
          ]
        : []),
      { name: 'IMAGE', type: 'string', jsonPath: '.spec.image' },
      { name: 'STATE', type: 'string', jsonPath: '.spec.desiredState' },
      ageColumn,
      { name: 'REVISION', type: 'string', jsonPath: '.spec.revision', priority: 1 },
      { name: 'DEP-FOUND', type: 'string', jsonPath: '.status.foundDependencies', priority: 1 },
      {
        name: 'DEP-INSTALLED',
        type: 'string',
        jsonPath: '.status.installedDependencies',
        priority: 1,
      },
    ],
    properties: {
      spec: object(
        {
          ...{ commonAnnotations, commonLabels, ignoreCrossplaneConstraints },
          ...{ packagePullPolicy, packagePullSecrets, skipDependencyResolution },
          ...(runs ? { runtimeConfigRef } : {}),
          desiredState: text,
          image: text,
          revision: int64,
        } as Readonly<Record<string, Schema>>,
        ['desiredState', 'image', 'revision'],
      ),
      status: object({
        capabilities: texts,
        conditions,
        foundDependencies: int64,
        installedDependencies: int64,
        resolvedImage: text,
      }),
    },
  };
}

/** A revision of a function says where it is called too. */
function withEndpoint(version: CrossplaneVersion): CrossplaneVersion {
  const { status = {} } = version.properties;
  const fields = status.properties as Readonly<Record<string, Schema>>;
  return {
    ...version,
    properties: { ...version.properties, status: object({ ...fields, endpoint: text }) },
  };
}

const group = 'pkg.crossplane.io';
const categories = ['pkg'];

export const providerCrd = crossplaneCrd({
  group,
  kind: 'Provider',
  plural: 'providers',
  categories,
  versions: [packageVersion('v1', true, runtimeSpec)],
});

export const functionCrd = crossplaneCrd({
  group,
  kind: 'Function',
  plural: 'functions',
  categories,
  versions: [
    packageVersion('v1', true, runtimeSpec),
    packageVersion('v1beta1', false, runtimeSpec),
  ],
});

export const configurationCrd = crossplaneCrd({
  group,
  kind: 'Configuration',
  plural: 'configurations',
  categories,
  versions: [packageVersion('v1', true, packageSpec)],
});

export const providerRevisionCrd = crossplaneCrd({
  group,
  kind: 'ProviderRevision',
  plural: 'providerrevisions',
  categories: ['pkgrev'],
  versions: [revisionVersion('v1', true, true)],
});

export const functionRevisionCrd = crossplaneCrd({
  group,
  kind: 'FunctionRevision',
  plural: 'functionrevisions',
  categories: ['pkgrev'],
  versions: [
    withEndpoint(revisionVersion('v1', true, true)),
    withEndpoint(revisionVersion('v1beta1', false, true)),
  ],
});

export const configurationRevisionCrd = crossplaneCrd({
  group,
  kind: 'ConfigurationRevision',
  plural: 'configurationrevisions',
  categories: ['pkgrev'],
  versions: [revisionVersion('v1', true, false)],
});

/** How a package would be deployed. Nothing is deployed here, so the templates are kept as they are written. */
export const deploymentRuntimeConfigCrd = crossplaneCrd({
  group,
  kind: 'DeploymentRuntimeConfig',
  plural: 'deploymentruntimeconfigs',
  versions: [
    {
      name: 'v1beta1',
      stored: true,
      columns: [ageColumn],
      properties: {
        spec: object({
          deploymentTemplate: anything,
          serviceAccountTemplate: anything,
          serviceTemplate: anything,
        }),
      },
    },
  ],
});
