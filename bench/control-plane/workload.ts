/** What is asked of a control plane while it is measured: objects of a custom kind, as a Composition's are. */
import { quantile } from '../table.js';
import { Client, type Target, type WatchEvent } from './client.js';

const GROUP = 'bench.example.org';
const DEFINITION = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `gauges.${GROUP}` },
  spec: {
    group: GROUP,
    scope: 'Namespaced',
    names: { plural: 'gauges', singular: 'gauge', kind: 'Gauge', listKind: 'GaugeList' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                required: ['forProvider'],
                properties: {
                  deletionPolicy: {
                    type: 'string',
                    enum: ['Delete', 'Orphan'],
                    default: 'Delete',
                  },
                  forProvider: {
                    type: 'object',
                    properties: {
                      region: { type: 'string', maxLength: 32 },
                      memorySize: { type: 'integer', minimum: 128, maximum: 10_240 },
                      tags: { type: 'object', additionalProperties: { type: 'string' } },
                    },
                    'x-kubernetes-validations': [
                      { rule: "self.region != ''", message: 'a region is required' },
                    ],
                  },
                },
              },
              status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
            },
          },
        },
      },
    ],
  },
};
const GAUGES = `/apis/${GROUP}/v1/namespaces/default/gauges`;

export interface WatchTimes {
  readonly objects: number;
  readonly stateMs: number;
  readonly latenciesMs: readonly number[];
}

export class Workload {
  constructor(private readonly target: Target) {}

  async prepare(): Promise<void> {
    const client = new Client(this.target);
    await client.call('GET', '/api/v1/namespaces/default');
    await client.call(
      'POST',
      '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
      DEFINITION,
    );
    for (;;) {
      try {
        await client.call('GET', `${GAUGES}?limit=1`);
        break;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
    client.close();
  }

  /** Makes objects called `{prefix}-{n}`; gives how many it made per second. */
  create(prefix: string, count: number, clients: number): Promise<number> {
    return this.#perSecond(count, clients, (client, n) =>
      client.call('POST', GAUGES, gauge(`${prefix}-${n}`, 128)),
    );
  }

  update(prefix: string, count: number, clients: number): Promise<number> {
    return this.#perSecond(count, clients, async (client, n) => {
      const at = `${GAUGES}/${prefix}-${n}`;
      const live = JSON.parse(await client.call('GET', at)) as ReturnType<typeof gauge>;
      await client.call('PUT', at, {
        ...live,
        spec: { ...live.spec, forProvider: { ...live.spec.forProvider, memorySize: 256 } },
      });
    });
  }

  get(prefix: string, count: number, clients: number): Promise<number> {
    return this.#perSecond(count, clients, (client, n) =>
      client.call('GET', `${GAUGES}/${prefix}-${n}`),
    );
  }

  /** Milliseconds of one list of everything, and how many objects it held. */
  async list(): Promise<{ readonly tookMs: number; readonly objects: number }> {
    const client = new Client(this.target);
    const began = performance.now();
    const text = await client.call('GET', GAUGES);
    const tookMs = performance.now() - began;
    client.close();
    return { tookMs, objects: (JSON.parse(text) as { items: unknown[] }).items.length };
  }

  /** How long all watchers took to be told of every object there is, and then from the sending of a create to each one's event. */
  async watch(watchers: number, changes: number): Promise<WatchTimes> {
    const { objects } = await this.list();
    const sentAt = new Map<string, number>();
    const latenciesMs: number[] = [];
    const began = performance.now();
    const clients = Array.from({ length: watchers }, () => new Client(this.target));
    let arrived: () => void = () => undefined;
    await Promise.all(
      clients.map(async (client) => {
        let told = 0;
        await new Promise<void>((isToldOfAll, failed) => {
          const tell = ({ object }: WatchEvent) => {
            told += 1;
            if (told === objects) isToldOfAll();
            const sent = sentAt.get(object.metadata.name);
            if (sent === undefined) return;
            latenciesMs.push(performance.now() - sent);
            arrived();
          };
          client.watch(`${GAUGES}?watch=true&resourceVersion=0`, tell).catch(failed);
        });
      }),
    );
    const stateMs = performance.now() - began;
    const writer = new Client(this.target);
    for (let n = 0; n < changes; n += 1) {
      const name = `seen-${n}`;
      const all = new Promise<void>((resolve) => {
        arrived = () => {
          if (latenciesMs.length === (n + 1) * watchers) resolve();
        };
      });
      sentAt.set(name, performance.now());
      await writer.call('POST', GAUGES, gauge(name, 128));
      await all;
    }
    for (const client of [writer, ...clients]) client.close();
    return { objects, stateMs, latenciesMs };
  }

  async #perSecond(
    count: number,
    clients: number,
    step: (client: Client, n: number) => Promise<unknown>,
  ): Promise<number> {
    let next = 0;
    const began = performance.now();
    await Promise.all(
      Array.from({ length: clients }, async () => {
        const client = new Client(this.target);
        while (next < count) {
          const n = next;
          next += 1;
          await step(client, n);
        }
        client.close();
      }),
    );
    return count / ((performance.now() - began) / 1000);
  }
}

export function medianAndWorst(latencies: readonly number[]): [median: number, p99: number] {
  return [quantile(latencies, 0.5), quantile(latencies, 0.99)];
}

function gauge(name: string, memorySize: number) {
  return {
    apiVersion: `${GROUP}/v1`,
    kind: 'Gauge',
    metadata: { name, labels: { team: 'payments', purpose: 'bench' } },
    spec: {
      forProvider: {
        region: 'us-east-1',
        memorySize,
        tags: { team: 'payments', environment: 'dev', purpose: 'bench' },
      },
    },
  };
}
