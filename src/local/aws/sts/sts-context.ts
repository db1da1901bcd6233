/** What the operations of STS share. */
import type { Directory } from '../iam/directory.js';
import type { RoleAccess } from '../iam/role-access.js';

export interface StsContext {
  readonly directory: Directory;
  readonly access: RoleAccess;
}
