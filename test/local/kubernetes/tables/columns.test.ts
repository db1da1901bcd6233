/** What `kubectl get` shows of Services and Events; every case was seen on a kube-apiserver 1.34.3. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Cluster } from '../served-cluster.js';

const CORE = '/api/v1/namespaces/default';
const TABLE = { accept: 'application/json;as=Table;g=meta.k8s.io;v=v1' };

let cluster: Cluster;
beforeAll(async () => {
  cluster = await Cluster.start();
});
afterAll(() => cluster.discard());

/** The cells of an object by the names of their columns. */
async function rowOf(collection: string, name: string): Promise<Record<string, unknown>> {
  const { text } = await cluster.send('GET', `${collection}/${name}`, undefined, TABLE);
  const { columnDefinitions, rows } = JSON.parse(text) as {
    columnDefinitions: { name: string }[];
    rows: { cells: unknown[] }[];
  };
  return Object.fromEntries(columnDefinitions.map(({ name }, at) => [name, rows[0]?.cells[at]]));
}

describe('a Service', () => {
  const SERVICES = `${CORE}/services`;
  const ports = [{ port: 80 }, { port: 53, protocol: 'UDP', name: 'dns', nodePort: 30053 }];

  test.each([
    {
      sentence: 'of a cluster address',
      name: 'inside',
      spec: { ports: [{ port: 80 }], selector: { b: '2', a: '1' }, clusterIP: '10.0.0.7' },
      shown: ['ClusterIP', '10.0.0.7', '<none>', '80/TCP', 'a=1,b=2'],
    },
    {
      sentence: 'of a port on each node',
      name: 'nodes',
      spec: {
        type: 'NodePort',
        ports: ports.map((port, at) => ({ name: `p${at}`, ...port })),
        clusterIP: 'None',
        externalIPs: ['1.2.3.4'],
      },
      shown: ['NodePort', 'None', '1.2.3.4', '80/TCP,53:30053/UDP', '<none>'],
    },
    {
      sentence: 'of a balancer that is not there yet',
      name: 'balanced',
      spec: { type: 'LoadBalancer', ports: [{ port: 80 }], clusterIP: '10.0.0.8' },
      shown: ['LoadBalancer', '10.0.0.8', '<pending>', '80/TCP', '<none>'],
    },
    {
      sentence: 'of a name elsewhere',
      name: 'named',
      spec: { type: 'ExternalName', externalName: 'example.org' },
      shown: ['ExternalName', '<none>', 'example.org', '<none>', '<none>'],
    },
  ])('$sentence is shown with its type, addresses and ports', async ({ name, spec, shown }) => {
    await cluster.request('POST', SERVICES, { metadata: { name }, spec });
    const row = await rowOf(SERVICES, name);
    const columns = ['Type', 'Cluster-IP', 'External-IP', 'Port(s)', 'Selector'];
    expect(columns.map((column) => row[column])).toEqual(shown);
  });
});

describe('an Event', () => {
  const EVENTS = `${CORE}/events`;
  const NEW_EVENTS = '/apis/events.k8s.io/v1/namespaces/default/events';
  const about = { kind: 'Widget', name: 'w', namespace: 'default' };
  const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
  const inMicroseconds = (time: string) => time.replace('Z', '000Z');

  test.each([
    {
      sentence: 'that happened often tells when first, when last and how often',
      name: 'often',
      collection: EVENTS,
      event: {
        involvedObject: about,
        source: { component: 'me', host: 'node' },
        firstTimestamp: hoursAgo(20).replace(/\.\d+/, ''),
        lastTimestamp: hoursAgo(10).replace(/\.\d+/, ''),
        count: 3,
      },
      shown: ['10h', '20h', 3, 'me, node'],
    },
    {
      sentence: 'that is a series was last seen when the series was',
      name: 'series',
      collection: NEW_EVENTS,
      event: {
        regarding: about,
        eventTime: inMicroseconds(hoursAgo(20)),
        reportingController: 'example.org/c',
        reportingInstance: 'c-1',
        action: 'Look',
        reason: 'Seen',
        type: 'Normal',
        series: { count: 5, lastObservedTime: inMicroseconds(hoursAgo(9)) },
      },
      shown: ['9h', '20h', 5, 'example.org/c, c-1'],
    },
    {
      sentence: 'that says nothing of time or number happened once, nobody knows when',
      name: 'bare',
      collection: EVENTS,
      event: { involvedObject: about },
      shown: ['<unknown>', '<unknown>', 1, ''],
    },
  ])('$sentence', async ({ name, collection, event, shown }) => {
    await cluster.request('POST', collection, { metadata: { name }, ...event });
    const rows = await Promise.all([EVENTS, NEW_EVENTS].map((served) => rowOf(served, name)));
    for (const row of rows)
      expect([row['Last Seen'], row['First Seen'], row.Count, row.Source]).toEqual(shown);
  });
});
