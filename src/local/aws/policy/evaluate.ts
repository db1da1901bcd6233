/**
 * What the statements of a policy say of one request: the last step of a decision, taken per policy.
 */
import type { Principal } from '../service.js';
import { holds, lookupIn, type Context } from './conditions.js';
import type { Policy, PrincipalSelection, Selection, Statement } from './document.js';
import { matches, type Lookup } from './pattern.js';

export type Verdict = 'deny' | 'allow' | 'silent';

export interface PolicyRequest {
  readonly caller: Principal;
  readonly action: string;
  readonly resource: string;
  readonly context: Context;
}

/** What a policy without principals says (on a role). */
export function evaluateIdentityPolicy(policy: Policy, request: PolicyRequest): Verdict {
  return verdictOf(applyingStatements(policy, request));
}

/** Its statements that hold for the request. */
export function applyingStatements(policy: Policy, request: PolicyRequest): Statement[] {
  return policy.statements.filter((statement) => applies(statement, request));
}

/** Statements about this action and resource, whether their conditions hold or not. */
export function concernedStatements(policy: Policy, request: PolicyRequest): Statement[] {
  return policy.statements.filter((statement) => concerns(statement, request));
}

/**
 * What a policy with principals says (on a bucket, a topic, or a role's trust).
 * An allow of the account as a whole counts only with `accountCounts`: to a role it hands the question on to its own policies.
 */
export function evaluateResourcePolicy(
  policy: Policy,
  request: PolicyRequest,
  { accountCounts }: { readonly accountCounts: boolean },
): Verdict {
  const applying = policy.statements.filter((statement) => applies(statement, request));
  return verdictOf(
    applying.filter(({ principals, effect }) => {
      if (principals === undefined) return false;
      const countsAccount = accountCounts || effect === 'Deny' || principals.isNegated;
      return names(principals, request.caller, countsAccount) !== principals.isNegated;
    }),
  );
}

function verdictOf(statements: readonly Statement[]): Verdict {
  if (statements.some(({ effect }) => effect === 'Deny')) return 'deny';
  return statements.length > 0 ? 'allow' : 'silent';
}

function applies(statement: Statement, request: PolicyRequest): boolean {
  return (
    concerns(statement, request) &&
    statement.conditions.every((condition) => holds(condition, request.context))
  );
}

function concerns(
  { actions, resources }: Statement,
  { action, resource, context }: PolicyRequest,
): boolean {
  const lookup = lookupIn(context);
  return (
    selects(actions, action.toLowerCase(), lookup) &&
    (resources === undefined || selects(resources, resource, lookup))
  );
}

function selects({ patterns, isNegated }: Selection, text: string, lookup: Lookup): boolean {
  return patterns.some((pattern) => matches(pattern, text, lookup)) !== isNegated;
}

/** Whether a principal is among those named. */
function names(
  { names: named }: PrincipalSelection,
  caller: Principal,
  accountCounts: boolean,
): boolean {
  const aws = named.get('AWS') ?? [];
  switch (caller.kind) {
    case 'anonymous':
      return aws.includes('*');
    case 'service':
      return aws.includes('*') || (named.get('Service') ?? []).includes(caller.service);
    case 'federated':
      return (named.get('Federated') ?? []).includes(caller.provider);
    case 'root':
      return aws.some((name) => name === '*' || isAccount(name, caller.accountId));
    case 'role':
      return aws.some(
        (name) =>
          name === '*' ||
          name === caller.arn ||
          name === caller.roleArn ||
          (accountCounts && isAccount(name, caller.accountId)),
      );
  }
}

function isAccount(name: string, accountId: string): boolean {
  return name === accountId || name === `arn:aws:iam::${accountId}:root`;
}
