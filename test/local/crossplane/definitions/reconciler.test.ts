/** A definition over its life: what is told when it changes, and what its end takes along. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { conditionOf, isConditionTrue } from '../../../../src/support/kubernetes/objects.js';
import { aControlPlane, eventually, type ControlPlane, type Loose } from '../a-control-plane.js';
import { aModernDefinition, GROUP, TYPE } from '../a-definition.js';

describe('a definition of namespaced composites', () => {
  let plane: ControlPlane;
  const { apiVersion, kind, metadata, spec } = aModernDefinition('Namespaced');
  const NAME = { name: metadata.name };
  const definition = () => plane.read(apiVersion, kind, NAME);
  const KEY = { namespace: 'default', name: 'one' };
  beforeAll(async () => {
    plane = await aControlPlane();
    await plane.create({ apiVersion, kind, metadata: NAME, spec });
    await eventually(async () => {
      const current = await definition();
      return current !== undefined && isConditionTrue(current, 'Established');
    });
    await plane.create({ ...TYPE, metadata: KEY, spec: {} });
  }, 30_000);
  afterAll(() => plane.stop());

  test('tells that its controller is started again when it changes', async () => {
    const current = await definition();
    if (current === undefined) throw new Error('no definition');
    await plane.patch(current, { spec: { metadata: { labels: { team: 'shop' } } } });
    const told = await eventually(async () => {
      const events = (await plane.list('v1', 'Event')) as (Loose & { reason?: string })[];
      return events.find(({ reason }) => reason === 'RestartComposite');
    });
    expect(told).toMatchObject({
      type: 'Normal',
      message: 'XRD specification changed; restarting controller to apply updates',
    });
  });

  test('waits with its end until they were deleted, and does not delete them', async () => {
    const type = await plane.client.resourceType(apiVersion, kind);
    await plane.client.delete(type, NAME);
    await eventually(async () => {
      const events = (await plane.list('v1', 'Event')) as (Loose & { message?: string })[];
      return events.find(
        ({ message }) => message === 'waiting for defined composite resources to be deleted',
      );
    });
    const going = await definition();
    expect(going && conditionOf(going, 'Established')).toMatchObject({
      reason: 'TerminatingCompositeResource',
    });
    const left = await plane.read(TYPE.apiVersion, TYPE.kind, KEY);
    expect(left?.metadata.deletionTimestamp).toBeUndefined();
  });

  test('goes once they have gone', async () => {
    await plane.client.delete(await plane.client.resourceType(`${GROUP}/v1`, TYPE.kind), KEY);
    expect(await eventually(async () => (await definition()) === undefined)).toBe(true);
  });
});

test('A definition that cannot be made into a CRD is told why, and may go at any time', async () => {
  const plane = await aControlPlane();
  try {
    const { apiVersion, kind, spec } = aModernDefinition('Cluster');
    const name = `xthings.${GROUP}`;
    const versions = [{ name: 'v1', served: true, referenceable: true }];
    await plane.create({ apiVersion, kind, metadata: { name }, spec: { ...spec, versions } });
    const told = await eventually(async () => {
      const events = (await plane.list('v1', 'Event')) as (Loose & { reason?: string })[];
      return events.find(({ reason }) => reason === 'RenderCRD');
    });
    expect(told).toMatchObject({
      source: { component: expect.stringMatching(/^defined\//) as unknown },
    });
    expect((await plane.read(apiVersion, kind, { name }))?.metadata.finalizers).toBeUndefined();
  } finally {
    await plane.stop();
  }
}, 30_000);
