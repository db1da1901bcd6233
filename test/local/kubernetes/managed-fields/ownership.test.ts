/** Who owns which fields: from client-side to server-side apply, what is taken by force, what a client sets itself. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { aWidget, Cluster } from '../served-cluster.js';

const GROUP = 'owned.example.com';
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
const SPEC = {
  type: 'object',
  'x-kubernetes-preserve-unknown-fields': true,
  properties: {
    embedded: {
      type: 'object',
      'x-kubernetes-embedded-resource': true,
      'x-kubernetes-preserve-unknown-fields': true,
    },
    set: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'integer' } },
  },
};

let cluster: Cluster;
let widgets: string;

beforeAll(async () => {
  cluster = await Cluster.start();
  widgets = await cluster.widgets(GROUP, SPEC);
});
afterAll(() => cluster.discard());

interface Widget {
  readonly spec: Record<string, unknown>;
  readonly metadata: {
    readonly annotations?: Record<string, string>;
    readonly managedFields?: { manager: string; subresource?: string; fieldsV1: object }[];
  };
}

async function apply(name: string, manager: string, config: object | string, query = '') {
  const path = `${widgets}/${name}?fieldManager=${manager}${query}`;
  const { code, body } = await cluster.patch(path, config, 'apply');
  return { code, message: body.message, widget: body as unknown as Widget };
}

function fieldsOf({ metadata }: Widget, manager: string): object | undefined {
  return metadata.managedFields?.find((entry) => entry.manager === manager)?.fieldsV1;
}

describe('an object that kubectl applied on the client', () => {
  const appliedBefore = async (name: string, spec: object) => {
    const config = aWidget(GROUP, name, spec);
    const annotations = { [LAST_APPLIED]: JSON.stringify(config) };
    await cluster.request('POST', `${widgets}?fieldManager=kubectl-client-side-apply`, {
      ...config,
      metadata: { name, annotations },
    });
  };

  test('is applied by kubectl on the server without conflict, and says so in its annotation', async () => {
    await appliedBefore('moved', { a: 1, b: '<2>' });
    const { code, widget } = await apply(
      'moved',
      'kubectl',
      aWidget(GROUP, 'moved', { a: 2, b: '<2>' }),
    );
    expect([code, widget.metadata.annotations?.[LAST_APPLIED]]).toEqual([
      200,
      `{"apiVersion":"${GROUP}/v1","kind":"Widget","metadata":{"name":"moved"},"spec":{"a":2,"b":"\\u003c2\\u003e"}}\n`,
    ]);
  });

  test('conflicts where it was changed since, and there alone', async () => {
    await appliedBefore('changed', { a: 1, b: 1 });
    await cluster.patch(`${widgets}/changed?fieldManager=other`, { spec: { b: 5 } });
    const { code, message } = await apply(
      'changed',
      'kubectl',
      aWidget(GROUP, 'changed', { a: 2, b: 2 }),
    );
    expect([code, message]).toEqual([
      409,
      `Apply failed with 1 conflict: conflict with "other" using ${GROUP}/v1: .spec.b`,
    ]);
  });

  test('conflicts with every other manager', async () => {
    await appliedBefore('foreign', { a: 1 });
    const { code } = await apply('foreign', 'somebody', aWidget(GROUP, 'foreign', { a: 2 }));
    expect(code).toBe(409);
  });
});

describe('an apply', () => {
  test('that puts a number where an object was takes what was in the object', async () => {
    await apply('taken', 'a', aWidget(GROUP, 'taken', { z: { x: { y: 1 } } }));
    const { widget } = await apply('taken', 'b', aWidget(GROUP, 'taken', { z: 5 }), '&force=true');
    expect([fieldsOf(widget, 'a'), fieldsOf(widget, 'b')]).toEqual([
      undefined,
      { 'f:spec': { 'f:z': {} } },
    ]);
  });

  test('of an object within an object owns the metadata of that field by field', async () => {
    const embedded = { apiVersion: 'v1', kind: 'X', metadata: { name: 'x', labels: { a: 'b' } } };
    const { widget } = await apply('within', 'a', aWidget(GROUP, 'within', { embedded }));
    expect(fieldsOf(widget, 'a')).toEqual({
      'f:spec': {
        'f:embedded': {
          'f:apiVersion': {},
          'f:kind': {},
          'f:metadata': { 'f:labels': { 'f:a': {} }, 'f:name': {} },
        },
      },
    });
  });

  test('of a status owns the labels beside it, though they are not kept', async () => {
    await apply('stated', 'a', aWidget(GROUP, 'stated', {}));
    const config = {
      ...aWidget(GROUP, 'stated', {}),
      metadata: { name: 'stated', labels: { a: 'b' } },
    };
    const { widget } = await apply('stated/status', 's', config);
    expect(fieldsOf(widget, 's')).toEqual({ 'f:metadata': { 'f:labels': { 'f:a': {} } } });
  });

  test.each([
    {
      sentence: 'a null in a set',
      config: { spec: { set: [null] } },
      why: '.spec.set: element 0: ',
    },
    {
      sentence: 'a label that is a number',
      config: { metadata: { labels: { a: 1 } } },
      why: '.metadata.labels.a: ',
    },
  ])('of $sentence is refused before its name is looked for', async ({ config, why }) => {
    const { code, message } = await apply('none', 'a', {
      apiVersion: `${GROUP}/v1`,
      kind: 'Widget',
      ...config,
    });
    expect([code, message]).toEqual([
      500,
      expect.stringContaining(`create typed patch object (/; ${GROUP}/v1, Kind=Widget): ${why}`),
    ]);
  });

  test('in a type that is none lists those that are taken', async () => {
    const { message } = (
      await cluster.request(
        'PATCH',
        `${widgets}/one?fieldManager=a`,
        {},
        { 'content-type': 'text/plain' },
      )
    ).body;
    expect(message).toContain('accepted media types include: application/json-patch+json');
  });
});

describe('managed fields', () => {
  const entry = (operation: string) => ({
    manager: 'set',
    operation,
    apiVersion: `${GROUP}/v1`,
    fieldsType: 'FieldsV1',
    fieldsV1: { 'f:spec': { 'f:a': {} } },
  });

  test('are taken from a client that sets them', async () => {
    await apply('given', 'a', aWidget(GROUP, 'given', { a: 1 }));
    const patch = { metadata: { managedFields: [entry('Update')] } };
    const { body } = await cluster.patch(`${widgets}/given`, patch);
    expect(body.metadata.managedFields?.map(({ manager }) => manager)).toEqual(['set']);
  });

  test('that are none are left aside', async () => {
    await apply('kept', 'a', aWidget(GROUP, 'kept', { a: 1 }));
    const patch = { metadata: { managedFields: [entry('Guess')] } };
    const { body } = await cluster.patch(`${widgets}/kept`, patch);
    expect(body.metadata.managedFields?.map(({ manager }) => manager)).toEqual(['a']);
  });

  test('begin again without the status, which has managers of its own', async () => {
    await apply('again', 'a', aWidget(GROUP, 'again', { a: 1 }));
    await cluster.patch(`${widgets}/again/status`, { status: { ready: true } });
    await cluster.patch(`${widgets}/again`, { metadata: { managedFields: [{}] } });
    const { widget } = await apply('again', 'b', aWidget(GROUP, 'again', { b: 1 }));
    expect(fieldsOf(widget, 'before-first-apply')).toEqual({
      'f:spec': { '.': {}, 'f:a': {} },
    });
  });
});

test('an update without a resourceVersion is refused by the name of the resource', async () => {
  await apply('stale', 'a', aWidget(GROUP, 'stale', {}));
  const { body } = await cluster.request('PUT', `${widgets}/stale`, aWidget(GROUP, 'stale', {}));
  expect(body.message).toContain(`widgets.${GROUP} "stale" is invalid: metadata.resourceVersion`);
});
