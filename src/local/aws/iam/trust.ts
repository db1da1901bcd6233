/** Whom a trust policy may name: IAM refuses principals of this account that do not exist. */
import { AwsError } from '../service.js';
import { parsePolicy } from '../policy/document.js';
import type { Directory } from './directory.js';

/** Throws `AwsError` MalformedPolicyDocument. */
export function checkTrustedPrincipals(trustPolicy: string, directory: Directory): void {
  const named = parsePolicy(trustPolicy, 'trust').statements.flatMap(
    ({ principals }) => principals?.names.get('AWS') ?? [],
  );
  for (const name of named) {
    if (!isPrincipal(name, directory)) {
      throw new AwsError('MalformedPolicyDocument', `Invalid principal in policy: "AWS":"${name}"`);
    }
  }
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
