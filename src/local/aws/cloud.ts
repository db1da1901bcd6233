/**
 * What the services of the local AWS share: one account in all regions of the partition, its time, its state on disk,
 * the links between regions with their faults, who may do what, and where metrics go.
 *
 * Services never import each other; what one needs of another goes through here, as AWS's services do through their own seams.
 */
import type { Clock } from '../../support/clock.js';
import type { Log } from '../../support/log.js';
import type { Principal } from './service.js';

export interface Cloud {
  /** Twelve digits. */
  readonly accountId: string;
  /** Measures how long things take. What a region stamps, it stamps by `clockOf`. */
  readonly clock: Clock;
  /** The clock on a region's wall, which may be ahead or behind. */
  readonly clockOf: (region: string) => Clock;
  readonly log: Log;
  readonly state: CloudState;
  readonly network: Network;
  readonly mishaps: Mishaps;
  readonly access: AccessControl;
  readonly metrics: MetricSink;
  readonly logs: LogSink;
  readonly queues: QueueSink;
  readonly notifications: NotificationSink;
}

/** What every service stands on. */
export type CloudFoundation = Omit<Cloud, 'logs' | 'queues' | 'notifications'>;

/** What SNS itself stands on. */
export type CloudBeneathNotifications = Omit<Cloud, 'notifications'>;

/** State that survives a restart, and a kill at any moment. */
export interface CloudState {
  /** A map whose every change is on disk when the returned promise resolves. The same name gives the same map. */
  map<T>(name: string): Promise<DurableMap<T>>;
  /** A directory of the caller's own, made if absent. */
  directory(name: string): Promise<string>;
}

export interface DurableMap<T> extends ReadonlyMap<string, T> {
  /** Visible to readers at once; resolves when it is on disk. Values must be JSON. */
  set(key: string, value: T): Promise<void>;
  delete(key: string): Promise<void>;
}

/** The regions and the links between them, with the faults that are switched on. */
export interface Network {
  /** Whether the region's endpoints answer. */
  isUp(region: string): boolean;
  /** Whether data flows from one region to the other now: both are up and the link is not cut. */
  isConnected(from: string, to: string): boolean;
  /** How long one piece of data takes from a region to another, in milliseconds. */
  lagMs(from: string, to: string): number;
  /** Calls `handler` after every change of a fault; returns what stops that. Replication continues from here after healing. */
  onChange(handler: () => void): () => void;
}

/** What can happen to a single call while a fault is switched on. */
export type MishapKind = 'throttle' | 'slow' | 'loseResponse' | 'crash';

export interface Mishaps {
  /**
   * Whether a call meets this mishap, and how many milliseconds into it. Asked once at the point where it would happen, as every
   * question moves the sequence of chances on. `service` is the signing name, `resource` a table's, a function's
   * or a bucket's name.
   */
  strikes(
    kind: MishapKind,
    place: { readonly region: string; readonly service: string; readonly resource?: string },
  ): { readonly atMs: number } | undefined;
}

export interface AccessRequest {
  readonly caller: Principal;
  /** As in IAM: `dynamodb:PutItem`. */
  readonly action: string;
  /** The ARN acted on, or `*` for actions without a resource. */
  readonly resource: string;
  /** Condition keys of the request, such as `aws:SecureTransport`, `aws:SourceArn`. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
  /** The policy document (JSON) on the resource itself: a bucket's or a topic's. */
  readonly resourcePolicy?: string | undefined;
}

/** IAM's decision. Everything that is not allowed is denied; an explicit deny wins. */
export interface AccessControl {
  allows(request: AccessRequest): boolean;
  /** Throws `AwsError` AccessDenied (403; the service may reword the code) naming caller, action and resource. */
  authorize(request: AccessRequest): void;
  /**
   * A session of a role for an AWS service: its principal, and credentials that expire.
   * Throws `AwsError` where the role does not exist or its trust policy does not name the service.
   */
  assumeForService(
    roleArn: string,
    service: string,
    sessionName: string,
  ): Promise<{ readonly principal: Principal; readonly credentials: SessionCredentials }>;
}

export interface SessionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** Milliseconds since the epoch. */
  readonly expiresAtMs: number;
}

export interface MetricDatum {
  readonly region: string;
  /** `AWS/Lambda`, `AWS/DynamoDB`, … */
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly value: number;
  /** As CloudWatch names them. @default 'None' */
  readonly unit?: 'Count' | 'Milliseconds' | 'Seconds' | 'Bytes' | 'Percent' | 'None';
}

/** Where services publish what AWS publishes for them. */
export interface MetricSink {
  record(datum: MetricDatum): void;
}

/** How an AWS service writes to a log group, in a role and under its rights. */
export interface LogSink {
  /**
   * Makes group and stream where they are absent. Resolves when the events, in the order of their timestamps, are on disk.
   * Throws `AwsError` where the role may not.
   */
  write(entry: {
    readonly caller: Principal;
    readonly region: string;
    readonly group: string;
    readonly stream: string;
    readonly events: readonly { readonly timestampMs: number; readonly message: string }[];
  }): Promise<void>;
}

/** How an AWS service sends to an SQS queue: as itself under the queue's policy, or in a role under the role's rights. */
export interface QueueSink {
  /** Resolves when the message is on disk. Throws `AwsError` where there is no such queue or its sender is not allowed to. */
  send(message: {
    readonly service: string;
    /** The session of the role that the service acts in. @default the service itself */
    readonly caller?: Principal;
    readonly sourceArn: string;
    readonly queueArn: string;
    readonly body: string;
    readonly attributes: Readonly<
      Record<string, { DataType: string; StringValue?: string; BinaryValue?: string }>
    >;
  }): Promise<void>;
}

/** How an AWS service publishes to an SNS topic: as itself under the topic's policy, or in a role under the role's rights. */
export interface NotificationSink {
  /** Throws `AwsError` where the topic does not exist or its publisher is not allowed to. */
  publish(notification: {
    readonly service: string;
    /** The session of the role that the service acts in. @default the service itself */
    readonly caller?: Principal;
    readonly sourceArn: string;
    readonly topicArn: string;
    readonly subject: string;
    readonly message: string;
  }): Promise<void>;
}
