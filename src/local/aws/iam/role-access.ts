/**
 * IAM's decision on every call: who may do what to which resource.
 *
 * Within one account, in this order: an explicit deny anywhere ends it; a policy on the resource that names the caller
 * allows it; otherwise the caller's own policies must, and the session's too. The rules are those of AWS's "Policy evaluation logic".
 */
import type { Clock } from '../../../support/clock.js';
import type { AccessControl, AccessRequest, SessionCredentials } from '../cloud.js';
import { AwsError, type Principal } from '../service.js';
import { documentOf, type Directory, type Role } from './directory.js';
import type { KeyRing } from './key-ring.js';
import { describeDenial, type Denial } from './denial.js';
import { policyRequestOf, roleOf } from './request-context.js';
import {
  evaluateIdentityPolicy,
  evaluateResourcePolicy,
  type PolicyRequest,
  type Verdict,
} from '../policy/evaluate.js';
import { PolicyCache } from '../policy/policy-cache.js';

type RolePrincipal = Extract<Principal, { kind: 'role' }>;

/** How long a service keeps the credentials of a role, as Lambda does. */
const SERVICE_SESSION_SECONDS = 3600;

export interface SessionRequest {
  readonly role: Role;
  readonly sessionName: string;
  readonly durationSeconds: number;
  readonly sessionPolicies?: readonly string[];
  /** The ARN of the identity provider whose token asks for it. */
  readonly federatedBy?: string;
}

export interface RoleSession {
  readonly principal: RolePrincipal;
  readonly credentials: SessionCredentials;
}

export class RoleAccess implements AccessControl {
  private readonly policies = new PolicyCache();

  constructor(
    private readonly directory: Directory,
    private readonly keys: KeyRing,
    private readonly clock: Clock,
  ) {}

  allows(request: AccessRequest): boolean {
    return this.denialOf(request) === undefined;
  }

  authorize(request: AccessRequest): void {
    const denial = this.denialOf(request);
    if (denial === undefined) return;
    throw new AwsError('AccessDenied', describeDenial(request, denial), 403);
  }

  async assumeForService(
    roleArn: string,
    service: string,
    sessionName: string,
  ): Promise<RoleSession> {
    const role = this.directory.findRoleByArn(roleArn);
    if (role === undefined) {
      throw new AwsError('NoSuchEntity', `The role ${roleArn} cannot be found.`, 404);
    }
    const { accountId } = this.directory;
    const caller: Principal = { kind: 'service', service, accountId };
    if (this.trusts(role, caller, 'sts:AssumeRole', {}) !== 'allow') {
      const message = `The role ${roleArn} does not trust ${service}.`;
      throw new AwsError('AccessDenied', message, 403);
    }
    return Promise.resolve(
      this.openSession({ role, sessionName, durationSeconds: SERVICE_SESSION_SECONDS }),
    );
  }

  /** What a role's trust policy says of somebody who would become it. */
  trusts(
    role: Role,
    caller: Principal,
    action: string,
    context: AccessRequest['context'],
  ): Verdict {
    const request = policyRequestOf(
      { caller, action, resource: role.arn, ...(context && { context }) },
      this.directory,
    );
    const ofCaller = this.identityVerdict(caller, request);
    if (ofCaller === 'deny') return 'deny';
    return evaluateResourcePolicy(this.policies.get(role.trustPolicy, 'trust'), request, {
      accountCounts: caller.kind === 'root' || ofCaller === 'allow',
    });
  }

  /** A session of a role. Whether the caller may have it was asked before. */
  openSession({
    role,
    sessionName,
    durationSeconds,
    sessionPolicies,
    federatedBy,
  }: SessionRequest): RoleSession {
    const { accountId } = this.directory;
    const principal: RolePrincipal = {
      kind: 'role',
      accountId,
      arn: `arn:aws:sts::${accountId}:assumed-role/${role.name}/${sessionName}`,
      roleArn: role.arn,
      roleId: role.id,
      ...(sessionPolicies !== undefined && sessionPolicies.length > 0 && { sessionPolicies }),
      ...(federatedBy !== undefined && { federatedBy }),
    };
    const expiresAtMs = this.clock.now() + durationSeconds * 1000;
    return { principal, credentials: this.keys.issue(principal, expiresAtMs) };
  }

  private denialOf(access: AccessRequest): Denial | undefined {
    const { caller, resourcePolicy } = access;
    const request = policyRequestOf(access, this.directory);
    const onResource =
      resourcePolicy === undefined
        ? 'silent'
        : evaluateResourcePolicy(this.policies.get(resourcePolicy, 'resource'), request, {
            accountCounts: caller.kind === 'root',
          });
    if (onResource === 'deny') return { by: 'resource', isExplicit: true };
    switch (caller.kind) {
      case 'root':
        return undefined;
      case 'service':
      case 'federated':
      case 'anonymous':
        return onResource === 'allow' ? undefined : { by: 'resource', isExplicit: false };
      case 'role':
        return this.roleDenial(caller, request, onResource);
    }
  }

  private roleDenial(
    caller: RolePrincipal,
    request: PolicyRequest,
    onResource: Verdict,
  ): Denial | undefined {
    const ofSession = this.sessionVerdict(caller, request);
    const ofRole = this.identityVerdict(caller, request);
    if (ofSession === 'deny') return { by: 'session', isExplicit: true };
    if (ofRole === 'deny') return { by: 'identity', isExplicit: true };
    if (ofSession === 'silent') return { by: 'session', isExplicit: false };
    if (ofRole === 'allow' || onResource === 'allow') return undefined;
    return { by: 'identity', isExplicit: false };
  }

  /** What the policies of the caller's role say together. A role that is gone, or another of its name, allows nothing. */
  private identityVerdict(caller: Principal, request: PolicyRequest): Verdict {
    const role = roleOf(caller, this.directory);
    if (role === undefined) return caller.kind === 'role' ? 'deny' : 'silent';
    const managed = role.attached.map((arn) => documentOf(this.directory.policy(arn)));
    return strongest(
      [...Object.values(role.inline), ...managed].map((text) =>
        evaluateIdentityPolicy(this.policies.get(text, 'identity'), request),
      ),
    );
  }

  private sessionVerdict(caller: RolePrincipal, request: PolicyRequest): Verdict {
    if (caller.sessionPolicies === undefined) return 'allow';
    return strongest(
      caller.sessionPolicies.map((text) =>
        evaluateIdentityPolicy(this.policies.get(text, 'identity'), request),
      ),
    );
  }
}

function strongest(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('deny')) return 'deny';
  return verdicts.includes('allow') ? 'allow' : 'silent';
}
