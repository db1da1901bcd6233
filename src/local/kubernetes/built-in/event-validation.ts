/**
 * The faults of events (k8s.io/kubernetes, pkg/apis/core/validation/events.go): those that have an `eventTime` are held to
 * more than those of before, and more again where they come through events.k8s.io. Faults name the fields of the core kind.
 */
import type { KubernetesObject } from '../../../support/kubernetes/objects.js';
import type { FieldError } from '../http/status-error.js';
import { isEqual, isJsonObject, textAt, type JsonObject } from '../json/json.js';
import { faultOfQualifiedName } from '../resources/names.js';

const MOST_CHARACTERS = { reportingInstance: 128, action: 128, reason: 128, message: 1024 };

/** `event` as it is stored, whatever it came as; `controllerField` is what that calls its controller. */
export function eventFaults(event: KubernetesObject, controllerField: string): FieldError[] {
  const { namespace = '' } = event.metadata;
  const involved = memberOf(event, 'involvedObject');
  const involvedNamespace = textAt(involved, 'namespace');
  const isNew = textAt(event, 'eventTime') !== '';
  const expected = [isNew ? 'kube-system' : '', 'default'];
  const fits =
    involvedNamespace === ''
      ? expected.includes(namespace)
      : isNew || involvedNamespace === namespace;
  const misplaced = invalidField(
    'involvedObject.namespace',
    involvedNamespace,
    'does not match event.namespace',
  );
  return [...(fits ? [] : [misplaced]), ...(isNew ? newFaults(event, controllerField) : [])];
}

function newFaults(event: KubernetesObject, controllerField: string): FieldError[] {
  const controller = textAt(event, 'reportingComponent');
  const fault = faultOfQualifiedName(controller);
  return [
    ...(controller === '' ? [requiredField(controllerField)] : []),
    ...(fault === undefined ? [] : [invalidField(controllerField, controller, fault)]),
    ...Object.entries(MOST_CHARACTERS).flatMap(([field, most]) => {
      const text = textAt(event, field);
      if (text === '' && field !== 'message') return [requiredField(field)];
      if (Buffer.byteLength(text) <= most) return [];
      return [invalidField(field, '', `can have at most ${most} characters`)];
    }),
  ];
}

/** What else is held of an event that is created through events.k8s.io. */
export function strictFaults(event: KubernetesObject): FieldError[] {
  const type = textAt(event, 'type');
  const hasTime = textAt(event, 'eventTime') !== '';
  const unwanted = ['firstTimestamp', 'lastTimestamp', 'count', 'source'].filter((field) => {
    const value = (event as unknown as JsonObject)[field] ?? 0;
    return isJsonObject(value) ? Object.keys(value).length > 0 : value !== 0;
  });
  return [
    ...seriesFaults(event),
    ...(hasTime ? [] : [requiredField('eventTime')]),
    ...(['Normal', 'Warning'].includes(type)
      ? []
      : [invalidField('type', '', `has invalid value: ${type}`)]),
    ...unwanted.map((field) => invalidField(field, '', 'needs to be unset')),
  ];
}

/** As they are looked at on an update through events.k8s.io; `reason` is looked at twice. */
const IMMUTABLE = [
  ...['involvedObject', 'reason', 'message', 'source', 'firstTimestamp', 'lastTimestamp', 'count'],
  ...[
    'reason',
    'type',
    'eventTime',
    'action',
    'related',
    'reportingComponent',
    'reportingInstance',
  ],
];

/** What else is held of an event that is updated through events.k8s.io: only its series may change. */
export function strictUpdateFaults(event: KubernetesObject, live: KubernetesObject): FieldError[] {
  const [next, before] = [event, live].map((one) => one as unknown as JsonObject);
  if (next === undefined || before === undefined) return [];
  const changed = IMMUTABLE.filter((field) => !isEqual(next[field], before[field]));
  return [
    ...(isEqual(next.series, before.series) ? [] : seriesFaults(event)),
    ...changed.map((field) =>
      invalidField(
        field === 'reportingComponent' ? 'reportingController' : field,
        next[field] ?? null,
        'field is immutable',
      ),
    ),
  ];
}

function seriesFaults(event: KubernetesObject): FieldError[] {
  const { series } = event as unknown as JsonObject;
  if (!isJsonObject(series)) return [];
  const { count = 0 } = series;
  return [
    ...(Number(count) < 2 ? [invalidField('series.count', '', 'should be at least 2')] : []),
    ...(textAt(series, 'lastObservedTime') === ''
      ? [requiredField('series.lastObservedTime')]
      : []),
  ];
}

function invalidField(field: string, value: unknown, detail: string): FieldError {
  return { type: 'Invalid', field, value, detail };
}

function requiredField(field: string): FieldError {
  return { type: 'Required', field };
}

function memberOf(object: KubernetesObject, key: string): JsonObject {
  const value = (object as unknown as JsonObject)[key];
  return isJsonObject(value) ? value : {};
}
