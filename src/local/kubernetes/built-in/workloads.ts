/** Deployment: kept, validated and scaled, but nothing runs it here. */
import type { KubernetesObject } from '../../../support/kubernetes/objects.js';
import { notSupported, type FieldError } from '../http/status-error.js';
import { faultOfLabel } from '../resources/names.js';
import { isEqual, isJsonObject, valueAt, type JsonObject } from '../json/json.js';
import { OBJECT_META } from '../schema/object-meta.js';
import type { Schema } from '../schema/schema.js';
import { AGE_COLUMN, NAME_COLUMN, type Column } from '../tables/columns.js';
import { withPodDefaults } from './pod-template.js';
import {
  always,
  builtIn,
  column,
  CONDITIONS,
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

const ENV = keyedList(
  'Variables of the environment.',
  object(
    'A variable.',
    {
      name: text('Its name.'),
      value: text('Its value.'),
      valueFrom: free('Where its value comes from.'),
    },
    ['name'],
  ),
  'name',
);
const QUANTITY: Schema = { ...text('As in 500m or 1Gi.'), goType: 'Quantity' };
const PORTS = keyedList(
  'Ports that are exposed.',
  {
    ...free('A port.'),
    properties: {
      containerPort: int32('The port.'),
      protocol: { ...text('TCP, UDP or SCTP.'), default: 'TCP' },
      name: text('Its name.'),
    },
  },
  'containerPort',
  'protocol',
);
const CONTAINER: Schema = {
  ...free('A container of the pod.'),
  required: ['name'],
  properties: {
    name: text('Its name, unique in the pod.'),
    image: text('Its image.'),
    command: list('What it runs.', { type: 'string' }),
    args: list('Arguments of what it runs.', { type: 'string' }),
    env: ENV,
    ports: PORTS,
    resources: {
      ...free('What it needs.'),
      properties: {
        limits: mapOf('The most that it gets.', QUANTITY),
        requests: mapOf('What is set aside for it.', QUANTITY),
      },
    },
    volumeMounts: keyedList(
      'Volumes in its files.',
      { ...free('A volume.'), properties: { name: text('Volume.'), mountPath: text('Where.') } },
      'mountPath',
    ),
  },
};
const POD_SPEC: Schema = {
  ...free('What the pods run.'),
  goType: 'PodSpec',
  properties: {
    containers: always(keyedList('The containers.', CONTAINER, 'name')),
    initContainers: keyedList('Containers that run first.', CONTAINER, 'name'),
    volumes: keyedList(
      'The volumes.',
      { ...free('A volume.'), properties: { name: text('Its name.') } },
      'name',
    ),
    serviceAccountName: text('The account of the pods.'),
    restartPolicy: text('Always.'),
  },
};
const SELECTOR: Schema = {
  ...object('Which pods belong to it. Cannot be changed.', {
    matchLabels: mapOf('Labels and their values.', { type: 'string' }),
    matchExpressions: list('Conditions on labels.', free('A condition.')),
  }),
  'x-kubernetes-map-type': 'atomic',
};

const INT_OR_PERCENT: Schema = {
  'x-kubernetes-int-or-string': true,
  description: 'How many pods, or how many percent of them.',
  isPointer: true,
};
const STRATEGY = struct('DeploymentStrategy', 'How pods are replaced.', {
  type: text('RollingUpdate or Recreate.'),
  rollingUpdate: pointer(
    struct('RollingUpdateDeployment', 'How far it may go at a time.', {
      maxUnavailable: INT_OR_PERCENT,
      maxSurge: INT_OR_PERCENT,
    }),
  ),
});

export const deployments = builtIn({
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  plural: 'deployments',
  shortNames: ['deploy'],
  categories: ['all'],
  description: 'Deployment describes pods that should run. Kept as it is: nothing runs here.',
  hasStatus: true,
  hasGeneration: true,
  scale: {
    specReplicasPath: '.spec.replicas',
    statusReplicasPath: '.status.replicas',
    selectorObjectPath: '.spec.selector',
  },
  properties: {
    spec: struct('DeploymentSpec', 'What is wanted.', {
      replicas: pointer(int32('How many pods.')),
      selector: SELECTOR,
      template: struct('PodTemplateSpec', 'The pods.', {
        metadata: { ...OBJECT_META, goType: 'ObjectMeta' },
        spec: POD_SPEC,
      }),
      strategy: STRATEGY,
      minReadySeconds: int32('How long a pod is ready before it counts.'),
      revisionHistoryLimit: pointer(int32('How many old versions are kept.')),
      progressDeadlineSeconds: pointer(int32('How long progress may take.')),
      paused: flag('Whether changes wait.'),
    }),
    status: struct('DeploymentStatus', 'What is.', {
      observedGeneration: {
        type: 'integer',
        format: 'int64',
        description: 'The generation that was seen.',
      },
      replicas: int32('How many pods there are.'),
      updatedReplicas: int32('How many are of the latest version.'),
      readyReplicas: int32('How many are ready.'),
      availableReplicas: int32('How many are available.'),
      unavailableReplicas: int32('How many are missing.'),
      collisionCount: pointer(int32('Collisions of names.')),
      conditions: CONDITIONS,
    }),
  },
  columns: [
    NAME_COLUMN,
    column(
      'Ready',
      (one) => `${count(one, 'status', 'readyReplicas')}/${count(one, 'spec', 'replicas')}`,
    ),
    column('Up-to-date', (one) => count(one, 'status', 'updatedReplicas'), 'integer'),
    column('Available', (one) => count(one, 'status', 'availableReplicas'), 'integer'),
    AGE_COLUMN,
    wide('Containers', (one) => containersOf(one).map(({ name }) => name)),
    wide('Images', (one) => containersOf(one).map(({ image }) => image)),
    wide('Selector', (one) =>
      Object.entries((at(one, 'spec', 'selector', 'matchLabels') ?? {}) as JsonObject)
        .map(([key, value]) => `${key}=${String(value)}`)
        .sort(),
    ),
  ],
  normalize: (one) => ({
    ...one,
    spec: withDefaults(isJsonObject(one.spec) ? one.spec : {}),
  }),
  prepareCreate: (one) => ({ ...one, status: {} }),
  validate: (one, live) => [
    ...numberFaults(one),
    ...deadlineFaults(one),
    ...selectorFaults(one),
    ...containerFaults(one),
    ...strategyFaults(one),
    ...(live === undefined || isEqual(at(one, 'spec', 'selector'), at(live, 'spec', 'selector'))
      ? []
      : [
          {
            type: 'Invalid' as const,
            field: 'spec.selector',
            value: at(one, 'spec', 'selector'),
            detail: 'field is immutable',
          },
        ]),
  ],
});

const MOVE = { maxUnavailable: '25%', maxSurge: '25%' };

function withDefaults(spec: JsonObject): JsonObject {
  const sent = isJsonObject(spec.strategy) ? spec.strategy : {};
  const strategy: JsonObject = { type: 'RollingUpdate', ...sent };
  if (strategy.type === 'RollingUpdate')
    strategy.rollingUpdate = {
      ...MOVE,
      ...(isJsonObject(sent.rollingUpdate) ? sent.rollingUpdate : {}),
    };
  return {
    replicas: 1,
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
    ...spec,
    ...(spec.template === undefined ? {} : { template: withPodDefaults(spec.template) }),
    strategy,
  };
}

/** Shown with `-o wide` only. */
function wide(name: string, parts: (one: KubernetesObject) => unknown[]): Column {
  return { ...column(name, (one) => parts(one).join(',')), priority: 1 };
}

function containersOf(one: KubernetesObject): JsonObject[] {
  return (at(one, 'spec', 'template', 'spec', 'containers') ?? []) as JsonObject[];
}

function at(one: KubernetesObject, ...path: string[]): unknown {
  return valueAt(one, path);
}

function count(one: KubernetesObject, ...path: string[]): number {
  const value = at(one, ...path);
  return typeof value === 'number' ? value : 0;
}

const NOT_NEGATIVE = [
  'replicas',
  'minReadySeconds',
  'revisionHistoryLimit',
  'progressDeadlineSeconds',
];

function numberFaults(one: KubernetesObject): FieldError[] {
  return NOT_NEGATIVE.flatMap((key): FieldError[] => {
    const value = at(one, 'spec', key);
    if (typeof value !== 'number' || value >= 0) return [];
    const detail = 'must be greater than or equal to 0';
    return [{ type: 'Invalid', field: `spec.${key}`, value, detail }];
  });
}

function deadlineFaults(one: KubernetesObject): FieldError[] {
  const value = at(one, 'spec', 'progressDeadlineSeconds');
  if (typeof value !== 'number' || value > count(one, 'spec', 'minReadySeconds')) return [];
  const detail = 'must be greater than minReadySeconds';
  return [{ type: 'Invalid', field: 'spec.progressDeadlineSeconds', value, detail }];
}

function strategyFaults(one: KubernetesObject): FieldError[] {
  const type = at(one, 'spec', 'strategy', 'type');
  if (type === 'RollingUpdate') {
    const move = (key: string) => at(one, 'spec', 'strategy', 'rollingUpdate', key);
    const isStuck = ['maxUnavailable', 'maxSurge'].every((key) =>
      [0, '0%'].includes(move(key) as string | number),
    );
    const detail = 'may not be 0 when `maxSurge` is 0';
    const field = 'spec.strategy.rollingUpdate.maxUnavailable';
    return isStuck ? [{ type: 'Invalid', field, value: move('maxUnavailable'), detail }] : [];
  }
  if (type !== 'Recreate') {
    const shown = { Type: type, RollingUpdate: null };
    return [notSupported('spec.strategy', shown, ['Recreate', 'RollingUpdate'])];
  }
  if (at(one, 'spec', 'strategy', 'rollingUpdate') === undefined) return [];
  const detail = "may not be specified when strategy `type` is 'Recreate'";
  return [{ type: 'Forbidden', field: 'spec.strategy.rollingUpdate', detail }];
}

function selectorFaults(one: KubernetesObject): FieldError[] {
  const wanted = at(one, 'spec', 'selector', 'matchLabels') as JsonObject | undefined;
  if (at(one, 'spec', 'selector') === undefined)
    return [{ type: 'Required', field: 'spec.selector' }];
  const selector = at(one, 'spec', 'selector') as JsonObject;
  if (Object.keys(selector).length === 0) {
    const detail = 'empty selector is invalid for deployment';
    return [{ type: 'Invalid', field: 'spec.selector', value: selector, detail }];
  }
  const labels = (at(one, 'spec', 'template', 'metadata', 'labels') ?? {}) as JsonObject;
  if (Object.entries(wanted ?? {}).every(([key, value]) => labels[key] === value)) return [];
  const detail = '`selector` does not match template `labels`';
  return [{ type: 'Invalid', field: 'spec.template.metadata.labels', value: labels, detail }];
}

function containerFaults(one: KubernetesObject): FieldError[] {
  const field = 'spec.template.spec.containers';
  const containers = (at(one, 'spec', 'template', 'spec', 'containers') ?? []) as JsonObject[];
  if (containers.length === 0) return [{ type: 'Required', field }];
  return containers.flatMap((container, index): FieldError[] => [
    ...(container.name === undefined
      ? [{ type: 'Required' as const, field: `${field}[${index}].name` }]
      : labelFaults(container.name, `${field}[${index}].name`)),
    ...(container.image === undefined
      ? [{ type: 'Required' as const, field: `${field}[${index}].image` }]
      : []),
  ]);
}

function labelFaults(value: unknown, field: string): FieldError[] {
  const detail = typeof value === 'string' ? faultOfLabel(value) : undefined;
  return detail === undefined ? [] : [{ type: 'Invalid', field, value, detail }];
}
