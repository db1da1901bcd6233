/** Events: one stored kind that is served in two groups, core and events.k8s.io, under different field names. */
import type { KubernetesObject, Stored } from '../../../support/kubernetes/objects.js';
import type { Schema } from '../schema/schema.js';
import { eventColumns } from '../tables/event-columns.js';
import { always, builtIn, int32, microTime, pointer, struct, text, time } from './built-in.js';
import { eventFaults, strictFaults, strictUpdateFaults } from './event-validation.js';

const REFERENCE = (description: string): Schema => ({
  ...struct('ObjectReference', description, {
    apiVersion: text('API version of the object.'),
    kind: text('Kind of the object.'),
    name: text('Name of the object.'),
    namespace: text('Namespace of the object.'),
    uid: text('UID of the object.'),
    resourceVersion: text('Version of the object.'),
    fieldPath: text('A part of the object.'),
  }),
  'x-kubernetes-map-type': 'atomic',
});
const SOURCE = struct('EventSource', 'Who saw it.', {
  component: text('The component.'),
  host: text('The node.'),
});
const SERIES = struct('EventSeries', 'How often it happened.', {
  count: int32('How many times.'),
  lastObservedTime: always(microTime('When it last happened.')),
});

const COMMON: Record<string, Schema> = {
  reason: text('Why, in one word.'),
  type: text('Normal or Warning.'),
  action: text('What was done.'),
  eventTime: always(microTime('When it happened.')),
  series: pointer(SERIES),
  related: pointer(REFERENCE('Another object that it concerns.')),
};

const CORE_NAMES: Readonly<Record<string, string>> = {
  note: 'message',
  regarding: 'involvedObject',
  reportingController: 'reportingComponent',
  deprecatedSource: 'source',
  deprecatedFirstTimestamp: 'firstTimestamp',
  deprecatedLastTimestamp: 'lastTimestamp',
  deprecatedCount: 'count',
};
const NEW_NAMES = Object.fromEntries(Object.entries(CORE_NAMES).map(([to, from]) => [from, to]));

const COLUMNS = eventColumns(toCore);

export const events = builtIn({
  group: '',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  shortNames: ['ev'],
  description: 'Event tells of something that happened to an object.',
  storage: 'events',
  properties: {
    ...COMMON,
    involvedObject: REFERENCE('What it happened to.'),
    message: text('What happened, in a sentence.'),
    source: SOURCE,
    firstTimestamp: always(time('When it first happened.')),
    lastTimestamp: always(time('When it last happened.')),
    count: int32('How many times it happened.'),
    reportingComponent: always(text('The controller that tells of it.')),
    reportingInstance: always(text('The instance of that controller.')),
  },
  columns: COLUMNS,
  allowsCreateOnUpdate: true,
  selectableFields: [
    ...['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'].map(
      (field) => `involvedObject.${field}`,
    ),
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  validate: (event) => eventFaults(event, 'reportingComponent'),
});

export const newEvents = builtIn({
  group: 'events.k8s.io',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  shortNames: ['ev'],
  description: 'Event tells of something that happened to an object.',
  storage: 'events',
  properties: {
    ...COMMON,
    regarding: REFERENCE('What it happened to.'),
    note: text('What happened, in a sentence.'),
    reportingController: text('The controller that tells of it.'),
    reportingInstance: text('The instance of that controller.'),
    deprecatedSource: SOURCE,
    deprecatedFirstTimestamp: always(time('When it first happened.')),
    deprecatedLastTimestamp: always(time('When it last happened.')),
    deprecatedCount: int32('How many times it happened.'),
  },
  columns: COLUMNS,
  allowsCreateOnUpdate: true,
  selectableFields: [
    'reason',
    'type',
    'reportingController',
    'regarding.kind',
    'regarding.name',
    'regarding.namespace',
    'regarding.uid',
  ],
  validate: (event, live) => {
    const stored = toCore(event);
    return [
      ...eventFaults(stored, 'reportingController'),
      ...(live === undefined ? strictFaults(stored) : strictUpdateFaults(stored, toCore(live))),
    ];
  },
  fromStored: fromCore,
  toStored: toCore,
});

/** Empty in the core kind, absent in the other. */
const REPORTING = { reportingComponent: '', reportingInstance: '' };

function toCore(event: KubernetesObject): KubernetesObject {
  return { ...REPORTING, ...rename(event, CORE_NAMES, 'v1') };
}

function fromCore(event: Stored): Stored {
  const renamed = rename(event, NEW_NAMES, 'events.k8s.io/v1') as Stored;
  const members = Object.entries(renamed).filter(
    ([key, value]: [string, unknown]) => !key.startsWith('reporting') || value !== '',
  );
  return Object.fromEntries(members) as Stored;
}

function rename(
  event: KubernetesObject,
  names: Readonly<Record<string, string>>,
  apiVersion: string,
): KubernetesObject {
  const members = Object.entries(event).map(([key, value]: [string, unknown]) => [
    names[key] ?? key,
    value,
  ]);
  return { ...(Object.fromEntries(members) as KubernetesObject), apiVersion };
}
