/**
 * The roles, managed policies and identity providers of the account, as stored.
 *
 * IAM's operations write here; every decision about a role reads here.
 */
import type { Clock } from '../../../support/clock.js';
import type { CloudState, DurableMap } from '../cloud.js';
import { AwsError } from '../service.js';
import { IdentityProviders } from './identity-providers/identity-provider.js';
import { newUniqueId } from './key-ring.js';
import { MANAGED_BY_AWS } from './managed-by-aws.js';
import type { ManagedPolicy } from './managed-policy.js';

export interface Role {
  readonly name: string;
  /** `/`, or `/team/`. */
  readonly path: string;
  readonly id: string;
  readonly arn: string;
  readonly createdAtMs: number;
  readonly trustPolicy: string;
  readonly description?: string | undefined;
  readonly maxSessionSeconds: number;
  readonly tags: Readonly<Record<string, string>>;
  /** Inline policies by name. */
  readonly inline: Readonly<Record<string, string>>;
  /** ARNs of managed policies. */
  readonly attached: readonly string[];
}

export class Directory {
  private constructor(
    private readonly roles: DurableMap<Role>,
    private readonly policies: DurableMap<ManagedPolicy>,
    readonly identityProviders: IdentityProviders,
    readonly accountId: string,
    readonly clock: Clock,
    /** When the account came to be. */
    readonly openedAtMs: number,
  ) {}

  static async open(state: CloudState, accountId: string, clock: Clock): Promise<Directory> {
    const accounts = await state.map<{ openedAtMs: number }>('iam.account');
    const account = accounts.get(accountId) ?? { openedAtMs: clock.now() };
    await accounts.set(accountId, account);
    return new Directory(
      await state.map('iam.roles'),
      await state.map('iam.policies'),
      await IdentityProviders.open(state, accountId),
      accountId,
      clock,
      account.openedAtMs,
    );
  }

  /** The ARN of a role by its name, whether it exists or not. */
  roleArn(name: string): string {
    return this.roles.get(name)?.arn ?? `arn:aws:iam::${this.accountId}:role/${name}`;
  }

  /** Throws `AwsError` NoSuchEntity. */
  role(name: string): Role {
    const role = this.roles.get(name);
    if (role !== undefined) return role;
    throw new AwsError('NoSuchEntity', `The role with name ${name} cannot be found.`, 404);
  }

  findRole(name: string): Role | undefined {
    return this.roles.get(name);
  }

  findRoleByArn(arn: string): Role | undefined {
    const role = this.roles.get(arn.slice(arn.lastIndexOf('/') + 1));
    return role?.arn === arn ? role : undefined;
  }

  listRoles(): Role[] {
    return [...this.roles.values()].sort(byName);
  }

  saveRole(role: Role): Promise<void> {
    return this.roles.set(role.name, role);
  }

  deleteRole(name: string): Promise<void> {
    return this.roles.delete(name);
  }

  /** Throws `AwsError` NoSuchEntity. Finds AWS's own policies too, those that are known here. */
  policy(arn: string): ManagedPolicy {
    const policy = this.findPolicy(arn);
    if (policy !== undefined) return policy;
    throw new AwsError('NoSuchEntity', `Policy ${arn} does not exist or is not attachable.`, 404);
  }

  findPolicy(arn: string): ManagedPolicy | undefined {
    return this.policies.get(arn) ?? MANAGED_BY_AWS.get(arn);
  }

  /** Those of the account, not AWS's. */
  listPolicies(): ManagedPolicy[] {
    return [...this.policies.values()].sort(byName);
  }

  savePolicy(policy: ManagedPolicy): Promise<void> {
    return this.policies.set(policy.arn, policy);
  }

  deletePolicy(arn: string): Promise<void> {
    return this.policies.delete(arn);
  }

  rolesWithPolicy(arn: string): Role[] {
    return this.listRoles().filter(({ attached }) => attached.includes(arn));
  }

  newRoleId(): string {
    return newUniqueId('AROA');
  }

  newPolicyId(): string {
    return newUniqueId('ANPA');
  }
}

/** The text of the version in force. */
export function documentOf(policy: ManagedPolicy): string {
  const version = policy.versions.find(({ id }) => id === policy.defaultVersionId);
  if (version === undefined) throw new Error(`${policy.arn} lacks its default version`);
  return version.document;
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
