/** What becomes of definitions beside each other; every case was seen on a kube-apiserver 1.34.3. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { aDefinition, Cluster, DEFINITIONS } from '../served-cluster.js';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await Cluster.start();
});
afterAll(() => cluster.discard());

interface Names {
  readonly plural: string;
  readonly kind: string;
  readonly singular?: string;
  readonly listKind?: string;
  readonly shortNames?: string[];
}

async function define(group: string, names: Names): Promise<void> {
  const schema = { openAPIV3Schema: { type: 'object' } };
  const { code } = await cluster.request(
    'POST',
    DEFINITIONS,
    aDefinition(group, names, { schema }),
  );
  expect(code).toBe(201);
}

interface Status {
  readonly conditions: { type: string; status: string; reason: string; message: string }[] | null;
  readonly acceptedNames: object;
}

async function statusOf(name: string) {
  const { body } = await cluster.request('GET', `${DEFINITIONS}/${name}`);
  const { conditions, acceptedNames } = body.status as unknown as Status;
  const condition = (wanted: string) => conditions?.find(({ type }) => type === wanted);
  return {
    accepted: condition('NamesAccepted'),
    established: condition('Established'),
    acceptedNames,
  };
}

const isTold = async (name: string) => (await statusOf(name)).accepted !== undefined;

describe('a definition that asks for a name of another one of its group', () => {
  const OWNER = { plural: 'as', kind: 'A', shortNames: ['aa'] };

  test.each([
    {
      sentence: 'its kind',
      names: { plural: 'bs', kind: 'A' },
      reason: 'ListKindConflict',
      message: '"AList" is already in use',
      acceptedNames: { plural: 'bs', kind: '' },
    },
    {
      sentence: 'its short name',
      names: { plural: 'cs', kind: 'C', shortNames: ['aa'] },
      reason: 'ShortNamesConflict',
      message: '"aa" is already in use',
      acceptedNames: { plural: 'cs', singular: 'c', kind: 'C', listKind: 'CList' },
    },
    {
      sentence: 'its plural as a singular',
      names: { plural: 'ds', kind: 'D', singular: 'as' },
      reason: 'SingularConflict',
      message: '"as" is already in use',
      acceptedNames: { plural: 'ds', kind: 'D', listKind: 'DList' },
    },
    {
      sentence: 'the kind of its lists',
      names: { plural: 'es', kind: 'E', listKind: 'AList' },
      reason: 'ListKindConflict',
      message: '"AList" is already in use',
      acceptedNames: { plural: 'es', singular: 'e', kind: 'E' },
    },
  ])('is not served for $sentence, until that one is gone', async (asked) => {
    const group = `${asked.names.plural}.example.org`;
    const name = `${asked.names.plural}.${group}`;
    const served = `/apis/${group}/v1/namespaces/default/${asked.names.plural}`;
    await define(group, OWNER);
    await define(group, asked.names);
    await cluster.until(() => isTold(name));
    const { accepted, established, acceptedNames } = await statusOf(name);
    expect(accepted).toMatchObject({
      status: 'False',
      reason: asked.reason,
      message: asked.message,
    });
    expect(established).toMatchObject({ status: 'False', reason: 'NotAccepted' });
    expect(acceptedNames).toEqual(asked.acceptedNames);
    expect((await cluster.send('GET', served)).code).toBe(404);

    await cluster.request('DELETE', `${DEFINITIONS}/as.${group}`);
    await cluster.until(async () => (await statusOf(name)).established?.status === 'True');
    expect((await statusOf(name)).acceptedNames).toMatchObject(asked.names);
    expect((await cluster.send('GET', served)).code).toBe(200);
  });
});

describe('a definition that is served already', () => {
  test('stays as it is when it asks for a name that is taken', async () => {
    const group = 'served.example.org';
    await define(group, { plural: 'as', kind: 'A', shortNames: ['aa'] });
    await define(group, { plural: 'bs', kind: 'B', shortNames: ['bb'] });
    const name = `bs.${group}`;
    await cluster.until(() => isTold(name));
    await cluster.patch(`${DEFINITIONS}/${name}`, { spec: { names: { shortNames: ['aa'] } } });
    await cluster.until(async () => (await statusOf(name)).accepted?.status === 'False');
    expect(await statusOf(name)).toMatchObject({
      established: { status: 'True' },
      acceptedNames: { shortNames: ['bb'] },
    });
    const { body } = await cluster.request('GET', `/apis/${group}/v1`);
    const { resources } = body as unknown as { resources: { name: string }[] };
    expect(resources.find((one) => one.name === 'bs')).toMatchObject({ shortNames: ['bb'] });
  });

  test('keeps its names over a restart, though who asks for them too comes first by name', async () => {
    const group = 'restarted.example.org';
    await define(group, { plural: 'zs', kind: 'Z' });
    await define(group, { plural: 'as', kind: 'Z' });
    await cluster.until(() => isTold(`as.${group}`));
    await cluster.stop();
    cluster = await Cluster.start(cluster.stateDir);
    const listed = async (plural: string) =>
      (await cluster.send('GET', `/apis/${group}/v1/namespaces/default/${plural}`)).code;
    expect([await listed('zs'), await listed('as')]).toEqual([200, 404]);
    expect((await statusOf(`as.${group}`)).accepted).toMatchObject({ reason: 'ListKindConflict' });
    await cluster.request('DELETE', `${DEFINITIONS}/zs.${group}`);
    await cluster.until(async () => (await listed('as')) === 200);
  });

  test('goes with its objects though no version is served any more', async () => {
    const widgets = await cluster.widgets('unserved.example.org', { type: 'object' });
    const apiVersion = 'unserved.example.org/v1';
    await cluster.request('POST', widgets, { apiVersion, kind: 'Widget', metadata: { name: 'w' } });
    const path = `${DEFINITIONS}/widgets.unserved.example.org`;
    await cluster.patch(
      path,
      [{ op: 'replace', path: '/spec/versions/0/served', value: false }],
      'json',
    );
    expect((await cluster.send('GET', widgets)).code).toBe(404);
    await cluster.request('DELETE', path);
    await cluster.until(async () => (await cluster.request('GET', path)).code === 404);
  });
});
