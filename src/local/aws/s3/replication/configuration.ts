/** A bucket's replication configuration, read and checked as S3 does when it is put. */
import { invalidArgument, invalidRequest } from '../refusals.js';
import { readFilter, writeFilter, type ObjectFilter } from '../rule-filter.js';
import { malformedXml, readXml, type XmlElement } from '../xml.js';

export interface ReplicationConfiguration {
  readonly role: string;
  readonly rules: readonly ReplicationRule[];
}

export interface ReplicationRule {
  readonly id: string;
  readonly isEnabled: boolean;
  /** Of two rules for one destination the one with the greater counts. 0 in the old form. */
  readonly priority: number;
  readonly filter: ObjectFilter;
  /** Without Filter: the first version of the API, in which delete markers are replicated. */
  readonly isOldForm: boolean;
  readonly carriesMarkers: boolean;
  readonly carriesReplicaChanges: boolean | undefined;
  readonly carriesKmsObjects: boolean | undefined;
  readonly destination: {
    readonly bucketArn: string;
    readonly account?: string | undefined;
    readonly storageClass?: string | undefined;
    readonly replicaKmsKeyId?: string | undefined;
    /** Minutes; replication time control. */
    readonly timeControlMinutes?: number | undefined;
    readonly publishesMetrics?: boolean | undefined;
    readonly eventThresholdMinutes?: number | undefined;
  };
}

const MAX_RULES = 1000;
const MAX_ID_LENGTH = 255;
/** The only threshold that S3 takes. */
const THRESHOLD_MINUTES = 15;
const STORAGE_CLASSES = [
  'STANDARD',
  'REDUCED_REDUNDANCY',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER',
  'DEEP_ARCHIVE',
  'GLACIER_IR',
];

const NEWER_FORM =
  'must be specified for this version of Cross Region Replication configuration schema. Please refer to S3 Developer Guide for more information.';

/** `accountId` is the only account there is: another as owner of a destination is refused. */
export function readConfiguration(body: Buffer, accountId: string): ReplicationConfiguration {
  const root = readXml(body, 'ReplicationConfiguration');
  root.allowOnly('Role', 'Rule');
  const role = root.text('Role') ?? '';
  if (!/^arn:aws:iam::\d{12}:role\/.+$/.test(role)) {
    throw invalidArgument('Invalid Role ARN', 'Role', role);
  }
  const rules = root.children('Rule').map((rule) => readRule(rule, accountId));
  if (rules.length === 0 || rules.length > MAX_RULES) throw malformedXml();
  const ids = new Set(rules.map(({ id }) => id));
  if (ids.size < rules.length) {
    throw invalidArgument('Rule Id must be unique. Found same Id for more than one rule', 'ID', '');
  }
  const priorities = rules
    .filter(({ isOldForm }) => !isOldForm)
    .map(({ priority, destination }) => `${priority} ${destination.bucketArn}`);
  if (new Set(priorities).size < priorities.length) {
    throw invalidRequest('Found duplicate priorities for rules with the same destination');
  }
  return { role, rules };
}

function readRule(rule: XmlElement, accountId: string): ReplicationRule {
  rule.allowOnly(
    'ID',
    'Priority',
    'Prefix',
    'Filter',
    'Status',
    'SourceSelectionCriteria',
    'Destination',
    'DeleteMarkerReplication',
  );
  const isOldForm = !rule.has('Filter');
  const markers = statusOf(rule.child('DeleteMarkerReplication'));
  const priority = rule.integer('Priority', 0);
  const filter = isOldForm
    ? { prefix: rule.text('Prefix') ?? '', tags: {} }
    : readFilter(rule.child('Filter'));
  if (isOldForm) {
    if (rule.text('Prefix') === undefined) throw malformedXml();
    if (markers !== undefined || priority !== undefined) {
      throw invalidRequest(
        'DeleteMarkerReplication and Priority cannot be used for this version of Cross Region Replication configuration schema. Please refer to S3 Developer Guide for more information.',
      );
    }
  } else {
    if (rule.has('Prefix')) throw malformedXml();
    if (markers === undefined) throw invalidRequest(`DeleteMarkerReplication ${NEWER_FORM}`);
    if (priority === undefined) throw invalidRequest(`Priority ${NEWER_FORM}`);
    if (markers && Object.keys(filter.tags).length > 0) {
      throw invalidRequest(
        'Delete marker replication is not supported if any Tag filter is specified. Please refer to S3 Developer Guide for more information.',
      );
    }
  }
  const isEnabled = statusOf(rule);
  if (isEnabled === undefined) throw malformedXml();
  const id = rule.text('ID') ?? `rule-${priority ?? 0}-${filter.prefix}`;
  if (id.length > MAX_ID_LENGTH) {
    throw invalidArgument('ID length should not exceed allowed limit of 255', 'ID', id);
  }
  const criteria = rule.child('SourceSelectionCriteria');
  criteria?.allowOnly('ReplicaModifications', 'SseKmsEncryptedObjects');
  const destination = rule.child('Destination');
  if (destination === undefined) throw malformedXml();
  const read: ReplicationRule = {
    id,
    isEnabled,
    priority: priority ?? 0,
    filter,
    isOldForm,
    carriesMarkers: isOldForm || markers === true,
    carriesReplicaChanges: statusOf(criteria?.child('ReplicaModifications')),
    carriesKmsObjects: statusOf(criteria?.child('SseKmsEncryptedObjects')),
    destination: readDestination(destination, accountId),
  };
  if (read.carriesKmsObjects === true && read.destination.replicaKmsKeyId === undefined) {
    throw invalidRequest(
      'EncryptionConfiguration must be specified if SseKmsEncryptedObjects is enabled',
    );
  }
  return read;
}

function readDestination(
  destination: XmlElement,
  accountId: string,
): ReplicationRule['destination'] {
  destination.allowOnly(
    'Bucket',
    'Account',
    'StorageClass',
    'EncryptionConfiguration',
    'ReplicationTime',
    'Metrics',
  );
  const bucketArn = destination.text('Bucket') ?? '';
  if (!/^arn:aws:s3:::[^/]+$/.test(bucketArn)) {
    throw invalidArgument('Invalid bucket ARN', 'Bucket', bucketArn);
  }
  const account = destination.text('Account');
  if (account !== undefined && account !== accountId) {
    throw invalidRequest('Destination bucket must be owned by the account of the configuration');
  }
  const storageClass = destination.text('StorageClass');
  if (storageClass !== undefined && !STORAGE_CLASSES.includes(storageClass)) throw malformedXml();
  const time = destination.child('ReplicationTime');
  const metrics = destination.child('Metrics');
  const timeControlMinutes = minutesOf(time, 'Time');
  if (time !== undefined && timeControlMinutes === undefined) throw malformedXml();
  if (statusOf(time) === true && statusOf(metrics) !== true) {
    throw invalidRequest('Metrics must be enabled if ReplicationTime is enabled');
  }
  return {
    bucketArn,
    account,
    storageClass,
    replicaKmsKeyId: destination.child('EncryptionConfiguration')?.text('ReplicaKmsKeyID'),
    timeControlMinutes: statusOf(time) === true ? timeControlMinutes : undefined,
    publishesMetrics: statusOf(metrics),
    eventThresholdMinutes: minutesOf(metrics, 'EventThreshold'),
  };
}

function minutesOf(element: XmlElement | undefined, name: string): number | undefined {
  const child = element?.child(name);
  if (child === undefined) return undefined;
  const minutes = child.integer('Minutes', 1);
  if (minutes === THRESHOLD_MINUTES) return minutes;
  throw invalidRequest(`${name} must be ${THRESHOLD_MINUTES} minutes`);
}

/** Undefined where the element or its Status is absent. */
function statusOf(element: XmlElement | undefined): boolean | undefined {
  const status = element?.text('Status');
  if (status === undefined) return undefined;
  if (status === 'Enabled') return true;
  if (status === 'Disabled') return false;
  throw malformedXml();
}

const status = (isEnabled: boolean | undefined) =>
  isEnabled === undefined ? undefined : { Status: isEnabled ? 'Enabled' : 'Disabled' };

export function writeConfiguration({ role, rules }: ReplicationConfiguration): object {
  return { Role: role, Rule: rules.map(writeRule) };
}

function writeRule(rule: ReplicationRule): object {
  const { destination } = rule;
  const minutes = (count: number) => ({ Minutes: count });
  return {
    ID: rule.id,
    ...(rule.isOldForm
      ? { Prefix: rule.filter.prefix }
      : { Priority: rule.priority, Filter: writeFilter(rule.filter) }),
    ...status(rule.isEnabled),
    ...(!rule.isOldForm && { DeleteMarkerReplication: status(rule.carriesMarkers) }),
    ...((rule.carriesReplicaChanges ?? rule.carriesKmsObjects) !== undefined && {
      SourceSelectionCriteria: {
        ReplicaModifications: status(rule.carriesReplicaChanges),
        SseKmsEncryptedObjects: status(rule.carriesKmsObjects),
      },
    }),
    Destination: {
      Bucket: destination.bucketArn,
      Account: destination.account,
      StorageClass: destination.storageClass,
      ...(destination.replicaKmsKeyId !== undefined && {
        EncryptionConfiguration: { ReplicaKmsKeyID: destination.replicaKmsKeyId },
      }),
      ...(destination.timeControlMinutes !== undefined && {
        ReplicationTime: { ...status(true), Time: minutes(destination.timeControlMinutes) },
      }),
      ...(destination.publishesMetrics !== undefined && {
        Metrics: {
          ...status(destination.publishesMetrics),
          ...(destination.eventThresholdMinutes !== undefined && {
            EventThreshold: minutes(destination.eventThresholdMinutes),
          }),
        },
      }),
    },
  };
}
