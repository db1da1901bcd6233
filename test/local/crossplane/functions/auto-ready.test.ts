import { describe, expect, test } from '@jest/globals';
import { autoReady } from '../../../../src/local/crossplane/functions/auto-ready.js';
import type {
  JsonObject,
  Ready,
  RunFunctionResponse,
} from '../../../../src/local/crossplane/functions/protocol.js';

const BUCKET = { apiVersion: 's3.aws.upbound.io/v1beta2', kind: 'Bucket' };
const readyIs = (status: string): JsonObject => ({
  status: { conditions: [{ type: 'Ready', status }] },
});

const judge = (observed: JsonObject | undefined, ready?: Ready): Promise<RunFunctionResponse> =>
  autoReady({
    observed: { resources: observed === undefined ? {} : { it: { resource: observed } } },
    desired: { resources: { it: { resource: BUCKET, ...(ready === undefined ? {} : { ready }) } } },
  });

describe('a desired resource', () => {
  test('is ready when the observed one has the condition Ready=True', async () => {
    const { desired } = await judge({ ...BUCKET, ...readyIs('True') });
    expect(desired.resources.it?.ready).toBe('READY_TRUE');
  });

  test.each([
    { sentence: 'stays undecided when it does not exist yet', observed: undefined },
    {
      sentence: 'stays undecided when its condition is False',
      observed: { ...BUCKET, ...readyIs('False') },
    },
    { sentence: 'stays undecided when it has no conditions', observed: BUCKET },
  ])('$sentence', async ({ observed }) => {
    const { desired } = await judge(observed);
    expect(desired.resources.it?.ready).toBeUndefined();
  });

  test.each<Ready>(['READY_FALSE', 'READY_TRUE'])(
    'keeps %s from a function before this one',
    async (ready) => {
      const { desired } = await judge(
        { ...BUCKET, ...readyIs(ready === 'READY_TRUE' ? 'False' : 'True') },
        ready,
      );
      expect(desired.resources.it?.ready).toBe(ready);
    },
  );
});

describe('a built-in kind', () => {
  const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', spec: { replicas: 2 } };
  const available = [{ type: 'Available', status: 'True' }];
  const service = { apiVersion: 'v1', kind: 'Service' };
  const pod = { apiVersion: 'v1', kind: 'Pod' };
  const job = { apiVersion: 'batch/v1', kind: 'Job' };
  test.each([
    {
      sentence: 'without a state is ready once it exists',
      is: true,
      resource: { apiVersion: 'v1', kind: 'Secret' },
    },
    {
      sentence: 'Deployment is ready with all replicas updated and available',
      is: true,
      resource: {
        ...deployment,
        status: { updatedReplicas: 2, availableReplicas: 2, conditions: available },
      },
    },
    {
      sentence: 'Deployment is not ready while a replica is missing',
      is: false,
      resource: {
        ...deployment,
        status: { updatedReplicas: 2, availableReplicas: 1, conditions: available },
      },
    },
    { sentence: 'Service is ready at once inside the cluster', is: true, resource: service },
    {
      sentence: 'Service waits for its load balancer',
      is: false,
      resource: { ...service, spec: { type: 'LoadBalancer' } },
    },
    {
      sentence: 'Job is ready when complete',
      is: true,
      resource: { ...job, status: { conditions: [{ type: 'Complete', status: 'True' }] } },
    },
    {
      sentence: 'Job is not ready when it failed first',
      is: false,
      resource: {
        ...job,
        status: {
          conditions: [
            { type: 'Failed', status: 'True' },
            { type: 'Complete', status: 'True' },
          ],
        },
      },
    },
    {
      sentence: 'Pod that no rule calls healthy goes by its condition',
      is: true,
      resource: {
        ...pod,
        spec: { restartPolicy: 'Never' },
        status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
      },
    },
    {
      sentence: 'Pod that runs is not ready without that condition',
      is: false,
      resource: { ...pod, spec: { restartPolicy: 'Never' }, status: { phase: 'Running' } },
    },
    {
      sentence: 'Role has no rule and no condition',
      is: false,
      resource: { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role' },
    },
    {
      sentence: 'of another group goes by its condition',
      is: false,
      resource: { apiVersion: 'x/v1', kind: 'Secret' },
    },
  ])('$sentence', async ({ is, resource }) => {
    const { desired } = await judge(resource);
    expect(desired.resources.it?.ready === 'READY_TRUE').toBe(is);
  });
});

test('A setting that is not supported is refused, not ignored', async () => {
  const { results } = await autoReady({
    observed: { resources: {} },
    desired: { resources: {} },
    input: { apiVersion: 'autoready.fn.crossplane.io/v1beta1', kind: 'Input', healthChecks: [] },
  });
  expect(results.map(({ severity }) => severity)).toEqual(['SEVERITY_FATAL']);
});

test('Meta and context are passed on', async () => {
  const { meta, context } = await autoReady({
    meta: { tag: 't' },
    context: { a: 1 },
    observed: { resources: {} },
    desired: { resources: {} },
  });
  expect({ tag: meta?.tag, context }).toEqual({ tag: 't', context: { a: 1 } });
});
