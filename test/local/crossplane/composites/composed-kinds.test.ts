/** What becomes of a composite whose resources are of a kind that is not there. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { conditionOf, isConditionTrue } from '../../../../src/support/kubernetes/objects.js';
import { aControlPlane, eventually, type ControlPlane } from '../a-control-plane.js';
import { aDefinition, GROUP, TYPE } from '../a-definition.js';

const SHOP = `${GROUP}/v1`;
const ODD = { apiVersion: 'odd.example.org/v1', kind: 'Oddity' };

describe('a composite', () => {
  let plane: ControlPlane;
  const composite = () => plane.read(SHOP, 'XThing', { name: 'top' });
  beforeAll(async () => {
    plane = await aControlPlane();
    const { apiVersion, kind, metadata, spec } = aDefinition();
    const name = metadata.name;
    await plane.create({ apiVersion, kind, metadata: { name }, spec });
    await eventually(async () => {
      const definition = await plane.read(apiVersion, kind, { name });
      return definition !== undefined && isConditionTrue(definition, 'Established');
    });
    await plane.create({ ...TYPE, metadata: { name: 'top' }, spec: {} });
  }, 30_000);
  afterAll(() => plane.stop());

  test('is not labelled before it has a Composition', async () => {
    const found = await eventually(async () => {
      const current = await composite();
      return current !== undefined && conditionOf(current, 'Synced') && current;
    });
    expect(found.metadata.labels).toBeUndefined();
  });

  test('refers to what it cannot compose, and says that the kind is missing', async () => {
    await plane.create({
      apiVersion: 'apiextensions.crossplane.io/v1',
      kind: 'Composition',
      metadata: { name: 'main' },
      spec: {
        compositeTypeRef: TYPE,
        mode: 'Pipeline',
        pipeline: [
          {
            step: 'patch',
            functionRef: { name: 'function-patch-and-transform' },
            input: {
              apiVersion: 'pt.fn.crossplane.io/v1beta1',
              kind: 'Resources',
              resources: [{ name: 'odd', base: { ...ODD, spec: {} } }],
            },
          },
        ],
      },
    });
    const WHY =
      'cannot compose resources: cannot get existing composed resources: cannot get composed resource: no matches for kind "Oddity" in version "odd.example.org/v1"';
    const stuck = await eventually(async () => {
      const current = await composite();
      return current !== undefined && conditionOf(current, 'Synced')?.message === WHY && current;
    });
    expect(stuck.spec?.resourceRefs).toEqual([
      { ...ODD, name: expect.stringMatching(/^top-/) as unknown },
    ]);
  });

  test('composes it once the kind is there', async () => {
    await plane.create({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'oddities.odd.example.org' },
      spec: {
        group: 'odd.example.org',
        scope: 'Cluster',
        names: {
          kind: 'Oddity',
          listKind: 'OddityList',
          plural: 'oddities',
          singular: 'oddity',
        },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schema: {
              openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
            },
          },
        ],
      },
    });
    const healed = await eventually(async () => {
      const current = await composite();
      return current !== undefined && isConditionTrue(current, 'Synced') && current;
    });
    expect(healed.spec?.resourceRefs).toHaveLength(1);
    expect(await plane.list(ODD.apiVersion, ODD.kind)).toHaveLength(1);
  });
});
