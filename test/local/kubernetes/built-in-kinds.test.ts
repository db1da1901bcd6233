/** Deployments, scaled kinds and Secrets, as clients see them: defaults filled in, columns, who scaled, what is refused. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { aWidget, Cluster } from './served-cluster.js';

const GROUP = 'scaled.example.com';
const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments';
const TABLE = { accept: 'application/json;as=Table;g=meta.k8s.io;v=v1' };

let cluster: Cluster;
let widgets: string;

beforeAll(async () => {
  cluster = await Cluster.start();
  const spec = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  widgets = await cluster.widgets(GROUP, spec, {
    subresources: {
      status: {},
      scale: { specReplicasPath: '.spec.size', statusReplicasPath: '.status.size' },
    },
  });
});
afterAll(() => cluster.discard());

function aDeployment(name: string, container: object, pod: object = {}) {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      selector: { matchLabels: { app: name } },
      strategy: {},
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: 'c', image: 'nginx', ...container }], ...pod },
      },
    },
  };
}

interface Spec {
  readonly strategy: unknown;
  readonly template: { readonly spec: { readonly containers: object[] } };
}

async function created(name: string, container: object, pod: object = {}): Promise<Spec> {
  const reply = await cluster.request('POST', DEPLOYMENTS, aDeployment(name, container, pod));
  return reply.body.spec as Spec;
}

async function tried(container: object): Promise<Spec> {
  const sent = aDeployment('tried', container);
  return (await cluster.request('POST', `${DEPLOYMENTS}?dryRun=All`, sent)).body.spec as Spec;
}

describe('a Deployment', () => {
  test('has the defaults of its pods and of its strategy', async () => {
    const { strategy, template } = await created('plain', {});
    expect(strategy).toEqual({
      type: 'RollingUpdate',
      rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' },
    });
    expect(template.spec).toEqual({
      containers: [
        {
          name: 'c',
          image: 'nginx',
          imagePullPolicy: 'Always',
          resources: {},
          terminationMessagePath: '/dev/termination-log',
          terminationMessagePolicy: 'File',
        },
      ],
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      dnsPolicy: 'ClusterFirst',
      securityContext: {},
      schedulerName: 'default-scheduler',
    });
  });

  test.each([
    { image: 'nginx:latest', policy: 'Always' },
    { image: 'nginx:1.2', policy: 'IfNotPresent' },
    { image: 'registry.example.com:5000/nginx', policy: 'Always' },
    { image: `nginx@sha256:${'0'.repeat(64)}`, policy: 'IfNotPresent' },
  ])('of $image is pulled $policy', async ({ image, policy }) => {
    const name = `of-${image.replaceAll(/[^a-z0-9]/g, '-').slice(0, 30)}`;
    const { template } = await created(name, { image });
    expect(template.spec.containers[0]).toMatchObject({ imagePullPolicy: policy });
  });

  test('has the defaults of ports, probes, variables and volumes', async () => {
    const { template } = await created(
      'full',
      {
        ports: [{ containerPort: 80 }],
        env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
        livenessProbe: { httpGet: { port: 80 } },
      },
      { volumes: [{ name: 'a', configMap: { name: 'x' } }, { name: 'b' }] },
    );
    expect(template.spec).toMatchObject({
      containers: [
        {
          ports: [{ containerPort: 80, protocol: 'TCP' }],
          env: [{ valueFrom: { fieldRef: { apiVersion: 'v1' } } }],
          livenessProbe: { httpGet: { path: '/', scheme: 'HTTP' }, periodSeconds: 10 },
        },
      ],
      volumes: [{ configMap: { defaultMode: 420 } }, { emptyDir: {} }],
    });
  });

  test.each([
    { spec: { replicas: -1 }, field: 'spec.replicas' },
    { spec: { selector: {} }, field: 'spec.selector' },
    { spec: { strategy: { type: 'Nope' } }, field: 'spec.strategy' },
    {
      spec: { strategy: { type: 'Recreate', rollingUpdate: { maxSurge: 1 } } },
      field: 'spec.strategy.rollingUpdate',
    },
  ])('is refused with $spec', async ({ spec, field }) => {
    const deployment = aDeployment('bad', {});
    const { body } = await cluster.request('POST', DEPLOYMENTS, {
      ...deployment,
      spec: { ...deployment.spec, ...spec },
    });
    expect(body.details?.causes?.map((cause) => cause.field)).toEqual([field]);
  });

  test('shows its containers and images where a wide table is asked for', async () => {
    await created('wide', {});
    const { text } = await cluster.send('GET', `${DEPLOYMENTS}/wide`, undefined, TABLE);
    const { columnDefinitions, rows } = JSON.parse(text) as {
      columnDefinitions: { name: string; priority: number }[];
      rows: { cells: unknown[] }[];
    };
    expect(columnDefinitions.slice(5)).toMatchObject([
      { name: 'Containers', priority: 1 },
      { name: 'Images', priority: 1 },
      { name: 'Selector', priority: 1 },
    ]);
    expect(rows[0]?.cells.slice(5)).toEqual(['c', 'nginx', 'app=wide']);
  });
});

describe('the scale of a Deployment', () => {
  test('has its selector as text, by which autoscalers find the pods', async () => {
    const deployment = aDeployment('selected', {});
    const matchExpressions = [
      { key: 'tier', operator: 'NotIn', values: ['b', 'a'] },
      { key: 'also', operator: 'DoesNotExist' },
    ];
    const selector = { ...deployment.spec.selector, matchExpressions };
    await cluster.request('POST', DEPLOYMENTS, {
      ...deployment,
      spec: { ...deployment.spec, selector },
    });
    const { body } = await cluster.request('GET', `${DEPLOYMENTS}/selected/scale`);
    const expected = '!also,app=selected,tier notin (a,b)';
    expect(body.status).toEqual({ replicas: 0, selector: expected });
  });
});

describe('a Deployment, as Go keeps it,', () => {
  test.each([
    ['1000m', '1'],
    [0.5, '500m'],
    ['1024Mi', '1Gi'],
    ['1.5Gi', '1536Mi'],
    [1073741824, '1073741824'],
    ['100000000000000', '100T'],
    ['1e3', '1e3'],
    ['512Ki', '512Ki'],
    ['0.5Ki', '512'],
    [null, '0'],
  ])('shows the quantity %j as %s', async (memory, shown) => {
    const { template } = await tried({ resources: { limits: { memory } } });
    expect(template.spec.containers[0]).toMatchObject({ resources: { limits: { memory: shown } } });
  });

  test('with a quantity that is none is refused', async () => {
    const sent = aDeployment('tried', { resources: { limits: { cpu: 'x' } } });
    const { code, body } = await cluster.request('POST', `${DEPLOYMENTS}?dryRun=All`, sent);
    expect([code, body.message]).toEqual([
      400,
      `Deployment in version "v1" cannot be handled as a Deployment: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'`,
    ]);
  });

  test('owns its ports by number and protocol, and no struct as a whole', async () => {
    const config = aDeployment('applied', { ports: [{ containerPort: 80 }] });
    const { body } = await cluster.patch(`${DEPLOYMENTS}/applied?fieldManager=a`, config, 'apply');
    const [entry] = body.metadata.managedFields ?? [];
    expect(JSON.stringify(entry?.fieldsV1)).toContain(
      '"f:ports":{"k:{\\"containerPort\\":80,\\"protocol\\":\\"TCP\\"}":',
    );
  });

  test.each([
    [{ progressDeadlineSeconds: 5, minReadySeconds: 5 }, 'spec.progressDeadlineSeconds'],
    [
      { strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } },
      'spec.strategy.rollingUpdate.maxUnavailable',
    ],
  ])('that cannot progress is refused: %j', async (spec, field) => {
    const sent = aDeployment('stuck', {});
    const { body } = await cluster.request('POST', DEPLOYMENTS, {
      ...sent,
      spec: { ...sent.spec, ...spec },
    });
    expect(body.details?.causes?.[0]?.field).toBe(field);
  });
});

describe('a scaled custom resource', () => {
  test('knows that it was scaled through its subresource', async () => {
    await cluster.request('POST', widgets, aWidget(GROUP, 'one', { size: 1 }));
    await cluster.patch(`${widgets}/one/scale?fieldManager=ann`, { spec: { replicas: 2 } });
    const { body } = await cluster.request('GET', `${widgets}/one`);
    expect(body.metadata.managedFields).toContainEqual(
      expect.objectContaining({ manager: 'ann', subresource: 'scale' }),
    );
  });

  test.each([
    { size: 'x', detail: '.spec.size accessor error: x is of the type string, expected int64' },
    { size: -1, detail: 'should be a non-negative integer' },
    { size: 2 ** 31, detail: 'should be less than or equal to 2147483647' },
  ])('takes no $size replicas', async ({ size, detail }) => {
    const { body } = await cluster.request('POST', widgets, aWidget(GROUP, 'bad', { size }));
    expect(body.details?.causes).toEqual([
      expect.objectContaining({ field: '.spec.size', message: expect.stringContaining(detail) }),
    ]);
  });
});

describe('a Secret of a well-known type is refused', () => {
  test.each([
    { type: 'kubernetes.io/basic-auth', fields: ['data[username]', 'data[password]'] },
    { type: 'kubernetes.io/dockercfg', fields: ['data[.dockercfg]'] },
    {
      type: 'kubernetes.io/dockerconfigjson',
      stringData: { '.dockerconfigjson': 'x' },
      fields: ['data[.dockerconfigjson]'],
    },
    {
      type: 'kubernetes.io/service-account-token',
      fields: ['metadata.annotations[kubernetes.io/service-account.name]'],
    },
  ])('as $type without what that takes', async ({ type, stringData = {}, fields }) => {
    const { body } = await cluster.request('POST', '/api/v1/namespaces/default/secrets', {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'bad' },
      type,
      stringData,
    });
    expect(body.details?.causes?.map(({ field }) => field)).toEqual(fields);
  });
});
