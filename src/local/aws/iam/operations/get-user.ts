/** GetUser, ListAccountAliases: what the account says of itself. It has no users but its root. */
import { AwsError } from '../../service.js';
import { PAGE_PARAMETERS, type IamOperation } from '../operation.js';

export const getUser: IamOperation = {
  name: 'GetUser',
  parameters: ['UserName'],
  run: (input, call, directory) => {
    const { accountId } = directory;
    const name = input.string('UserName');
    call.authorize('iam:GetUser', `arn:aws:iam::${accountId}:user/${name ?? ''}`);
    if (name !== undefined) {
      const message = `The user with name ${name} cannot be found.`;
      throw new AwsError('NoSuchEntity', message, 404);
    }
    if (call.request.caller.kind !== 'root') {
      const message = 'Must specify userName when calling with non-User credentials';
      throw new AwsError('ValidationError', message);
    }
    return {
      User: {
        UserId: accountId,
        Arn: `arn:aws:iam::${accountId}:root`,
        CreateDate: new Date(directory.openedAtMs),
      },
    };
  },
};

export const listAccountAliases: IamOperation = {
  name: 'ListAccountAliases',
  parameters: [...PAGE_PARAMETERS],
  run: (_input, call) => {
    call.authorize('iam:ListAccountAliases', '*');
    return { AccountAliases: [], IsTruncated: false };
  },
};
