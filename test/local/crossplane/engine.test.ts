/** The engine on a served Kubernetes API: one claim from its definition to its deletion. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  conditionOf,
  isConditionTrue,
  type Stored,
} from '../../../src/support/kubernetes/objects.js';
import {
  aControlPlane,
  CLOUD,
  eventually,
  type ControlPlane,
  type Loose,
} from './a-control-plane.js';
import { aComposition, aDefinition, GROUP, TYPE } from './a-definition.js';

const SHOP = `${GROUP}/v1`;
const CLAIM = { namespace: 'default', name: 'dev' };

function composing(...templates: readonly string[]): Loose {
  const resources = templates.map((name) => ({
    name,
    base: { apiVersion: CLOUD, kind: 'Bucket', spec: {} },
    patches: [
      { type: 'FromCompositeFieldPath', fromFieldPath: 'spec.size', toFieldPath: 'spec.size' },
      { type: 'ToCompositeFieldPath', fromFieldPath: 'status.arn', toFieldPath: 'status.arn' },
    ],
  }));
  const input = { apiVersion: 'pt.fn.crossplane.io/v1beta1', kind: 'Resources', resources };
  const { apiVersion, kind } = aComposition();
  return {
    apiVersion,
    kind,
    metadata: { name: 'main' },
    spec: {
      compositeTypeRef: TYPE,
      pipeline: [
        { step: 'compose', functionRef: { name: 'function-patch-and-transform' }, input },
        { step: 'ready', functionRef: { name: 'function-auto-ready' } },
      ],
    },
  };
}

const isOf =
  (claim: string) =>
  ({ metadata }: Stored): boolean =>
    metadata.labels?.['crossplane.io/claim-name'] === claim;

describe('a claim', () => {
  let plane: ControlPlane;
  const claim = () => plane.read(SHOP, 'Thing', CLAIM);
  const composite = async () => (await plane.list(SHOP, 'XThing')).find(isOf('dev'));
  const bucket = (of = 'dev') => plane.list(CLOUD, 'Bucket').then((all) => all.find(isOf(of)));
  const composeAnother = async (name: string) => {
    const metadata = { ...CLAIM, name };
    await plane.create({ apiVersion: SHOP, kind: 'Thing', metadata, spec: {} });
    await eventually(() => bucket(name));
  };
  const provide = (object: Stored<Loose>, status: 'True' | 'False') =>
    plane.patch(
      object,
      {
        status: {
          arn: 'arn:bucket',
          conditions: [
            {
              type: 'Ready',
              status,
              reason: 'Observed',
              lastTransitionTime: '2026-01-15T12:00:00Z',
            },
          ],
        },
      },
      'status',
    );

  beforeAll(async () => {
    plane = await aControlPlane();
    const { apiVersion, kind, metadata, spec } = aDefinition();
    await plane.create({ apiVersion, kind, metadata: { name: metadata.name }, spec });
    await eventually(async () => {
      const definition = await plane.read(apiVersion, kind, { name: metadata.name });
      return definition !== undefined && isConditionTrue(definition, 'Offered');
    });
    await plane.create(composing('bucket'));
    await eventually(async () => {
      const [revision] = await plane.list(apiVersion, 'CompositionRevision');
      return revision !== undefined && isConditionTrue(revision, 'ValidPipeline');
    });
    await plane.create({
      apiVersion: SHOP,
      kind: 'Thing',
      metadata: CLAIM,
      spec: { size: 3 },
    });
  }, 30_000);

  afterAll(() => plane.stop());

  test('is bound to a composite, which composes its resources', async () => {
    const made = await eventually(() => bucket());
    expect(made.spec).toEqual({ size: 3 });
    const x = await eventually(composite);
    expect(x.spec?.claimRef).toMatchObject(CLAIM);
    expect((await claim())?.spec?.resourceRef).toMatchObject({ name: x.metadata.name });
  });

  test('waits, and says that it does, until its resources are ready', async () => {
    const waiting = await eventually(async () => {
      const found = await claim();
      return found !== undefined && conditionOf(found, 'Ready') !== undefined && found;
    });
    expect(conditionOf(waiting, 'Ready')).toMatchObject({ status: 'False', reason: 'Waiting' });
  });

  test('is ready, and has their status, once they are', async () => {
    await provide(await eventually(() => bucket()), 'True');
    const ready = await eventually(async () => {
      const found = await claim();
      return found !== undefined && isConditionTrue(found, 'Ready') && found;
    });
    expect(ready.status).toMatchObject({ arn: 'arn:bucket' });
  });

  test('needs no pass, and no write, once it is ready', async () => {
    const state = async () => [
      plane.passesOf('dev'),
      ...[await claim(), await composite(), await bucket()].map((x) => x?.metadata.resourceVersion),
    ];
    // The engine takes changes in order: when a later claim is composed, nothing of this one is still to come.
    await composeAnother('first');
    const before = await state();
    await composeAnother('second');
    expect(await state()).toEqual(before);
    expect(plane.passesOf('dev')).toBeLessThanOrEqual(4);
  });

  test('has drift undone', async () => {
    await plane.patch(await eventually(() => bucket()), { spec: { size: 99 } });
    const restored = await eventually(async () => {
      const found = await bucket();
      return found?.spec?.size === 3 && found;
    });
    expect(restored.spec).toEqual({ size: 3 });
  });

  test('has its change carried to its resources', async () => {
    await plane.patch(await eventually(claim), { spec: { size: 4 } });
    const changed = await eventually(async () => {
      const found = await bucket();
      return found?.spec?.size === 4 && found;
    });
    expect(changed.metadata.labels).toMatchObject({ 'crossplane.io/claim-name': 'dev' });
  });

  test('has its composite looked at when a person asks for it by annotation', async () => {
    const passes = plane.passesOf('dev');
    const annotations = { 'crossplane.io/reconcile-requested-at': '2026-01-15T12:00:00Z' };
    await plane.patch(await eventually(composite), { metadata: { annotations } });
    const told = await eventually(async () => {
      const events = await plane.list('v1', 'Event');
      return events.find(
        (event) => 'reason' in event && event.reason === 'ReconcileRequestHandled',
      );
    });
    expect(told).toMatchObject({ type: 'Normal', message: 'Handling reconcile request' });
    await eventually(() => Promise.resolve(plane.passesOf('dev') > passes));
  });

  test('does not know a composite that it was bound to in another version', async () => {
    const key = { ...CLAIM, name: 'older' };
    const claimRef = { apiVersion: `${GROUP}/v0`, kind: 'Thing', ...key };
    await plane.create({ ...TYPE, metadata: { name: 'bound' }, spec: { claimRef } });
    const resourceRef = { ...TYPE, name: 'bound' };
    await plane.create({ apiVersion: SHOP, kind: 'Thing', metadata: key, spec: { resourceRef } });
    const refused = await eventually(async () => {
      const current = await plane.read(SHOP, 'Thing', key);
      return current !== undefined && conditionOf(current, 'Synced');
    });
    expect(refused).toMatchObject({
      status: 'False',
      message:
        'refusing to operate on composite resource "bound" that is not bound to this claim: bound to claim "older"',
    });
  });

  test('says that it goes while somebody else holds it', async () => {
    await composeAnother('held');
    const key = { ...CLAIM, name: 'held' };
    const held = await plane.read(SHOP, 'Thing', key);
    if (held === undefined) throw new Error('no claim');
    const finalizers = [...(held.metadata.finalizers ?? []), 'example.org/hold'];
    await plane.patch(held, { metadata: { finalizers } });
    await plane.client.delete(await plane.client.resourceType(SHOP, 'Thing'), key);
    const going = await eventually(async () => {
      const { metadata, status } = (await plane.read(SHOP, 'Thing', key)) ?? {};
      return metadata?.finalizers?.length === 1 && status !== undefined
        ? (status.conditions as { type: string; reason: string }[]).find(
            ({ type, reason }) => type === 'Ready' && reason === 'Deleting',
          )
        : undefined;
    });
    expect(going).toMatchObject({ status: 'False' });
    await plane.patch(held, { metadata: { finalizers: [] } });
  });

  test('goes with everything that it made', async () => {
    const type = await plane.client.resourceType(SHOP, 'Thing');
    await plane.client.delete(type, CLAIM);
    const isGone = await eventually(
      async () =>
        (await claim()) === undefined &&
        (await composite()) === undefined &&
        (await bucket()) === undefined,
    );
    expect(isGone).toBe(true);
  });
});

test('A Composition that composes itself is stopped after a few levels, and says how it goes round', async () => {
  const plane = await aControlPlane();
  try {
    const { apiVersion, kind, metadata, spec } = aDefinition();
    await plane.create({ apiVersion, kind, metadata: { name: metadata.name }, spec });
    await eventually(async () => {
      const definition = await plane.read(apiVersion, kind, { name: metadata.name });
      return definition !== undefined && isConditionTrue(definition, 'Established');
    });
    const round = composing('itself');
    const [compose] = (round.spec as { pipeline: [{ input: { resources: [{ base: object }] } }] })
      .pipeline;
    compose.input.resources[0].base = { ...TYPE, spec: {} };
    await plane.create(round);
    await plane.create({ ...TYPE, metadata: { name: 'top' }, spec: {} });
    const stopped = await eventually(async () => {
      const all = await plane.list(SHOP, 'XThing');
      return all.find((x) => conditionOf(x, 'Synced')?.message?.includes('composes itself'));
    });
    expect(conditionOf(stopped, 'Synced')).toMatchObject({
      status: 'False',
      message: expect.stringMatching(
        /Composition "main" composes itself, by way of XThing top → XThing top-/,
      ),
    });
    expect(await plane.list(SHOP, 'XThing')).toHaveLength(5);
  } finally {
    await plane.stop();
  }
}, 30_000);
