/** TagPolicy, UntagPolicy, ListPolicyTags. */
import {
  mergeTags,
  page,
  PAGE_PARAMETERS,
  withoutTags,
  writeTags,
  type IamOperation,
} from '../operation.js';
import { ownPolicy } from './policy-versions.js';

export const tagPolicy: IamOperation = {
  name: 'TagPolicy',
  parameters: ['PolicyArn', 'Tags'],
  run: async (input, call, directory) => {
    const arn = input.requiredString('PolicyArn');
    call.authorize('iam:TagPolicy', arn);
    const policy = ownPolicy(directory, arn);
    await directory.savePolicy({ ...policy, tags: mergeTags(policy.tags, input.tags()) });
    return {};
  },
};

export const untagPolicy: IamOperation = {
  name: 'UntagPolicy',
  parameters: ['PolicyArn', 'TagKeys'],
  run: async (input, call, directory) => {
    const arn = input.requiredString('PolicyArn');
    call.authorize('iam:UntagPolicy', arn);
    const policy = ownPolicy(directory, arn);
    const keys = input.strings('TagKeys') ?? [];
    await directory.savePolicy({ ...policy, tags: withoutTags(policy.tags, keys) });
    return {};
  },
};

export const listPolicyTags: IamOperation = {
  name: 'ListPolicyTags',
  parameters: ['PolicyArn', ...PAGE_PARAMETERS],
  run: (input, call, directory) => {
    const arn = input.requiredString('PolicyArn');
    call.authorize('iam:ListPolicyTags', arn);
    const { items, ...rest } = page(writeTags(directory.policy(arn).tags), input);
    return { Tags: items, ...rest };
  },
};
