/** What `kubectl get services` shows, as printers/internalversion of Kubernetes prints it. */
import type { KubernetesObject } from '../../../support/kubernetes/objects.js';
import { isJsonObject, textAt, valueAt, type JsonObject } from '../json/json.js';
import { AGE_COLUMN, NAME_COLUMN, type Column } from './columns.js';

const NONE = '<none>';

export const SERVICE_COLUMNS: readonly Column[] = [
  NAME_COLUMN,
  serviceColumn('Type', (service) => textAt(service, 'spec', 'type')),
  serviceColumn('Cluster-IP', (service) => {
    const [first = textAt(service, 'spec', 'clusterIP')] = listAt(service, 'spec', 'clusterIPs');
    return first === '' ? NONE : String(first);
  }),
  serviceColumn('External-IP', externalAddressOf),
  serviceColumn('Port(s)', (service) => listed(listAt(service, 'spec', 'ports').map(portText))),
  AGE_COLUMN,
  { ...serviceColumn('Selector', (service) => listed(selectorOf(service))), priority: 1 },
];

function serviceColumn(name: string, cell: (service: KubernetesObject) => string): Column {
  return { name, type: 'string', description: `${name} of the service.`, priority: 0, cell };
}

function externalAddressOf(service: KubernetesObject): string {
  const type = textAt(service, 'spec', 'type');
  if (type === 'ExternalName') return textAt(service, 'spec', 'externalName');
  const named = listAt(service, 'spec', 'externalIPs').map(String);
  if (type !== 'LoadBalancer') return listed(named);
  const given = listAt(service, 'status', 'loadBalancer', 'ingress')
    .filter(isJsonObject)
    .flatMap(({ ip, hostname }) =>
      [ip, hostname].filter((one) => typeof one === 'string').slice(0, 1),
    );
  const all = [...given, ...named];
  return all.length === 0 ? '<pending>' : all.join(',');
}

function portText(port: unknown): string {
  const { port: number, nodePort, protocol = 'TCP' } = port as JsonObject;
  const onNodes = typeof nodePort === 'number' && nodePort > 0 ? `:${nodePort}` : '';
  return `${String(number)}${onNodes}/${String(protocol)}`;
}

function selectorOf(service: KubernetesObject): string[] {
  const selector = valueAt(service, ['spec', 'selector']);
  return Object.entries(isJsonObject(selector) ? selector : {})
    .map(([key, value]) => `${key}=${String(value)}`)
    .sort();
}

function listed(parts: readonly string[]): string {
  return parts.length === 0 ? NONE : parts.join(',');
}

function listAt(service: KubernetesObject, ...path: string[]): unknown[] {
  const list = valueAt(service, path);
  return Array.isArray(list) ? list : [];
}
