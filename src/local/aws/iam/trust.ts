/** What a trust policy may say, and whom it may name: IAM refuses principals of this account that do not exist, but for identity providers. */
import { AwsError } from '../service.js';
import { parsePolicy } from '../policy/document.js';
import type { Directory } from './directory.js';

const PROVIDER = /^(?:arn:aws:iam::\d{12}:(?:oidc|saml)-provider\/.+|(?:[a-z0-9-]+\.)+[a-z]{2,})$/i;

/** Also that it is about becoming the role, and nothing else. Throws `AwsError` MalformedPolicyDocument. */
export function checkTrust(trustPolicy: string, directory: Directory): void {
  const { statements } = parsePolicy(trustPolicy, 'trust');
  if (!actionsOf(trustPolicy).every((action) => /^sts:/i.test(action))) {
    throw new AwsError(
      'MalformedPolicyDocument',
      'AssumeRole policy may only specify STS AssumeRole actions.',
    );
  }
  const named = (kind: string) =>
    statements.flatMap(({ principals }) => principals?.names.get(kind) ?? []);
  if (!named('Federated').every((name) => PROVIDER.test(name))) {
    throw new AwsError(
      'MalformedPolicyDocument',
      'Federated principals must be valid domain names or SAML metadata ARNs',
    );
  }
  for (const name of named('AWS')) {
    if (!isPrincipal(name, directory)) {
      throw new AwsError('MalformedPolicyDocument', `Invalid principal in policy: "AWS":"${name}"`);
    }
  }
}

/** Of a policy that was read already. */
function actionsOf(policy: string): string[] {
  const { Statement } = JSON.parse(policy) as { Statement: ActionsText | readonly ActionsText[] };
  return [Statement].flat().flatMap(({ Action, NotAction }) => [Action ?? NotAction ?? []].flat());
}

interface ActionsText {
  readonly Action?: string | string[];
  readonly NotAction?: string | string[];
}

function isPrincipal(name: string, directory: Directory): boolean {
  if (name === '*' || /^\d{12}$/.test(name)) return true;
  const match = /^arn:aws:(iam|sts)::(\d{12}):(.+)$/.exec(name);
  if (match === null) return false;
  const [, service, account, resource = ''] = match;
  // What another account has cannot be looked up.
  if (resource === 'root' || account !== directory.accountId) return true;
  if (service === 'iam') return directory.findRoleByArn(name) !== undefined;
  const [kind, roleName = ''] = resource.split('/');
  return kind === 'assumed-role' && directory.findRole(roleName) !== undefined;
}
