/** In which form objects are answered, and what is said where there is none: as kube-apiserver 1.34 does it. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { aWidget, Cluster, CONFIG_MAPS } from '../served-cluster.js';

const GROUP = 'forms.example.com';
const as = (kind: string) => ({ accept: `application/json;as=${kind};v=v1;g=meta.k8s.io` });

let cluster: Cluster;
let widgets: string;

beforeAll(async () => {
  cluster = await Cluster.start();
  const column = (name: string, type: string) => ({ name, type, jsonPath: `.spec.${name}` });
  widgets = await cluster.widgets(
    GROUP,
    { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    {
      additionalPrinterColumns: [
        column('when', 'date'),
        column('what', 'string'),
        column('all[*]', 'string'),
      ],
    },
  );
  await cluster.request('POST', widgets, aWidget(GROUP, 'one', {}));
});
afterAll(() => cluster.discard());

interface Table {
  readonly rows: { readonly cells: unknown[]; readonly object: unknown }[];
  readonly metadata: object;
}

async function rowOf(spec: object): Promise<unknown[]> {
  const { body } = await cluster.request(
    'POST',
    `${widgets}?dryRun=All`,
    aWidget(GROUP, 'tried', spec),
    { 'content-type': 'application/json', ...as('Table') },
  );
  return (body as unknown as Table).rows[0]?.cells ?? [];
}

describe('a cell of a table', () => {
  test.each([
    [{ when: 'soon' }, '<invalid>', null, null],
    [{ when: 5 }, null, null, null],
    [{ when: '' }, '<unknown>', null, null],
    [{ what: { b: 1, a: [] } }, null, '{"a":[],"b":1}', null],
    [{ what: true, all: ['first', 'second'] }, null, 'true', 'first'],
  ])('of %j is as Go prints it', async (spec, when, what, all) => {
    expect((await rowOf(spec)).slice(1)).toEqual([when, what, all]);
  });
});

describe('a table', () => {
  const get = (query: string) =>
    cluster.request('GET', `${widgets}?${query}`, undefined, as('Table'));

  test('of a whole list has no token to go on with', async () => {
    const { metadata } = (await get('')).body as unknown as Table;
    expect(metadata).toEqual({ resourceVersion: expect.any(String) });
  });

  test('without objects says that there are none', async () => {
    expect(((await get('includeObject=None')).body as unknown as Table).rows[0]?.object).toBeNull();
  });

  test('with objects of a form that is none is refused', async () => {
    expect((await get('includeObject=All')).body.message).toBe(
      `Unable to convert to Table as requested: includeObject: Invalid value: "All": must be 'Metadata', 'Object', 'None', or empty`,
    );
  });
});

describe('metadata only', () => {
  test('of a list says of each what it is', async () => {
    const { body } = await cluster.request(
      'GET',
      widgets,
      undefined,
      as('PartialObjectMetadataList'),
    );
    expect(body.items?.[0]?.kind).toBe('PartialObjectMetadata');
  });

  test.each([
    ['a list', 'PartialObjectMetadata', () => widgets, 406],
    ['an object', 'PartialObjectMetadataList', () => `${CONFIG_MAPS}/one`, 406],
    ['a custom resource', 'PartialObjectMetadataList', () => `${widgets}/one`, 500],
  ])('of %s is not %s', async (_what, kind, path, code) => {
    await cluster.request('POST', CONFIG_MAPS, { metadata: { name: 'one' } });
    expect((await cluster.request('GET', path(), undefined, as(kind))).code).toBe(code);
  });
});

test.each([
  ['a custom resource', () => widgets, 'only the following media types are accepted: '],
  ['a built-in kind', () => CONFIG_MAPS, '406: Not Acceptable\n\nAvailable representations: '],
])('%s is not to be had in a form that is none', async (_what, path, message) => {
  const { body } = await cluster.request('GET', path(), undefined, { accept: 'text/html' });
  expect(body.message).toContain(message);
});

describe('an answer is indented', () => {
  const text = async (query: string, agent: string) =>
    (
      await cluster.send('GET', `${CONFIG_MAPS}/indented${query}`, undefined, {
        'user-agent': agent,
      })
    ).text;

  test('for curl, and where it is asked for', async () => {
    const data = { a: '{"b":[1, "\\"c"]}' };
    await cluster.request('POST', CONFIG_MAPS, { metadata: { name: 'indented' }, data });
    const plain = await text('', 'a-program');
    const indented = JSON.stringify(JSON.parse(plain), null, 2);
    expect([await text('', 'curl/8'), await text('?pretty=true', 'a-program')]).toEqual([
      indented,
      indented,
    ]);
    expect(await text('?pretty=false', 'curl/8')).toBe(plain);
  });
});

describe('a warning is given', () => {
  const warningOf = async (metadata: object) => {
    const sent = { ...aWidget(GROUP, 'warned', {}), metadata: { name: 'warned', ...metadata } };
    return (await cluster.request('POST', `${widgets}?dryRun=All`, sent)).headers.warning;
  };

  test.each([
    ['hold', ''],
    ['example.com', ' including a path (/)'],
  ])('of the finalizer %s of a custom resource', async (finalizer, path) => {
    expect(await warningOf({ finalizers: [finalizer] })).toBe(
      `299 - "metadata.finalizers: \\"${finalizer}\\": prefer a domain-qualified finalizer name${path} to avoid accidental conflicts with other finalizer writers"`,
    );
  });

  test('of an owner that is named twice, which is kept once', async () => {
    const owner = { apiVersion: 'v1', kind: 'X', name: 'x', uid: 'u' };
    expect(await warningOf({ ownerReferences: [owner, owner] })).toContain(
      'duplicate UID(s) observed: u',
    );
  });
});

describe('what a query says is refused', () => {
  const messageOf = async (path: string) => (await cluster.request('GET', path)).body.message;

  test.each([
    ['limit=', 'strconv.ParseInt: parsing "": invalid syntax'],
    [
      'limit=9223372036854775808',
      'strconv.ParseInt: parsing "9223372036854775808": value out of range',
    ],
    [
      'continue=x',
      'invalid continue token: continue key is not valid: illegal base64 data at input byte 0',
    ],
    [
      'continue=eyJ2IjoidjIifQ',
      'invalid continue token: continue key is not valid: server does not recognize this encoded version v2',
    ],
    ['fieldSelector=metadata.name=a=b', 'invalid field selector: unescaped character in value: 61'],
    [
      'watch=true&resourceVersionMatch=Exact',
      'ListOptions.meta.k8s.io "" is invalid: [resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided, resourceVersionMatch: Unsupported value: "Exact": supported values: "NotOlderThan"]',
    ],
  ])('of a list: %s', async (query, message) => {
    expect(await messageOf(`${widgets}?${query}`)).toBe(message);
  });

  test.each([
    ['x', 'resourceVersion: Invalid value: "x": strconv.ParseUint: parsing "x": invalid syntax'],
    ['999999999', 'Timeout: Too large resource version: 999999999, current: '],
  ])('of an object: resourceVersion=%s', async (version, message) => {
    expect(await messageOf(`${widgets}/one?resourceVersion=${version}`)).toContain(message);
  });
});

test('metadata that a patch spoils is blamed on the patch', async () => {
  const { code, body } = await cluster.patch(`${widgets}/one`, {
    metadata: { labels: { a: true } },
  });
  expect([code, body.message]).toEqual([
    422,
    expect.stringMatching(
      /^ "" is invalid: patch: Invalid value: "\{\\"apiVersion\\".*: json: cannot unmarshal bool into Go struct field ObjectMeta.labels of type string$/,
    ),
  ]);
});

describe('a strategic merge patch of the wrong types is shown, and what Go does not make of it', () => {
  const MAP = 'cannot restore map from';
  test.each([
    [{ data: { p: 1 } }, 'map[data:map[p:1]]', 'cannot convert int64 to string'],
    [{ data: [1] }, 'map[data:[1]]', `${MAP} slice`],
    [{ data: 'x' }, 'map[data:x]', `${MAP} string`],
    [
      { data: { p: { y: [1, 2.5, true, 's'] } } },
      'map[data:map[p:map[y:[1 2.5 true s]]]]',
      'unrecognized type: string',
    ],
    [{ immutable: 'x' }, 'map[immutable:x]', 'unrecognized type: bool'],
    [
      { metadata: { finalizers: 'x' } },
      'map[metadata:map[finalizers:x]]',
      'cannot restore slice from string',
    ],
    [
      { metadata: { generation: '1' } },
      'map[metadata:map[generation:1]]',
      'unrecognized type: int64',
    ],
    [
      { metadata: { generation: 1.5 } },
      'map[metadata:map[generation:1.5]]',
      'cannot convert float64 to int64',
    ],
    [
      { binaryData: { x: '!!' } },
      'map[binaryData:map[x:!!]]',
      'error decoding from json: illegal base64 data at input byte 0',
    ],
  ])('%j', async (patch, shown, why) => {
    const maps = '/api/v1/namespaces/default/configmaps';
    await cluster.request('POST', maps, { metadata: { name: 'patched' } });
    const { code, body } = await cluster.patch(`${maps}/patched`, patch, 'strategic');
    const message = ` "" is invalid: patch: Invalid value: ${JSON.stringify(shown)}: ${why}`;
    expect([code, body.message]).toEqual([422, message]);
  });
});

describe('a field selector', () => {
  const within = '/api/v1/namespaces/default';
  const listed = (collection: string, selector: string) =>
    cluster.request('GET', `${within}/${collection}?fieldSelector=${selector}`);

  test.each([
    [
      'configmaps',
      '"nope" is not a known field selector: only "metadata.name", "metadata.namespace"',
    ],
    ['secrets', 'field label not supported: nope'],
    ['services', 'field label not supported: nope'],
    ['events', 'field label not supported: nope'],
  ])('of %s is refused in the words of the kind', async (collection, message) => {
    expect((await listed(collection, 'nope=x')).body.message).toContain(message);
  });

  test('finds services by their type', async () => {
    const spec = { ports: [{ port: 80 }] };
    await cluster.request('POST', `${within}/services`, { metadata: { name: 'one' }, spec });
    const countOf = async (type: string) =>
      (await listed('services', `spec.type=${type}`)).body.items?.length;
    expect([await countOf('ClusterIP'), await countOf('NodePort')]).toEqual([1, 0]);
  });
});
