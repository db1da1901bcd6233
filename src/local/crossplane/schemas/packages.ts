/**
 * Provider, Function, Configuration and DeploymentRuntimeConfig: the packages that a cluster asks for.
 *
 * Nothing is pulled here, so no revisions are made, and only the fields that have a meaning without an image are known.
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

const runtimeSpec: Readonly<Record<string, Schema>> = {
  ...packageSpec,
  runtimeConfigRef: {
    ...object(
      {
        apiVersion: { ...text, default: 'pkg.crossplane.io/v1beta1' },
        kind: { ...text, default: 'DeploymentRuntimeConfig' },
        name: text,
      },
      ['name'],
    ),
    default: { name: 'default' },
  },
};

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
      status: object({ conditions, currentIdentifier: text, resolvedPackage: text }),
    },
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
