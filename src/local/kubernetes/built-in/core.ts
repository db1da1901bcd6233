/** Namespace, ServiceAccount and Service. */
import type { KubernetesObject } from '../../../support/kubernetes/objects.js';
import type { FieldError } from '../http/status-error.js';
import { isJsonObject } from '../json/json.js';
import { faultOfLabel, faultOfQualifiedName } from '../resources/names.js';
import type { Schema } from '../schema/schema.js';
import { AGE_COLUMN, NAME_COLUMN } from '../tables/columns.js';
import { SERVICE_COLUMNS } from '../tables/service-columns.js';
import {
  builtIn,
  column,
  CONDITIONS,
  fieldOf,
  flag,
  free,
  int32,
  keyedList,
  list,
  mapOf,
  object,
  pointer,
  struct,
  text,
} from './built-in.js';

const NAMESPACE_LABEL = 'kubernetes.io/metadata.name';
const UNQUALIFIED = 'name is neither a standard finalizer name nor is it fully qualified';
/** The finalizer in `spec` that the namespace controller removes once the namespace is empty. */
export const NAMESPACE_FINALIZER = 'kubernetes';

interface NamespaceObject extends KubernetesObject {
  readonly spec?: { readonly finalizers?: readonly string[] };
  readonly status?: { readonly phase?: string };
}

export const namespaces = builtIn({
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  // They go one by one: each has to be emptied.
  verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
  shortNames: ['ns'],
  isNamespaced: false,
  description: 'Namespace is a scope for the names of objects.',
  properties: {
    spec: struct('NamespaceSpec', 'What is wanted of the namespace.', {
      finalizers: list('What must be done before the namespace can go.', { type: 'string' }),
    }),
    status: struct('NamespaceStatus', 'The state of the namespace.', {
      phase: text('Active, or Terminating while it is being emptied.'),
      conditions: CONDITIONS,
    }),
  },
  hasStatus: true,
  columns: [
    NAME_COLUMN,
    column('Status', (namespace) => (namespace as NamespaceObject).status?.phase ?? ''),
    AGE_COLUMN,
  ],
  selectableFields: ['status.phase'],
  validateName: faultOfLabel,
  normalize: (namespace) => ({
    ...namespace,
    metadata: {
      ...namespace.metadata,
      labels: { ...namespace.metadata.labels, [NAMESPACE_LABEL]: namespace.metadata.name ?? '' },
    },
  }),
  prepareCreate: (namespace) => ({
    ...namespace,
    spec: {
      finalizers: [
        ...new Set([
          ...((namespace as NamespaceObject).spec?.finalizers ?? []),
          NAMESPACE_FINALIZER,
        ]),
      ],
    },
    status: { phase: 'Active' },
  }),
  validate: (namespace) =>
    ((namespace as NamespaceObject).spec?.finalizers ?? []).flatMap(finalizerFaults),
  // Only the finalize subresource changes these.
  prepareUpdate: (namespace, live) => ({ ...namespace, spec: live.spec }),
});

function finalizerFaults(finalizer: string): FieldError[] {
  const isQualified = finalizer.includes('/') || finalizer === NAMESPACE_FINALIZER;
  const detail = faultOfQualifiedName(finalizer) ?? (isQualified ? undefined : UNQUALIFIED);
  if (detail === undefined) return [];
  return [{ type: 'Invalid', field: 'spec.finalizers', value: finalizer, detail }];
}

const REFERENCE: Schema = {
  ...object('Names an object.', {
    apiVersion: text('API version of the object.'),
    kind: text('Kind of the object.'),
    name: text('Name of the object.'),
    namespace: text('Namespace of the object.'),
    uid: text('UID of the object.'),
    resourceVersion: text('Version of the object.'),
    fieldPath: text('A part of the object.'),
  }),
  'x-kubernetes-map-type': 'atomic',
};

export const serviceAccounts = builtIn({
  group: '',
  version: 'v1',
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  shortNames: ['sa'],
  description: 'ServiceAccount is an identity for what runs in the cluster.',
  properties: {
    automountServiceAccountToken: pointer(flag('Whether pods get a token of this account.')),
    imagePullSecrets: list('Secrets for pulling images.', {
      ...object('Names a secret.', { name: text('Name of the secret.') }),
      'x-kubernetes-map-type': 'atomic',
    }),
    secrets: keyedList('Secrets that pods of this account may use.', REFERENCE, 'name'),
  },
  columns: [
    NAME_COLUMN,
    column(
      'Secrets',
      (account) => (fieldOf<unknown[]>(account, 'secrets') ?? []).length,
      'integer',
    ),
    AGE_COLUMN,
  ],
});

const INT_OR_STRING = {
  'x-kubernetes-int-or-string': true,
  description: 'A number or a name.',
} as const;

const SERVICE_PORT = object(
  'One port of a service.',
  {
    name: text('Name of the port; needed where there are several.'),
    protocol: { ...text('TCP, UDP or SCTP.'), default: 'TCP' },
    appProtocol: text('What is spoken on the port.'),
    port: int32('The port that is exposed.'),
    targetPort: INT_OR_STRING,
    nodePort: int32('The port on each node.'),
  },
  ['port'],
);

export const services = builtIn({
  group: '',
  version: 'v1',
  kind: 'Service',
  plural: 'services',
  shortNames: ['svc'],
  categories: ['all'],
  description: 'Service names a set of pods. Kept as it is: nothing routes to it here.',
  properties: {
    spec: {
      ...free('What the service exposes.'),
      properties: {
        selector: {
          ...mapOf('Labels of the pods.', { type: 'string' }),
          'x-kubernetes-map-type': 'atomic',
        },
        ports: keyedList('The ports.', SERVICE_PORT, 'port', 'protocol'),
        type: text('ClusterIP, NodePort, LoadBalancer or ExternalName.'),
        clusterIP: text('The address, or None.'),
        externalName: text('The name that an ExternalName service stands for.'),
        sessionAffinity: text('None or ClientIP.'),
      },
    },
    status: free('The state of the service.'),
  },
  columns: SERVICE_COLUMNS,
  selectableFields: ['spec.clusterIP', 'spec.type'],
  hasStatus: true,
  validateName: (name) =>
    /^[a-z]/.test(name)
      ? faultOfLabel(name)
      : "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
  normalize: (service) => {
    const spec = isJsonObject(service.spec) ? service.spec : {};
    const ports = (Array.isArray(spec.ports) ? spec.ports : []).filter(isJsonObject);
    return {
      ...service,
      spec: {
        type: 'ClusterIP',
        sessionAffinity: 'None',
        ...spec,
        ...(ports.length === 0
          ? {}
          : {
              ports: ports.map((port) => ({ protocol: 'TCP', targetPort: port.port, ...port })),
            }),
      },
    };
  },
  prepareCreate: (service) => ({ ...service, status: { loadBalancer: {} } }),
  validate: (service) => {
    const spec = isJsonObject(service.spec) ? service.spec : {};
    const ports = (Array.isArray(spec.ports) ? spec.ports : []).filter(isJsonObject);
    const errors: FieldError[] = [];
    if (ports.length === 0 && spec.type !== 'ExternalName' && spec.clusterIP !== 'None') {
      errors.push({ type: 'Required', field: 'spec.ports' });
    }
    ports.forEach(({ port }, index) => {
      if (typeof port === 'number' && port >= 1 && port <= 65535) return;
      const detail = 'must be between 1 and 65535, inclusive';
      errors.push({
        type: 'Invalid',
        field: `spec.ports[${index}].port`,
        value: port ?? 0,
        detail,
      });
    });
    return errors;
  },
});
