/**
 * STS: who calls, and sessions of roles. Served in every region, each for itself, so it outlives the loss of any other.
 *
 * GetSessionToken and GetFederationToken are refused: there are no users whose keys they would lend.
 */
import type { Cloud } from '../cloud.js';
import { IAM_WORDING } from '../iam/operation.js';
import { createOperationService } from '../protocols/operation-service.js';
import { queryProtocol } from '../protocols/query.js';
import type { Service } from '../service.js';
import { assumeRole } from './assume-role.js';
import { assumeRoleWithWebIdentity } from './assume-role-with-web-identity.js';
import { getCallerIdentity } from './get-caller-identity.js';
import type { StsContext } from './sts-context.js';

export function createSts(cloud: Cloud, context: StsContext): Service {
  return createOperationService<StsContext>({
    signingName: 'sts',
    cloud,
    context,
    protocols: [
      queryProtocol({
        xmlNamespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
        version: '2011-06-15',
      }),
    ],
    wording: IAM_WORDING,
    operations: [assumeRole, assumeRoleWithWebIdentity, getCallerIdentity],
  });
}
