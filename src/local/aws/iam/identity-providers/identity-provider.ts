/**
 * The OpenID Connect providers of the account: whose tokens STS takes, for which clients, and how their address is known.
 */
import type { CloudState, DurableMap } from '../../cloud.js';
import { AwsError } from '../../service.js';

export interface IdentityProvider {
  readonly arn: string;
  /** The issuer without its `https://`, as ARNs and condition keys name it. */
  readonly issuer: string;
  /** The audiences that its tokens may have. */
  readonly clientIds: readonly string[];
  /** SHA-1 of the certificate at the top of the issuer's chain, in hex. */
  readonly thumbprints: readonly string[];
  readonly createdAtMs: number;
  readonly tags: Readonly<Record<string, string>>;
}

export class IdentityProviders {
  private constructor(
    private readonly providers: DurableMap<IdentityProvider>,
    private readonly accountId: string,
  ) {}

  static async open(state: CloudState, accountId: string): Promise<IdentityProviders> {
    return new IdentityProviders(await state.map('iam.identity-providers'), accountId);
  }

  arnOf(issuer: string): string {
    return `arn:aws:iam::${this.accountId}:oidc-provider/${issuer}`;
  }

  /** Throws `AwsError` NoSuchEntity. */
  get(arn: string): IdentityProvider {
    const provider = this.providers.get(arn);
    if (provider !== undefined) return provider;
    throw new AwsError('NoSuchEntity', `OpenIDConnect Provider not found for arn ${arn}`, 404);
  }

  /** The provider of a token's `iss`. */
  findByIssuer(url: string): IdentityProvider | undefined {
    return url.startsWith('https://')
      ? this.providers.get(this.arnOf(url.slice('https://'.length)))
      : undefined;
  }

  has(arn: string): boolean {
    return this.providers.has(arn);
  }

  list(): IdentityProvider[] {
    return [...this.providers.values()].sort((a, b) => (a.arn < b.arn ? -1 : 1));
  }

  save(provider: IdentityProvider): Promise<void> {
    return this.providers.set(provider.arn, provider);
  }

  delete(arn: string): Promise<void> {
    return this.providers.delete(arn);
  }
}
