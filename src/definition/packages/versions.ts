/** The packages that the definition is made for and tested with, pinned. */
export interface PinnedPackage {
  /** The name of the object in the cluster. */
  readonly name: string;
  readonly repository: string;
  readonly version: string;
}

const CONTRIB = 'xpkg.crossplane.io/crossplane-contrib';
const UPBOUND = 'xpkg.upbound.io/upbound';

export const FUNCTIONS = {
  patchAndTransform: {
    name: 'function-patch-and-transform',
    repository: `${CONTRIB}/function-patch-and-transform`,
    version: 'v0.10.4',
  },
  autoReady: {
    name: 'function-auto-ready',
    repository: `${CONTRIB}/function-auto-ready`,
    version: 'v0.6.0',
  },
} as const satisfies Record<string, PinnedPackage>;

/** One provider of the AWS family for each service; they bring `provider-family-aws`, which has the ProviderConfigs. */
export const AWS_PROVIDER_VERSION = 'v2.6.0';

export function providerOf(service: string): PinnedPackage {
  const name = `provider-aws-${service}`;
  return { name, repository: `${UPBOUND}/${name}`, version: AWS_PROVIDER_VERSION };
}

/** Our own Configuration package: this definition. */
export const CONFIGURATION: PinnedPackage = {
  name: 'payments-dr',
  repository: 'xpkg.example.org/payments/payments-dr',
  version: 'v0.1.0',
};

/** From 2.0 on Crossplane serves both forms. */
export const CROSSPLANE_VERSIONS = '>=v2.0.0';
