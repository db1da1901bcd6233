/** Role (iam): who may assume it, the managed policies attached to it, its tags. Inline policies are RolePolicy's. */
import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  PutRolePermissionsBoundaryCommand,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
} from '@aws-sdk/client-iam';
import { unlessAbsent } from '../external/aws-error.js';
import { absent, type External } from '../external/external.js';
import { fromTagPairs, tagChanges, toTagPairs, type Tags } from '../external/tags.js';

interface RoleParameters {
  readonly assumeRolePolicy: string;
  readonly description?: string;
  readonly forceDetachPolicies?: boolean;
  readonly managedPolicyArns?: readonly string[];
  readonly maxSessionDuration?: number;
  readonly path?: string;
  readonly permissionsBoundary?: string;
  readonly tags?: Tags;
}

interface RoleDetail {
  readonly tags: Tags;
  readonly attached: readonly string[];
}

/** IAM names the error in both ways, depending on the protocol that carries it. */
export const NO_SUCH_ENTITY = ['NoSuchEntity', 'NoSuchEntityException'];

export const role: External<RoleParameters, RoleDetail> = {
  naming: 'given',
  fields: [
    'assumeRolePolicy',
    'description',
    'forceDetachPolicies',
    'managedPolicyArns',
    'maxSessionDuration',
    'path',
    'permissionsBoundary',
    'tags',
  ],
  comparison: {
    documents: ['assumeRolePolicy'],
    settings: ['forceDetachPolicies'],
    immutable: ['path'],
  },
  async observe({ name, region }, aws) {
    const client = aws.client('IAM', IAMClient, region);
    const answer = await unlessAbsent(
      client.send(new GetRoleCommand({ RoleName: name })),
      ...NO_SUCH_ENTITY,
    );
    const found = answer?.Role;
    if (found === undefined) return absent;
    const tags = fromTagPairs(found.Tags);
    const attached = await attachedPolicies(client, name);
    return {
      exists: true,
      atProvider: {
        arn: found.Arn,
        id: name,
        assumeRolePolicy: decodeDocument(found.AssumeRolePolicyDocument),
        createDate: found.CreateDate?.toISOString().replace(/\.\d{3}Z$/, 'Z'),
        description: found.Description,
        managedPolicyArns: attached,
        maxSessionDuration: found.MaxSessionDuration,
        path: found.Path,
        permissionsBoundary: found.PermissionsBoundary?.PermissionsBoundaryArn,
        tags,
        tagsAll: tags,
        uniqueId: found.RoleId,
      },
      usable: true,
      defaults: {
        ...(found.MaxSessionDuration !== undefined && {
          maxSessionDuration: found.MaxSessionDuration,
        }),
        ...(found.Path !== undefined && { path: found.Path }),
      },
      detail: { tags, attached },
    };
  },
  async create({ name, region, forProvider: wanted }, aws) {
    const client = aws.client('IAM', IAMClient, region);
    await client.send(
      new CreateRoleCommand({
        RoleName: name,
        AssumeRolePolicyDocument: wanted.assumeRolePolicy,
        Description: wanted.description,
        MaxSessionDuration: wanted.maxSessionDuration,
        Path: wanted.path,
        PermissionsBoundary: wanted.permissionsBoundary,
        Tags: toTagPairs(wanted.tags),
      }),
    );
    for (const PolicyArn of wanted.managedPolicyArns ?? []) {
      await client.send(new AttachRolePolicyCommand({ RoleName: name, PolicyArn }));
    }
    return undefined;
  },
  async update({ name, region, forProvider: wanted }, aws, { detail }, drift) {
    const client = aws.client('IAM', IAMClient, region);
    const RoleName = name;
    if (drift.includes('assumeRolePolicy')) {
      const PolicyDocument = wanted.assumeRolePolicy;
      await client.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }));
    }
    if (drift.includes('description') || drift.includes('maxSessionDuration')) {
      const { description: Description, maxSessionDuration: MaxSessionDuration } = wanted;
      await client.send(new UpdateRoleCommand({ RoleName, Description, MaxSessionDuration }));
    }
    if (drift.includes('permissionsBoundary')) {
      const { permissionsBoundary: PermissionsBoundary } = wanted;
      await (PermissionsBoundary
        ? client.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary }))
        : client.send(new DeleteRolePermissionsBoundaryCommand({ RoleName })));
    }
    if (drift.includes('managedPolicyArns')) {
      const asked = wanted.managedPolicyArns ?? [];
      for (const PolicyArn of asked.filter((arn) => !detail.attached.includes(arn))) {
        await client.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
      }
      await detach(
        client,
        RoleName,
        detail.attached.filter((arn) => !asked.includes(arn)),
      );
    }
    if (drift.includes('tags')) {
      const { set, unset } = tagChanges(wanted.tags, detail.tags);
      if (unset.length > 0) await client.send(new UntagRoleCommand({ RoleName, TagKeys: unset }));
      const Tags = toTagPairs(set);
      if (Tags.length > 0) await client.send(new TagRoleCommand({ RoleName, Tags }));
    }
  },
  async remove({ name, region, forProvider }, aws, { detail }) {
    const client = aws.client('IAM', IAMClient, region);
    const RoleName = name;
    if (forProvider.forceDetachPolicies === true) {
      await detach(client, RoleName, detail.attached);
      const { PolicyNames = [] } = await client.send(new ListRolePoliciesCommand({ RoleName }));
      for (const PolicyName of PolicyNames) {
        await client.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
      }
    } else {
      const own = forProvider.managedPolicyArns ?? [];
      await detach(
        client,
        RoleName,
        detail.attached.filter((arn) => own.includes(arn)),
      );
    }
    await unlessAbsent(client.send(new DeleteRoleCommand({ RoleName })), ...NO_SUCH_ENTITY);
    return 'requested';
  },
};

async function attachedPolicies(client: IAMClient, RoleName: string): Promise<string[]> {
  const { AttachedPolicies = [] } = await client.send(
    new ListAttachedRolePoliciesCommand({ RoleName }),
  );
  return AttachedPolicies.map(({ PolicyArn = '' }) => PolicyArn);
}

async function detach(client: IAMClient, RoleName: string, arns: readonly string[]): Promise<void> {
  for (const PolicyArn of arns) {
    await client.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
  }
}

/** IAM answers documents percent-encoded (RFC 3986). */
export function decodeDocument(document: string | undefined): string {
  return document === undefined ? '' : decodeURIComponent(document);
}
