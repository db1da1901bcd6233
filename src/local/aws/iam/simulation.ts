/** What policies would say of a call that nobody makes, and which of their statements say it. */
import type { AccessRequest } from '../cloud.js';
import { parsePolicy, type Policy, type Statement } from '../policy/document.js';
import { applyingStatements, concernedStatements, type PolicyRequest } from '../policy/evaluate.js';
import { statementSpans } from '../policy/statement-positions.js';
import type { Output } from '../protocols/protocol.js';
import type { Directory } from './directory.js';
import { policyRequestOf } from './request-context.js';

/** Every policy of a principal, under the name by which answers call it. */
export interface SimulatedPolicy {
  readonly id: string;
  readonly text: string;
  readonly policy: Policy;
}

/** Throws `AwsError` MalformedPolicyDocument. */
export function simulated(id: string, text: string): SimulatedPolicy {
  return { id, text, policy: parsePolicy(text, 'identity') };
}

export function simulate(
  policies: readonly SimulatedPolicy[],
  access: AccessRequest,
  directory: Directory,
): Output {
  const request = policyRequestOf(access, directory);
  const applying = policies.flatMap((source) =>
    applyingStatements(source.policy, request).map((statement) => ({ source, statement })),
  );
  const denying = applying.filter(({ statement }) => statement.effect === 'Deny');
  // A single deny outweighs all that allows, and stands in the answer alone.
  const deciding = denying.length > 0 ? denying : applying;
  return {
    EvalActionName: access.action,
    EvalResourceName: access.resource,
    EvalDecision:
      denying.length > 0 ? 'explicitDeny' : applying.length > 0 ? 'allowed' : 'implicitDeny',
    MatchedStatements: deciding.map(({ source, statement }) => describe(source, statement)),
    MissingContextValues: missingKeys(policies, request),
  };
}

function describe({ id, text, policy }: SimulatedPolicy, statement: Statement): Output {
  const span = statementSpans(text)[policy.statements.indexOf(statement)];
  return {
    SourcePolicyId: id,
    SourcePolicyType: 'IAM Policy',
    ...(span && { StartPosition: { ...span.start }, EndPosition: { ...span.end } }),
  };
}

/** Condition keys that statements about this call ask for, and the call does not have. */
function missingKeys(policies: readonly SimulatedPolicy[], request: PolicyRequest): string[] {
  const asked = policies.flatMap(({ policy }) =>
    concernedStatements(policy, request).flatMap(({ conditions }) => conditions),
  );
  const missing = asked.filter(({ key }) => !request.context.has(key));
  return [...new Set(missing.map(({ name }) => name))].sort();
}
