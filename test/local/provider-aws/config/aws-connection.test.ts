import { once } from 'node:events';
import { createServer } from 'node:net';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { expect, test } from '@jest/globals';
import { AwsConnection } from '../../../../src/local/provider-aws/config/aws-connection.js';
import { AwsCallError } from '../../../../src/local/provider-aws/external/aws-error.js';

test('A region that takes calls and never answers is an error, not a wait without end', async () => {
  const silent = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const address = silent.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const connection = new AwsConnection({
    credentials: () => Promise.resolve({ accessKeyId: 'AKIA', secretAccessKey: 'x' }),
    endpointOf: () => `http://127.0.0.1:${port}`,
    usePathStyle: true,
    answerTimeoutMs: 20,
  });
  const asked = connection
    .client('STS', STSClient, 'us-east-1')
    .send(new GetCallerIdentityCommand({}));
  await expect(asked).rejects.toThrow(AwsCallError);
  connection.close();
  silent.close();
});
