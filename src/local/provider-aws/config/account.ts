/** The account that a connection's credentials belong to, as STS says; asked once per connection. */
import type { AwsConnection } from './aws-connection.js';

export function accountOf(aws: AwsConnection): Promise<string> {
  return aws.once('account', async () => {
    const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts');
    const { Account } = await aws
      .client('STS', STSClient, '')
      .send(new GetCallerIdentityCommand({}));
    if (Account === undefined) throw new Error('STS GetCallerIdentity answered without an account');
    return Account;
  });
}
