import { PutObjectCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { expect, test } from '@jest/globals';
import { createS3 } from '../../../../src/local/aws/s3/service.js';
import { aCloud, aKilledCopy, removeCloud } from '../../../builders/a-cloud.js';
import { aServiceEndpoint } from '../../../builders/a-service-endpoint.js';
import { aBucket, aClient, aRule, EAST, replicate, textOf, until, WEST } from './a-bucket.js';

test('what S3 acknowledged before it was killed is there after, and is replicated', async () => {
  const cloud = await aCloud();
  const service = await createS3(cloud);
  const endpoint = await aServiceEndpoint(service);
  const east = aClient(endpoint.url, EAST);
  await aBucket(east, 'source');
  await aBucket(aClient(endpoint.url, WEST), 'destination');
  await replicate(east, 'source', aRule('destination'));
  cloud.network.cut(EAST, WEST);
  const bodies = ['small', 'large'.repeat(100_000)];
  await Promise.all(
    bodies.map((Body, index) =>
      east.send(new PutObjectCommand({ Bucket: 'source', Key: `k${index}`, Body })),
    ),
  );
  const killed = await aKilledCopy(cloud);

  const again = await createS3(killed);
  const endpointAgain = await aServiceEndpoint(again);
  const [eastAgain, westAgain] = [EAST, WEST].map((region) => aClient(endpointAgain.url, region));
  if (eastAgain === undefined || westAgain === undefined) throw new Error('two clients');
  expect(await textOf(eastAgain, 'source', 'k0')).toBe(bodies[0]);
  expect(await textOf(eastAgain, 'source', 'k1')).toBe(bodies[1]);
  const arrived = await until(async () => {
    const { Versions } = await westAgain.send(
      new ListObjectVersionsCommand({ Bucket: 'destination' }),
    );
    return Versions?.length === 2 ? Versions.map(({ Key }) => Key) : undefined;
  });
  expect(arrived).toEqual(['k0', 'k1']);
  expect(await textOf(westAgain, 'destination', 'k1')).toBe(bodies[1]);

  for (const [server, s3, it] of [
    [endpoint, service, cloud],
    [endpointAgain, again, killed],
  ] as const) {
    await server.close();
    await s3.close();
    await it.close();
    await removeCloud(it);
  }
});
