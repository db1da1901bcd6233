/** A call as policies see it: the condition keys that follow from who calls, when, and on what. */
import type { AccessRequest } from '../cloud.js';
import type { Context } from '../policy/conditions.js';
import type { PolicyRequest } from '../policy/evaluate.js';
import type { Principal } from '../service.js';
import type { Directory, Role } from './directory.js';

export function policyRequestOf(
  { caller, action, resource, context = {} }: AccessRequest,
  directory: Directory,
): PolicyRequest {
  const now = directory.clock.now();
  const values: Context = new Map(
    Object.entries({
      'aws:CurrentTime': new Date(now).toISOString(),
      'aws:EpochTime': String(Math.floor(now / 1000)),
      // The loopback addresses stand for AWS's TLS endpoints.
      'aws:SecureTransport': 'true',
      ...principalContext(caller, directory),
      ...resourceContext(resource),
      ...context,
    }).map(([key, value]) => [key.toLowerCase(), typeof value === 'string' ? [value] : value]),
  );
  return { caller, action, resource, context: values };
}

/** The role of a session. A role made anew under the same name is another one. */
export function roleOf(caller: Principal, directory: Directory): Role | undefined {
  if (caller.kind !== 'role') return undefined;
  const role = directory.findRoleByArn(caller.roleArn);
  return caller.roleId === undefined || role?.id === caller.roleId ? role : undefined;
}

function principalContext(caller: Principal, directory: Directory): Record<string, string> {
  switch (caller.kind) {
    case 'anonymous':
      return { 'aws:PrincipalType': 'Anonymous', 'aws:PrincipalIsAWSService': 'false' };
    case 'service':
      return { 'aws:PrincipalServiceName': caller.service, 'aws:PrincipalIsAWSService': 'true' };
    case 'federated':
      return {
        'aws:FederatedProvider': caller.provider,
        'aws:PrincipalType': 'FederatedUser',
        'aws:PrincipalIsAWSService': 'false',
        'aws:userid': caller.user,
      };
    case 'root':
      return {
        'aws:PrincipalArn': caller.arn,
        'aws:PrincipalAccount': caller.accountId,
        'aws:PrincipalType': 'Account',
        'aws:PrincipalIsAWSService': 'false',
        'aws:userid': caller.accountId,
      };
    case 'role': {
      const tags = Object.entries(roleOf(caller, directory)?.tags ?? {});
      const sessionName = caller.arn.slice(caller.arn.lastIndexOf('/') + 1);
      return {
        'aws:PrincipalArn': caller.roleArn,
        'aws:PrincipalAccount': caller.accountId,
        'aws:PrincipalType': 'AssumedRole',
        'aws:PrincipalIsAWSService': 'false',
        ...(caller.roleId !== undefined && { 'aws:userid': `${caller.roleId}:${sessionName}` }),
        ...(caller.federatedBy !== undefined && {
          'aws:FederatedProvider': caller.federatedBy,
        }),
        ...Object.fromEntries(tags.map(([key, value]) => [`aws:PrincipalTag/${key}`, value])),
      };
    }
  }
}

/** Region and account of a resource are in its ARN, where it has them. */
function resourceContext(resource: string): Record<string, string> {
  const [, , , region = '', account = ''] = resource.split(':');
  return {
    ...(region !== '' && { 'aws:RequestedRegion': region }),
    ...(account !== '' && { 'aws:ResourceAccount': account }),
  };
}
