/** What a cluster needs beside Crossplane itself: the providers, the functions, and this definition as a package. */
import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { KINDS } from '../../model/managed/kinds.js';
import { PROVIDER_RUNTIME } from './provider-runtime.js';
import {
  CONFIGURATION,
  CROSSPLANE_VERSIONS,
  FUNCTIONS,
  providerOf,
  type PinnedPackage,
} from './versions.js';

const SERVICES = [...new Set(Object.values(KINDS).map(({ service }) => service))].sort();
const PROVIDERS = SERVICES.map(providerOf);

export class FunctionPackages extends Construct {
  constructor(scope: Construct) {
    super(scope, 'functions');
    for (const pinned of Object.values<PinnedPackage>(FUNCTIONS)) install(this, 'Function', pinned);
  }
}

export class ProviderPackages extends Construct {
  constructor(scope: Construct) {
    super(scope, 'providers');
    for (const pinned of PROVIDERS) {
      install(this, 'Provider', pinned, { runtimeConfigRef: { name: PROVIDER_RUNTIME } });
    }
  }
}

export class ConfigurationPackage extends Construct {
  constructor(scope: Construct) {
    super(scope, 'configuration');
    install(this, 'Configuration', CONFIGURATION);
  }
}

/** `crossplane.yaml`: what the package of this definition says of itself and needs. */
export class PackageMetadata extends ApiObject {
  constructor(scope: Construct) {
    const needs = (kind: string) => (pinned: PinnedPackage) => ({
      apiVersion: 'pkg.crossplane.io/v1',
      kind,
      package: pinned.repository,
      version: `>=${pinned.version}`,
    });
    super(scope, 'metadata', {
      apiVersion: 'meta.pkg.crossplane.io/v1',
      kind: 'Configuration',
      metadata: {
        name: CONFIGURATION.name,
        annotations: {
          'meta.crossplane.io/description':
            'A payments service in two AWS regions that survives the loss of either.',
          'meta.crossplane.io/license': 'Apache-2.0',
        },
      },
      spec: {
        crossplane: { version: CROSSPLANE_VERSIONS },
        dependsOn: [
          ...PROVIDERS.map(needs('Provider')),
          ...Object.values<PinnedPackage>(FUNCTIONS).map(needs('Function')),
        ],
      },
    });
  }
}

function install(
  scope: Construct,
  kind: string,
  { name, repository, version }: PinnedPackage,
  more: Record<string, unknown> = {},
): void {
  new ApiObject(scope, name, {
    apiVersion: 'pkg.crossplane.io/v1',
    kind,
    metadata: { name },
    spec: { package: `${repository}:${version}`, ...more },
  });
}
