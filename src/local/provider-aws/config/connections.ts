/**
 * The connections in use: one per ProviderConfig, made again when it or its secret changes.
 */
import type { Clock } from '../../../support/clock.js';
import type { KubernetesClient } from '../../../support/kubernetes/client.js';
import type { KubernetesObject } from '../../../support/kubernetes/objects.js';
import { AwsConnection } from './aws-connection.js';
import { credentialsOf, type Credentials, type CredentialSources } from './credentials.js';
import { endpointUrl } from './endpoint.js';
import type { ProviderConfig, SecretKeyRef } from './provider-config.js';
import { assumeRole, assumeRoleWithWebIdentity, type StsAddress } from './token-service.js';

/** Credentials are fetched anew this long before they end. */
const RENEW_BEFORE_MS = 60_000;

interface Secret extends KubernetesObject {
  readonly data?: Readonly<Record<string, string>>;
}

interface SecretKey {
  readonly resourceVersion: string;
  readonly value: string;
}

export interface ConnectionsOptions {
  readonly client: KubernetesClient;
  readonly clock: Clock;
  /** For ProviderConfigs that name no endpoint; absent: AWS itself. */
  readonly awsEndpoint?: string;
  /** The provider's own environment: where IRSA puts its role and token. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export class Connections {
  readonly #open = new Map<
    string,
    { readonly version: string; readonly connection: AwsConnection }
  >();

  constructor(private readonly options: ConnectionsOptions) {}

  /** The connection of a ProviderConfig, whose secrets in the namespaced form are read from `namespace`. */
  async of(config: ProviderConfig, namespace: string | undefined): Promise<AwsConnection> {
    const { uid, generation } = config.metadata;
    const ref =
      config.spec.credentials.source === 'Secret' ? config.spec.credentials.secretRef : undefined;
    const secret = ref === undefined ? undefined : await this.#secretKey(local(ref, namespace));
    const version = `${generation ?? 0}/${secret?.resourceVersion ?? ''}`;
    const open = this.#open.get(uid);
    if (open?.version === version) return open.connection;
    const connection = await this.#connect(config, namespace);
    open?.connection.close();
    this.#open.set(uid, { version, connection });
    return connection;
  }

  forget(config: ProviderConfig): void {
    this.#open.get(config.metadata.uid)?.connection.close();
    this.#open.delete(config.metadata.uid);
  }

  close(): void {
    for (const { connection } of this.#open.values()) connection.close();
    this.#open.clear();
  }

  async #connect({ spec }: ProviderConfig, namespace: string | undefined): Promise<AwsConnection> {
    if (spec.reconciliationPolicy !== undefined) {
      throw new Error('spec.reconciliationPolicy is not supported by the local provider');
    }
    const endpointOf = (service: string, region: string) =>
      endpointUrl(spec.endpoint, service, region) ??
      (spec.endpoint === undefined ? this.options.awsEndpoint : undefined);
    const sts: StsAddress = (region) => endpointOf('STS', region);
    const sources: CredentialSources = {
      clock: this.options.clock,
      environment: this.options.environment,
      secretKey: async (ref) => (await this.#secretKey(local(ref, namespace))).value,
      assumeRole: (input, by) => assumeRole(input, by, sts),
      assumeRoleWithWebIdentity: (input) => assumeRoleWithWebIdentity(input, sts),
    };
    const credentials = renewed(() => credentialsOf(spec, sources), this.options.clock);
    await credentials();
    return new AwsConnection({
      credentials,
      endpointOf,
      // Buckets as part of the host name cannot be resolved at an address of one's own.
      usePathStyle: spec.s3_use_path_style ?? endpointOf('S3', 'us-east-1') !== undefined,
    });
  }

  async #secretKey({ name, namespace = '', key }: SecretKeyRef): Promise<SecretKey> {
    const { client } = this.options;
    const secret = await client.read<Secret>(await client.resourceType('v1', 'Secret'), {
      name,
      namespace,
    });
    if (secret === undefined) {
      throw new Error(
        `cannot get credentials: cannot get credentials secret: Secret "${name}" not found`,
      );
    }
    const encoded = secret.data?.[key];
    if (encoded === undefined) {
      throw new Error(`cannot get credentials: Secret "${name}" has no key "${key}"`);
    }
    return {
      resourceVersion: secret.metadata.resourceVersion,
      value: Buffer.from(encoded, 'base64').toString('utf8'),
    };
  }
}

/** Secrets of a namespaced ProviderConfig are those of its own namespace, whatever it says. */
function local(ref: SecretKeyRef, namespace: string | undefined): SecretKeyRef {
  return namespace === undefined ? ref : { ...ref, namespace };
}

/** Fetches once, and again when what was fetched is about to end; a failure is not kept. */
function renewed(fetch: () => Promise<Credentials>, clock: Clock): () => Promise<Credentials> {
  let current: Promise<Credentials> | undefined;
  let endsAtMs = Infinity;
  return () => {
    if (current !== undefined && clock.now() < endsAtMs - RENEW_BEFORE_MS) return current;
    const fetched = fetch();
    current = fetched;
    endsAtMs = Infinity;
    fetched.then(
      ({ expiration }) => (endsAtMs = expiration?.getTime() ?? Infinity),
      () => (current = undefined),
    );
    return fetched;
  };
}
