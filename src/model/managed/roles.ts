/** IAM: roles and the policies inside them. Both belong to the account, not to a region. */
import { number, object, text } from '../schema.js';
import { arn, id, tags, tagsAll } from './fields.js';
import { defineKind } from './kind.js';
import { reference, selector } from './references.js';

export const Role = defineKind({
  kind: 'Role',
  plural: 'roles',
  service: 'iam',
  clusterVersion: 'v1beta1',
  description: 'An IAM role.',
  externalName: 'given',
  needs: ['assumeRolePolicy'],
  forProvider: object('What is asked of IAM.', {
    tags,
    assumeRolePolicy: text('Who may take the role on: a policy document, as JSON.'),
    description: text('What the role is for.'),
    path: text('The path before its name.'),
    maxSessionDuration: number('How long one may hold the role, in seconds.'),
    permissionsBoundary: text('The ARN of a policy beyond which no right of the role goes.'),
  }),
  observed: {
    arn,
    id,
    tagsAll,
    createDate: text('When it was created.'),
    uniqueId: text('The identifier that no later role of the same name has.'),
  },
});

export const RolePolicy = defineKind({
  kind: 'RolePolicy',
  plural: 'rolepolicies',
  service: 'iam',
  clusterVersion: 'v1beta1',
  description: 'A policy inside an IAM role.',
  externalName: 'given',
  identity: ['role'],
  refersTo: { role: 'Role' },
  needs: ['policy'],
  forProvider: object('What is asked of IAM.', {
    policy: text('What the role may do: a policy document, as JSON.'),
    role: text('The name of the role.'),
    roleRef: reference('the Role'),
    roleSelector: selector('the Role'),
  }),
  observed: { id },
});
