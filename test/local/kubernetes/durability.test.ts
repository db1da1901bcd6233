import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import * as https from 'node:https';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { aConfigMap, aWidget, Cluster, CONFIG_MAPS, type Body } from './served-cluster.js';

const SERVER = resolve('src/local/kubernetes/server.ts');
const CHILD = `
const { serveKubernetes } = await import(${JSON.stringify(SERVER)});
const { systemClock } = await import(${JSON.stringify(resolve('src/support/clock.ts'))});
const { silentLog } = await import(${JSON.stringify(resolve('src/support/log.ts'))});
const server = await serveKubernetes({ stateDir: process.argv[1], port: 0, clock: systemClock, log: silentLog });
console.log(JSON.stringify({ url: server.url, token: /token: (\\S+)/.exec(server.kubeconfig)[1] }));
`;

/** How often the server is killed: a few times in the suite, as often as wanted by hand. */
const ROUNDS = Number(process.env.PDR_DURABILITY_ROUNDS ?? 3);

let stateDir: string;
beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'kubernetes-'));
});
afterEach(() => rm(stateDir, { recursive: true, force: true }));

/** What a writer was last told of its object, and what it had asked for when the server was killed: either may be stored. */
interface Account {
  acknowledged: { readonly text: string | undefined; readonly resourceVersion: number };
  asked: string | undefined;
}

/** Kills a server of its own under sixteen writers, each busy with one object: created, changed, deleted, over and over. */
async function writeUntilKilled(
  accounts: Map<string, Account>,
  acknowledgements: number,
): Promise<void> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '-e', CHILD, stateDir],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const exited = once(child, 'exit');
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const { url, token } = JSON.parse(line) as { url: string; token: string };
  const agent = new https.Agent({ keepAlive: true });
  const send = (method: string, path: string, body?: unknown) =>
    new Promise<Body | undefined>((done) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      https
        .request(url + path, { method, agent, rejectUnauthorized: false, headers }, (response) => {
          let text = '';
          response.on('data', (chunk: Buffer) => (text += chunk.toString()));
          response.on('error', () => done(undefined));
          response.on('end', () =>
            done((response.statusCode ?? 0) < 300 ? (JSON.parse(text) as Body) : undefined),
          );
        })
        .on('error', () => done(undefined))
        .end(body === undefined ? undefined : JSON.stringify(body));
    });
  let count = 0;
  const writer = async (name: string) => {
    const account = accounts.get(name) ?? {
      acknowledged: { text: undefined, resourceVersion: 0 },
      asked: undefined,
    };
    accounts.set(name, account);
    for (let turn = 0; ; turn += 1) {
      const before = account.acknowledged;
      const isDeletion = before.text !== undefined && turn % 5 === 4;
      account.asked = isDeletion ? undefined : `${acknowledgements}-${turn}`;
      const object = { ...aConfigMap(name), data: { text: account.asked } };
      const path = `${CONFIG_MAPS}/${name}`;
      const answer = isDeletion
        ? await send('DELETE', path)
        : before.text === undefined
          ? await send('POST', CONFIG_MAPS, object)
          : await send('PUT', path, object);
      if (answer === undefined) return;
      const resourceVersion = isDeletion
        ? before.resourceVersion
        : Number(answer.metadata.resourceVersion);
      account.acknowledged = { text: account.asked, resourceVersion };
      count += 1;
      if (count === acknowledgements) child.kill('SIGKILL');
    }
  };
  await Promise.all(Array.from({ length: 16 }, (_, id) => writer(`w${id}`)));
  await exited;
  agent.destroy();
}

/** The objects that are neither what was acknowledged nor what was asked for last; takes what is there for acknowledged. */
function settle(accounts: Map<string, Account>, items: readonly Body[]): string[] {
  const stored = new Map(items.map((item) => [item.metadata.name, item]));
  return [...accounts].flatMap(([name, account]) => {
    const { acknowledged, asked } = account;
    const text = stored.get(name)?.data?.text;
    const resourceVersion = Number(stored.get(name)?.metadata.resourceVersion ?? 0);
    const isKept =
      text === acknowledged.text &&
      (text === undefined || resourceVersion === acknowledged.resourceVersion);
    const isLater =
      text === asked && (text === undefined || resourceVersion > acknowledged.resourceVersion);
    account.acknowledged = { text, resourceVersion };
    return isKept || isLater ? [] : [`${name}: ${String(text)}, not ${String(acknowledged.text)}`];
  });
}

/** How the names of what must not be lost begin. */
const KEPT = 'kept-';

describe('the state', () => {
  test(`holds every acknowledged write when the server is killed under load, ${ROUNDS} times`, async () => {
    const accounts = new Map<string, Account>();
    let lastVersion = 0;
    for (let round = 1; round <= ROUNDS; round += 1) {
      await writeUntilKilled(accounts, 40 + 97 * round);
      const versions = [...accounts.values()].map(
        (account) => account.acknowledged.resourceVersion,
      );
      lastVersion = Math.max(lastVersion, ...versions);
      const cluster = await Cluster.start(stateDir);
      const { body } = await cluster.request('GET', CONFIG_MAPS);
      expect(settle(accounts, body.items ?? [])).toEqual([]);
      const version = Number(body.metadata.resourceVersion);
      expect(version).toBeGreaterThanOrEqual(lastVersion);
      await expectToResume(cluster, lastVersion, version);
      lastVersion = version;
      await cluster.stop();
    }
  }, 600_000);

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

  test.each([
    { damage: 'its manifest is garbage', file: /^MANIFEST/, harm: () => Buffer.from('garbage') },
    { damage: 'its index is gone', file: /^CURRENT$/, harm: () => undefined },
    { damage: 'its log is gone', file: /\.log$/, harm: () => undefined },
    { damage: 'its log is cut off', file: /\.log$/, harm: half },
    { damage: 'its log has one wrong byte', file: /\.log$/, harm: withWrongByte },
    { damage: 'a table has one wrong byte', file: /\.ldb$/, harm: withWrongByte, restarts: 1 },
    { damage: 'a table is cut off', file: /\.ldb$/, harm: half, restarts: 1 },
    { damage: 'a table is gone', file: /\.ldb$/, harm: () => undefined, restarts: 1 },
  ])('is refused, not reset, when $damage', async ({ file, harm, restarts = 0 }) => {
    const first = await Cluster.start(stateDir);
    for (let n = 0; n < 20; n += 1)
      await first.request('POST', CONFIG_MAPS, aConfigMap(`${KEPT}${n}`));
    await first.stop();
    // What is read back from the log at a start is written to a table.
    for (let n = 0; n < restarts; n += 1) await (await Cluster.start(stateDir)).stop();
    const objects = join(stateDir, 'objects');
    const path = await fileOf(file, objects);
    const harmed = harm(await readFile(path));
    await (harmed === undefined ? rm(path) : writeFile(path, harmed));
    // The second time too: a refusal mends nothing and resets nothing.
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      await expect(startAndStop(stateDir)).rejects.toMatchObject({
        code: 'PDR1004',
        subject: expect.stringContaining(stateDir),
      });
    }
  });
});

/** What fails to be refused is stopped too: it would hold up the end of the tests. */
async function startAndStop(stateDir: string): Promise<void> {
  await (await Cluster.start(stateDir)).stop();
}

/** One with objects of the test, where files of this name have objects. */
async function fileOf(name: RegExp, directory: string): Promise<string> {
  const files = (await readdir(directory)).filter((file) => name.test(file));
  const paths = files.map((file) => join(directory, file));
  for (const path of paths) if ((await readFile(path)).includes(KEPT)) return path;
  const [path] = paths;
  if (path === undefined) throw new Error(`nothing like ${name} in ${directory}`);
  return path;
}

function half(content: Buffer): Buffer {
  return content.subarray(0, content.length / 2);
}

/** In what counts: what was overwritten since may be wrong, and nobody reads it. */
function withWrongByte(content: Buffer): Buffer {
  const at = content.indexOf(KEPT) + 2;
  content.writeUInt8(content.readUInt8(at) ^ 0x10, at);
  return content;
}

/** A watch from `version` sees the next write; one from before the restart sees what came since, or is told to list again. */
async function expectToResume(cluster: Cluster, before: number, version: number): Promise<void> {
  const watch = (from: number) =>
    cluster.send('GET', `${CONFIG_MAPS}?watch=1&timeoutSeconds=1&resourceVersion=${from}`);
  const watches = Promise.all([watch(version), watch(before)]);
  const made = await cluster.request('POST', CONFIG_MAPS, aConfigMap(`after-${version}`));
  expect(Number(made.body.metadata.resourceVersion)).toBeGreaterThan(version);
  const [current, old] = await watches;
  expect(current.text).toContain(`after-${version}`);
  const isToldToList = old.code === 410 || old.text.includes('"code":410');
  expect(isToldToList || old.text.includes(`after-${version}`)).toBe(true);
}

test('two servers in one process do not see each other', async () => {
  const [one, other] = await Promise.all([Cluster.start(), Cluster.start()]);
  await one.request('POST', CONFIG_MAPS, aConfigMap('mine'));
  expect((await other.request('GET', CONFIG_MAPS)).body.items).toEqual([]);
  await Promise.all([one.discard(), other.discard()]);
});
