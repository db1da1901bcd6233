import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { request } from 'node:http';

import { anAws, type AnAws } from '../an-aws.js';

describe('the admin API', () => {
  let aws: AnAws;

  beforeAll(async () => {
    aws = await anAws();
  });
  afterAll(() => aws.stop());

  async function post(wish: unknown, contentType = 'application/json') {
    const response = await fetch(`${aws.url}/_payments-dr/faults`, {
      method: 'POST',
      headers: { 'content-type': contentType },
      body: JSON.stringify(wish),
    });
    return { status: response.status, body: await response.json() };
  }

  test('switches faults on and off, and says what is on', async () => {
    await post({ action: 'takeDown', region: 'eu-west-1' });
    await post({ action: 'partition', regions: ['us-west-2', 'us-east-1'] });
    const { body } = await post({
      action: 'setLag',
      from: 'us-east-1',
      to: 'us-west-2',
      lagMs: 2000,
    });
    expect(body).toMatchObject({
      down: ['eu-west-1'],
      partitions: [['us-east-1', 'us-west-2']],
      lagMs: { 'us-east-1>us-west-2': 2000 },
    });
    await expect(fetch(aws.regionUrls.get('eu-west-1') ?? '')).rejects.toThrow('fetch failed');

    await post({ action: 'bringUp', region: 'eu-west-1' });
    await post({ action: 'heal', regions: ['us-east-1', 'us-west-2'] });
    const report = await fetch(`${aws.url}/_payments-dr/faults`);
    await expect(report.json()).resolves.toMatchObject({ down: [], partitions: [] });
  });

  test('switches mishaps and skew on, and everything off at once', async () => {
    const crash = { kind: 'crash', region: 'us-east-1', withinMs: 20, probability: 0.5 };
    await post({ action: 'inject', ...crash });
    await post({ action: 'reseed', seed: 7 });
    await post({ action: 'takeDown', region: 'eu-west-1', manner: '503' });
    await post({ action: 'pause', from: 'us-east-1', to: 'us-west-2' });
    const { body } = await post({ action: 'skew', region: 'us-west-2', skewMs: -1500 });
    expect(body).toMatchObject({
      outages: { 'eu-west-1': '503' },
      paused: ['us-east-1>us-west-2'],
      skewMs: { 'us-west-2': -1500 },
      mishaps: [crash],
      seed: 7,
    });

    await expect(post({ action: 'healAll' })).resolves.toMatchObject({
      body: {
        down: [],
        outages: {},
        partitions: [],
        paused: [],
        lagMs: {},
        skewMs: {},
        mishaps: [],
      },
    });
  });

  test.each([
    { sentence: 'a region that does not exist', wish: { action: 'takeDown', region: 'us-west-9' } },
    {
      sentence: 'a partition of a region from itself',
      wish: { action: 'partition', regions: ['us-east-1', 'us-east-1'] },
    },
    {
      sentence: 'a negative lag',
      wish: { action: 'setLag', from: 'us-east-1', to: 'us-west-2', lagMs: -1 },
    },
    {
      sentence: 'a manner of being down that it does not know',
      wish: { action: 'takeDown', region: 'us-east-1', manner: 'politely' },
    },
    {
      sentence: 'a probability above 1',
      wish: { action: 'inject', kind: 'loseResponse', region: 'us-east-1', probability: 2 },
    },
    {
      sentence: 'a throttle of a service that is never throttled',
      wish: { action: 'inject', kind: 'throttle', region: 'us-east-1', service: 'sns' },
    },
    { sentence: 'a member it does not read', wish: { action: 'healAll', regoin: 'us-east-1' } },
    { sentence: 'the name of what every object has', wish: { action: 'constructor' } },
    { sentence: 'an action it does not know', wish: { action: 'explode' } },
  ])('refuses $sentence', async ({ wish }) => {
    await expect(post(wish)).resolves.toMatchObject({ status: 400 });
  });

  test('refuses what a web page could send without asking', async () => {
    const wish = { action: 'takeDown', region: 'us-east-1' };
    await expect(post(wish, 'text/plain')).resolves.toMatchObject({ status: 415 });
    const status = await new Promise((resolve, reject) => {
      const headers = { host: 'evil.example.org' };
      request(`${aws.url}/_payments-dr/mail`, { headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(status).toBe(403);
  });
});
