import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { aConfigMap, aWidget, Cluster, CONFIG_MAPS } from './served-cluster.js';

const GROUP = 'writes.example.com';
const item = {
  type: 'object',
  required: ['k'],
  properties: { k: { type: 'string' }, v: { type: 'integer' } },
};
const SPEC = {
  type: 'object',
  'x-kubernetes-preserve-unknown-fields': true,
  properties: {
    items: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['k'],
      items: item,
    },
    tags: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
  },
};

let cluster: Cluster;
let widgets: string;
beforeAll(async () => {
  cluster = await Cluster.start();
  widgets = await cluster.widgets(GROUP, SPEC);
});
afterAll(() => cluster.discard());

describe('a patch', () => {
  test.each([
    {
      sentence: 'of type merge merges, replaces lists and removes nulls',
      type: 'merge',
      patch: { spec: { a: null, b: { d: 3 }, l: [9] } },
      spec: { b: { c: 1, d: 3 }, l: [9] },
    },
    {
      sentence: 'of type json works in order',
      type: 'json',
      patch: [
        { op: 'replace', path: '/spec/a', value: 5 },
        { op: 'move', from: '/spec/a', path: '/spec/x~1y' },
        { op: 'add', path: '/spec/l/-', value: 3 },
      ],
      spec: { b: { c: 1 }, l: [1, 2, 3], 'x/y': 5 },
    },
  ] as const)('$sentence', async ({ type, patch, spec }) => {
    await cluster.request('POST', widgets, aWidget(GROUP, type, { a: 1, b: { c: 1 }, l: [1, 2] }));
    expect((await cluster.patch(`${widgets}/${type}`, patch, type)).body.spec).toEqual(spec);
  });

  test('of type strategic merges lists by key and obeys directives', async () => {
    const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'x', uid: 'u1' };
    await cluster.request(
      'POST',
      CONFIG_MAPS,
      aConfigMap('strategic', { a: '1' }, { finalizers: ['e.com/a'] }),
    );
    await cluster.patch(
      `${CONFIG_MAPS}/strategic`,
      { metadata: { finalizers: ['e.com/b'], ownerReferences: [owner, { ...owner, uid: 'u2' }] } },
      'strategic',
    );
    const patch = {
      metadata: { ownerReferences: [{ $patch: 'delete', uid: 'u1' }] },
      data: { $patch: 'replace', z: '9' },
    };
    const { body } = await cluster.patch(`${CONFIG_MAPS}/strategic`, patch, 'strategic');
    expect([body.metadata.finalizers, body.metadata.ownerReferences, body.data]).toEqual([
      ['e.com/a', 'e.com/b'],
      [{ ...owner, uid: 'u2' }],
      { z: '9' },
    ]);
  });

  test.each([
    {
      sentence: 'whose test fails',
      patch: [{ op: 'test', path: '/data/a', value: 'x' }],
      code: 422,
    },
    {
      sentence: 'that removes what is not there',
      patch: [{ op: 'remove', path: '/data/none' }],
      code: 422,
    },
    { sentence: 'that is no list', patch: { op: 'add' }, code: 400 },
    {
      sentence: 'that reaches for a prototype',
      patch: [{ op: 'add', path: '/data/__proto__', value: {} }],
      code: 422,
    },
  ])('$sentence is refused', async ({ patch, code }) => {
    await cluster.request('POST', CONFIG_MAPS, aConfigMap('kept', { a: '1' }));
    expect((await cluster.patch(`${CONFIG_MAPS}/kept`, patch, 'json')).code).toBe(code);
    expect((await cluster.request('GET', `${CONFIG_MAPS}/kept`)).body.data).toEqual({ a: '1' });
  });
});

describe('an apply', () => {
  const apply = (name: string, spec: unknown, manager: string, force = false) =>
    cluster.patch(
      `${widgets}/${name}?fieldManager=${manager}&force=${force}`,
      aWidget(GROUP, name, spec),
      'apply',
    );
  const ownedBy = (
    body: { metadata: { managedFields?: { manager: string; fieldsV1: unknown }[] } },
    manager: string,
  ) => body.metadata.managedFields?.find((one) => one.manager === manager)?.fieldsV1;

  test('conflicts over a value that another manager owns, and takes it when forced', async () => {
    await apply('conflict', { a: 1, b: 1 }, 'ann');
    const refused = await apply('conflict', { a: 2 }, 'bob');
    expect(refused.code).toBe(409);
    expect(refused.body.details?.causes).toEqual([
      { reason: 'FieldManagerConflict', message: 'conflict with "ann"', field: '.spec.a' },
    ]);
    const forced = await apply('conflict', { a: 2 }, 'bob', true);
    expect(forced.body.spec).toEqual({ a: 2, b: 1 });
    expect(ownedBy(forced.body, 'ann')).toEqual({ 'f:spec': { 'f:b': {} } });
  });

  test('removes what its manager named before and nobody else owns', async () => {
    await apply('removal', { a: 1, deep: { mine: 1 } }, 'ann');
    await cluster.patch(`${widgets}/removal?fieldManager=bob`, { spec: { deep: { theirs: 1 } } });
    expect((await apply('removal', {}, 'ann')).body.spec).toEqual({ deep: { theirs: 1 } });
  });

  test('owns labels, and takes away those it names no longer', async () => {
    const labelled = (labels: Record<string, string>) =>
      cluster.patch(
        `${widgets}/labelled?fieldManager=ann`,
        { ...aWidget(GROUP, 'labelled', {}), metadata: { name: 'labelled', labels } },
        'apply',
      );
    const first = await labelled({ team: 'pay', old: 'yes' });
    expect(ownedBy(first.body, 'ann')).toEqual({
      'f:metadata': { 'f:labels': { 'f:old': {}, 'f:team': {} } },
      'f:spec': {},
    });
    await cluster.patch(`${widgets}/labelled`, { metadata: { labels: { mine: 'kept' } } });
    expect((await labelled({ team: 'ship' })).body.metadata.labels).toEqual({
      team: 'ship',
      mine: 'kept',
    });
  });

  test.each(['', '&fieldValidation=Ignore', '&fieldValidation=Strict'])(
    'of a field that the schema does not have is refused by its path%s',
    async (validation) => {
      const { code, body } = await cluster.patch(
        `${widgets}/typo?fieldManager=ann${validation}`,
        { ...aWidget(GROUP, 'typo', {}), specc: 1 },
        'apply',
      );
      expect([code, body.message]).toEqual([
        500,
        expect.stringMatching(
          /^failed to create typed patch object .*: \.specc: field not declared in schema$/,
        ),
      ]);
      expect((await cluster.request('GET', `${widgets}/typo`)).code).toBe(404);
    },
  );

  test('merges lists of type map by key and sets by value', async () => {
    await apply('lists', { items: [{ k: 'a', v: 1 }], tags: ['x', 'y'] }, 'ann');
    const merged = await apply('lists', { items: [{ k: 'b', v: 2 }], tags: ['y', 'z'] }, 'bob');
    expect(merged.body.spec).toEqual({
      items: [
        { k: 'a', v: 1 },
        { k: 'b', v: 2 },
      ],
      tags: ['x', 'y', 'z'],
    });
    const left = await apply('lists', {}, 'ann');
    expect(left.body.spec).toEqual({ items: [{ k: 'b', v: 2 }], tags: ['y', 'z'] });
  });

  test('that changes nothing keeps the resourceVersion', async () => {
    const first = await apply('same', { a: 1 }, 'ann');
    const second = await apply('same', { a: 1 }, 'ann');
    expect([first.code, second.code, second.body.metadata.resourceVersion]).toEqual([
      201,
      200,
      first.body.metadata.resourceVersion,
    ]);
  });
});

describe('writers side by side', () => {
  test('all land their merge patches', async () => {
    await cluster.request('POST', widgets, aWidget(GROUP, 'many', {}));
    const keys = Array.from({ length: 50 }, (_, n) => `k${n}`);
    await Promise.all(keys.map((key) => cluster.patch(`${widgets}/many`, { spec: { [key]: 1 } })));
    expect(
      Object.keys((await cluster.request('GET', `${widgets}/many`)).body.spec as object).sort(),
    ).toEqual(keys.sort());
  });

  test('have one winner of a name', async () => {
    const replies = await Promise.all(
      Array.from({ length: 10 }, () => cluster.request('POST', CONFIG_MAPS, aConfigMap('one'))),
    );
    expect(replies.map(({ code }) => code).sort()).toEqual([201, ...Array<number>(9).fill(409)]);
  });

  test('are told of a stale resourceVersion', async () => {
    const { body } = await cluster.request('POST', CONFIG_MAPS, aConfigMap('stale'));
    await cluster.patch(`${CONFIG_MAPS}/stale`, { data: { a: '1' } });
    expect((await cluster.request('PUT', `${CONFIG_MAPS}/stale`, body)).body.reason).toBe(
      'Conflict',
    );
  });
});

describe('a watch', () => {
  test('that is read late is told the state, then each change, whatever the client lets wait', async () => {
    const maps = '/api/v1/namespaces/kube-node-lease/configmaps';
    // More than the connection itself holds: the rest has to wait in the server.
    const large = 'x'.repeat(512 * 1024);
    const early = Array.from({ length: 8 }, (_, n) => `early-${n}`);
    const late = Array.from({ length: 8 }, (_, n) => `late-${n}`);
    for (const name of early) await cluster.request('POST', maps, aConfigMap(name, { large }));
    const events = await cluster.watch(`${maps}?watch=1`, 24, async () => {
      for (const name of late) await cluster.request('POST', maps, aConfigMap(name, { large }));
      for (const name of late) await cluster.patch(`${maps}/${name}`, { data: { a: '1' } });
    });
    expect(events.map(({ type, object }) => `${type} ${object.metadata.name}`)).toEqual([
      ...[...early, ...late].map((name) => `ADDED ${name}`),
      ...late.map((name) => `MODIFIED ${name}`),
    ]);
  });

  test('replays each change since its start, once and in order', async () => {
    const { body } = await cluster.request('GET', CONFIG_MAPS);
    await cluster.request('POST', CONFIG_MAPS, aConfigMap('seen'));
    await cluster.patch(`${CONFIG_MAPS}/seen`, { data: { a: '1' } });
    await cluster.request('DELETE', `${CONFIG_MAPS}/seen`);
    const events = await cluster.watch(
      `${CONFIG_MAPS}?watch=true&fieldSelector=metadata.name%3Dseen&resourceVersion=${body.metadata.resourceVersion}`,
      3,
    );
    expect(events.map(({ type }) => type)).toEqual(['ADDED', 'MODIFIED', 'DELETED']);
  });

  test('with a label selector is told when an object starts and ceases to match', async () => {
    const { body } = await cluster.request('POST', CONFIG_MAPS, aConfigMap('labelled'));
    for (const x of ['yes', 'no'])
      await cluster.patch(`${CONFIG_MAPS}/labelled`, { metadata: { labels: { x } } });
    const events = await cluster.watch(
      `${CONFIG_MAPS}?watch=true&labelSelector=x%3Dyes&resourceVersion=${body.metadata.resourceVersion}`,
      2,
    );
    expect(events.map(({ type }) => type)).toEqual(['ADDED', 'DELETED']);
  });

  test('of a streaming list ends the state with a bookmark', async () => {
    const path = `/api/v1/namespaces?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true`;
    const events = await cluster.watch(path, 5);
    expect(events.map(({ type }) => type)).toEqual([
      'ADDED',
      'ADDED',
      'ADDED',
      'ADDED',
      'BOOKMARK',
    ]);
  });
});

describe('a list', () => {
  test('comes in chunks of one resourceVersion, whatever is written between', async () => {
    const path = '/api/v1/namespaces/kube-public/configmaps';
    for (const name of ['a', 'b', 'c']) await cluster.request('POST', path, aConfigMap(name));
    const first = await cluster.request('GET', `${path}?limit=2`);
    await cluster.request('POST', path, aConfigMap('bb'));
    await cluster.request('DELETE', `${path}/c`);
    const rest = await cluster.request(
      'GET',
      `${path}?limit=2&continue=${first.body.metadata.continue ?? ''}`,
    );
    expect(
      [...(first.body.items ?? []), ...(rest.body.items ?? [])].map(
        ({ metadata }) => metadata.name,
      ),
    ).toEqual(['a', 'b', 'c']);
  });
});
