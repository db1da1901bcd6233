/** Built-in kinds as Go reads and writes them: what is shown though nothing was said, what is kept though it is zero. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Cluster } from '../served-cluster.js';

const CORE = '/api/v1/namespaces/default';
const LEASES = '/apis/coordination.k8s.io/v1/namespaces/default/leases';
const NEW_EVENTS = '/apis/events.k8s.io/v1/namespaces/default/events';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await Cluster.start();
});
afterAll(() => cluster.discard());

/** What becomes of it, without keeping it. */
async function tried(path: string, object: object) {
  const sent = { metadata: { name: 'tried' }, ...object };
  const { code, body } = await cluster.request('POST', `${path}?dryRun=All`, sent);
  const { metadata, ...rest } = body;
  return { code, body: rest, fields: metadata.managedFields?.map(({ fieldsV1 }) => fieldsV1) };
}

const messageOf = async (path: string, object: object) => (await tried(path, object)).body.message;

describe('a Lease', () => {
  test('shows its times in microseconds of UTC', async () => {
    const { body } = await tried(LEASES, {
      spec: { renewTime: '2026-01-01T02:00:00.500000+02:00' },
    });
    expect(body.spec).toEqual({ renewTime: '2026-01-01T00:00:00.500000Z' });
  });

  test.each([
    ['2026-01-01T00:00:00Z', 'cannot parse "Z" as ".000000"'],
    ['2026-01-01', 'cannot parse "" as "T"'],
    ['', 'cannot parse "" as "2006"'],
    ['2026-01-01t00:00:00.000000z', 'cannot parse "t00:00:00.000000z" as "T"'],
  ])('does not take %j for a time', async (renewTime, why) => {
    expect(await messageOf(LEASES, { spec: { renewTime } })).toBe(
      `Lease in version "v1" cannot be handled as a Lease: parsing time ${JSON.stringify(renewTime)} as "2006-01-02T15:04:05.000000Z07:00": ${why}`,
    );
  });

  test.each([
    ['2026-13-01T00:00:00.000000Z', 'month'],
    ['2026-02-30T00:00:00.000000Z', 'day'],
    ['2026-01-01T24:00:00.000000Z', 'hour'],
  ])('does not take %j, of which the %s is out of range', async (renewTime, what) => {
    expect(await messageOf(LEASES, { spec: { renewTime } })).toContain(`: ${what} out of range`);
  });

  test.each([
    ['nothing', {}, {}],
    ['an empty holder', { spec: { holderIdentity: '' } }, { holderIdentity: '' }],
    ['no transitions yet', { spec: { leaseTransitions: 0 } }, { leaseTransitions: 0 }],
    ['a strategy, which is off', { spec: { strategy: 'OldestEmulationVersion' } }, {}],
  ])('of which %s is said shows its spec', async (_said, sent, spec) => {
    expect((await tried(LEASES, sent)).body.spec).toEqual(spec);
  });

  test('names the struct of a field of the wrong type', async () => {
    expect(await messageOf(LEASES, { spec: { leaseDurationSeconds: 1.5 } })).toBe(
      'Lease in version "v1" cannot be handled as a Lease: json: cannot unmarshal number 1.5 into Go struct field LeaseSpec.spec.leaseDurationSeconds of type int32',
    );
  });
});

describe('an Event', () => {
  const events = `${CORE}/events`;
  const involvedObject = { kind: 'Pod', name: 'p', namespace: 'default' };

  test('shows what nothing was said of, and owns what it is about as a whole', async () => {
    const { body, fields } = await tried(events, { involvedObject, count: 0 });
    expect(body).toEqual({
      kind: 'Event',
      apiVersion: 'v1',
      involvedObject,
      source: {},
      firstTimestamp: null,
      lastTimestamp: null,
      eventTime: null,
      reportingComponent: '',
      reportingInstance: '',
    });
    expect(fields).toEqual([{ 'f:involvedObject': {} }]);
  });

  test('that has a time is held to more than one of before', async () => {
    const { code, body } = await tried(events, {
      involvedObject,
      eventTime: '2026-01-01T00:00:00.000000Z',
      message: 'm'.repeat(1025),
    });
    expect([code, body.details?.causes?.map(({ field }) => field)]).toEqual([
      422,
      [
        'reportingComponent',
        'reportingComponent',
        'reportingInstance',
        'action',
        'reason',
        'message',
      ],
    ]);
  });

  test('of events.k8s.io is refused as one of the core group', async () => {
    expect(
      await messageOf(NEW_EVENTS, { regarding: involvedObject, deprecatedCount: 1, series: {} }),
    ).toBe(
      'Event "tried" is invalid: [series.count: Invalid value: "": should be at least 2, series.lastObservedTime: Required value, eventTime: Required value, type: Invalid value: "": has invalid value: , count: Invalid value: "": needs to be unset]',
    );
  });
});

describe('a Secret', () => {
  test.each([
    ['YWJj\n', 'YWJj'],
    ['YWJ=', 'YWI='],
  ])('shows %j as it is encoded again', async (a, shown) => {
    expect((await tried(`${CORE}/secrets`, { data: { a } })).body.data).toEqual({ a: shown });
  });

  test.each([
    ['YW==Jj', 4],
    ['YWJ', 0],
    ['YWJjY', 4],
    ['YW Jj', 2],
    ['Y===', 1],
    ['YW=a', 2],
  ])('with %j says at which byte it is wrong', async (a, byte) => {
    expect(await messageOf(`${CORE}/secrets`, { data: { a } })).toBe(
      `Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte ${byte}`,
    );
  });
});

describe('what the server fills in is nobody’s', () => {
  test('of a Namespace: its finalizer', async () => {
    const { fields } = await tried('/api/v1/namespaces', {});
    expect(fields).toEqual([
      { 'f:metadata': { 'f:labels': { '.': {}, 'f:kubernetes.io/metadata.name': {} } } },
    ]);
  });

  test('of a Role without rules: their absence', async () => {
    const { body, fields } = await tried('/apis/rbac.authorization.k8s.io/v1/clusterroles', {});
    expect([body, fields]).toEqual([expect.objectContaining({ rules: null }), undefined]);
  });
});

test('a Namespace with a finalizer that is not qualified is refused', async () => {
  expect(await messageOf('/api/v1/namespaces', { spec: { finalizers: ['bad'] } })).toBe(
    'Namespace "tried" is invalid: spec.finalizers: Invalid value: "bad": name is neither a standard finalizer name nor is it fully qualified',
  );
});

test('a binding of a service account with a group, to a role with a slash, is refused for both', async () => {
  const { body } = await tried('/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'a/b' },
    subjects: [{ kind: 'ServiceAccount', name: 'a', namespace: 'b', apiGroup: 'c' }],
  });
  expect(body.details?.causes?.map(({ field }) => field)).toEqual([
    'roleRef.name',
    'subjects[0].apiGroup',
  ]);
});
