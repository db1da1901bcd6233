import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile, readdir } from 'node:fs/promises';
import * as https from 'node:https';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { aConfigMap, aWidget, Cluster, CONFIG_MAPS } from './served-cluster.js';

const SERVER = resolve('src/local/kubernetes/server.ts');
const CHILD = `
const { serveKubernetes } = await import(${JSON.stringify(SERVER)});
const { systemClock } = await import(${JSON.stringify(resolve('src/support/clock.ts'))});
const { silentLog } = await import(${JSON.stringify(resolve('src/support/log.ts'))});
const server = await serveKubernetes({ stateDir: process.argv[1], port: 0, clock: systemClock, log: silentLog });
console.log(JSON.stringify({ url: server.url, token: /token: (\\S+)/.exec(server.kubeconfig)[1] }));
`;

let stateDir: string;
beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'kubernetes-'));
});
afterEach(() => rm(stateDir, { recursive: true, force: true }));

/** Creates without pause from eight clients until the server is killed; the names that were acknowledged. */
async function createUntilKilled(acknowledgements: number): Promise<string[]> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '-e', CHILD, stateDir],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const { url, token } = JSON.parse(line) as { url: string; token: string };
  const acknowledged: string[] = [];
  const create = (name: string) =>
    new Promise<boolean>((done) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      https
        .request(
          url + CONFIG_MAPS,
          { method: 'POST', rejectUnauthorized: false, headers },
          (response) => {
            response.resume();
            done(response.statusCode === 201);
          },
        )
        .on('error', () => done(false))
        .end(JSON.stringify(aConfigMap(name)));
    });
  const client = async (id: number) => {
    for (let n = 0; await create(`c${id}-${n}`); n += 1) {
      acknowledged.push(`c${id}-${n}`);
      if (acknowledged.length === acknowledgements) child.kill('SIGKILL');
    }
  };
  await Promise.all(Array.from({ length: 8 }, (_, id) => client(id)));
  return acknowledged;
}

describe('the state', () => {
  test('holds every acknowledged write when the server is killed under load', async () => {
    const acknowledged = await createUntilKilled(60);
    const cluster = await Cluster.start(stateDir);
    const { body } = await cluster.request('GET', CONFIG_MAPS);
    const names = new Set(body.items?.map(({ metadata }) => metadata.name));
    expect(acknowledged.filter((name) => !names.has(name))).toEqual([]);
    expect(acknowledged.length).toBeGreaterThanOrEqual(60);
    await cluster.stop();
  });

  test('comes back with definitions, certificates and resourceVersions that go on', async () => {
    const first = await Cluster.start(stateDir);
    const widgets = await first.widgets('kept.example.com', {
      type: 'object',
      properties: { a: { type: 'integer' } },
    });
    const made = await first.request('POST', widgets, aWidget('kept.example.com', 'one', { a: 1 }));
    const { ca, token } = first;
    await first.stop();
    const second = await Cluster.start(stateDir);
    expect([second.ca, second.token]).toEqual([ca, token]);
    expect((await second.request('GET', `${widgets}/one`)).body).toEqual(made.body);
    const next = await second.patch(`${widgets}/one`, { spec: { a: 2 } });
    expect(Number(next.body.metadata.resourceVersion)).toBeGreaterThan(
      Number(made.body.metadata.resourceVersion),
    );
    await second.stop();
  });

  test('is refused to a second server', async () => {
    const first = await Cluster.start(stateDir);
    await expect(Cluster.start(stateDir)).rejects.toMatchObject({
      code: 'PDR1003',
      subject: stateDir,
    });
    await first.stop();
  });

  test('is refused, not reset, when it is damaged', async () => {
    await (await Cluster.start(stateDir)).stop();
    const objects = join(stateDir, 'objects');
    const manifest = (await readdir(objects)).find((file) => file.startsWith('MANIFEST')) ?? '';
    await writeFile(join(objects, manifest), 'garbage');
    await expect(Cluster.start(stateDir)).rejects.toMatchObject({ code: 'PDR1004' });
  });
});

test('two servers in one process do not see each other', async () => {
  const [one, other] = await Promise.all([Cluster.start(), Cluster.start()]);
  await one.request('POST', CONFIG_MAPS, aConfigMap('mine'));
  expect((await other.request('GET', CONFIG_MAPS)).body.items).toEqual([]);
  await Promise.all([one.discard(), other.discard()]);
});
