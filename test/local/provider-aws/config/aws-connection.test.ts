/** A region that takes connections and never answers must hold nobody. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { AwsConnection } from '../../../../src/local/provider-aws/config/aws-connection.js';
import { AwsCallError } from '../../../../src/local/provider-aws/external/aws-error.js';

let silent: Server;

beforeEach(async () => {
  silent = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(silent, 'listening');
});
afterEach(() => {
  silent.close();
});

function connect(answerTimeoutMs?: number): AwsConnection {
  const address = silent.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  return new AwsConnection({
    credentials: () => Promise.resolve({ accessKeyId: 'AKIA', secretAccessKey: 'x' }),
    endpointOf: () => `http://127.0.0.1:${port}`,
    usePathStyle: true,
    ...(answerTimeoutMs === undefined ? {} : { answerTimeoutMs }),
  });
}

const ask = (connection: AwsConnection) =>
  connection.client('STS', STSClient, 'us-east-1').send(new GetCallerIdentityCommand({}));

test('A call that is not answered fails', async () => {
  const connection = connect(20);
  await expect(ask(connection)).rejects.toThrow(AwsCallError);
  connection.close();
});

test('A call that is under way fails when the connection is closed, and is not repeated', async () => {
  const connection = connect();
  const asked = ask(connection);
  await once(silent, 'connection');
  connection.close();
  await expect(asked).rejects.toThrow(AwsCallError);
  await expect(ask(connection)).rejects.toThrow('the connection is closed');
});
