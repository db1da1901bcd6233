/** Packages and their revisions, as kubectl and tools that look for the active revision see them. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Stored } from '../../../../src/support/kubernetes/objects.js';
import { conditionOf, isConditionTrue } from '../../../../src/support/kubernetes/objects.js';
import { revisionName } from '../../../../src/local/crossplane/packages/revisions.js';
import { aControlPlane, eventually, type ControlPlane, type Loose } from '../a-control-plane.js';

const PACKAGES = 'pkg.crossplane.io/v1';
const NAME = 'function-auto-ready';

describe('the revisions of a package', () => {
  let plane: ControlPlane;
  const installed = () =>
    eventually(async () => {
      const found = await plane.read(PACKAGES, 'Function', { name: NAME });
      return found !== undefined && isConditionTrue(found, 'Healthy') && found;
    });
  const statesOf = async () => {
    const all = await plane.list(PACKAGES, 'FunctionRevision');
    const states = all
      .filter(({ metadata }) => metadata.labels?.['pkg.crossplane.io/package'] === NAME)
      .map(({ spec }) => [spec?.revision, spec?.desiredState]);
    return states.toSorted((a, b) => Number(a[0]) - Number(b[0]));
  };

  beforeAll(async () => {
    plane = await aControlPlane();
  }, 30_000);

  afterAll(() => plane.stop());

  test('begin with an active one that can compose', async () => {
    const { status } = await installed();
    const name = String(status?.currentRevision);
    const revision = await eventually(async () => {
      const found: Stored<Loose> | undefined = await plane.read(PACKAGES, 'FunctionRevision', {
        name,
      });
      return found?.status !== undefined && found;
    });
    expect(revision.spec).toMatchObject({ desiredState: 'Active', revision: 1 });
    expect(revision.status).toMatchObject({
      capabilities: ['composition'],
      endpoint: 'in-process:///crossplane-contrib/function-auto-ready',
    });
    expect(conditionOf(revision, 'RevisionHealthy')?.status).toBe('True');
  });

  test('leave the former one inactive when the package names another image', async () => {
    const image = `xpkg.crossplane.io/crossplane-contrib/${NAME}:v2.0.0`;
    await plane.patch(await installed(), { spec: { package: image } });
    const states = await eventually(async () => {
      const found = await statesOf();
      return (
        found.length === 2 && found[1]?.[1] === 'Active' && found[0]?.[1] === 'Inactive' && found
      );
    });
    expect(states).toEqual([
      [1, 'Inactive'],
      [2, 'Active'],
    ]);
  });

  test('are named after the digest of their image where it is known', () => {
    const image = `xpkg.crossplane.io/crossplane-contrib/${NAME}@sha256:0123456789abcdef`;
    const object = {
      apiVersion: PACKAGES,
      kind: 'Function',
      metadata: { name: NAME },
      spec: { package: image },
    };
    expect(revisionName(object)).toBe(`${NAME}-0123456789ab`);
  });
});
