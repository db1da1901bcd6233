/** A call: one request for a resource, as the verbs take it; and what they answer. */
import type { Clock } from '../../../support/clock.js';
import type { Log } from '../../../support/log.js';
import type { KubernetesObject, Stored } from '../../../support/kubernetes/objects.js';
import type { Authorization } from '../access/authorization.js';
import type { User } from '../access/user.js';
import type { AdmissionPolicies } from '../admission-policies/admission-policies.js';
import type { Registry } from '../resources/registry.js';
import type { Resource } from '../resources/resource.js';
import type { RecordKey, StoredRecord } from '../storage/record.js';
import type { Store } from '../storage/store.js';
import type { ListMeta } from '../tables/table.js';
import type { WatchHub } from '../storage/watch-hub.js';

/** What the verbs work on. */
export interface Plane {
  readonly store: Store;
  readonly registry: Registry;
  readonly hub: WatchHub;
  readonly policies: AdmissionPolicies;
  readonly authorization: Authorization;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Call {
  readonly plane: Plane;
  readonly resource: Resource;
  /** Empty: outside namespaces, or all of them. */
  readonly namespace: string;
  /** Empty for the collection. */
  readonly name: string;
  readonly subresource: string;
  readonly query: URLSearchParams;
  readonly contentType: string;
  readonly userAgent: string;
  readonly user: User;
  /** In which form the client takes objects; a watch has to know. */
  readonly form: 'object' | 'table' | 'partial';
  /** What is said in Warning headers. */
  readonly warn: (message: string) => void;
  /** The body as sent. */
  readonly readBytes: () => Promise<Buffer>;
  /** The body as text. */
  readonly readBody: () => Promise<string>;
}

export type Answer =
  | {
      readonly kind: 'record';
      readonly code: number;
      readonly resource: Resource;
      readonly record: StoredRecord;
    }
  | { readonly kind: 'list'; readonly items: readonly StoredRecord[]; readonly metadata: ListMeta }
  | { readonly kind: 'body'; readonly code: number; readonly body: unknown }
  | { readonly kind: 'stream'; readonly follow: (sink: Sink) => Promise<void> };

/** Where a stream goes. Nothing written to it is lost as long as the client is there, but it is kept until it is sent. */
export interface Sink {
  /** False when the client has to read before more is written. */
  write(text: string): boolean;
  /** Resolves once what was written is sent, or the client is gone. */
  drained(): Promise<void>;
  /** Ends the stream. */
  close(): void;
  /** Aborted when the client is gone or the stream has ended. */
  readonly signal: AbortSignal;
}

export function keyOf(
  { resource, namespace }: Pick<Call, 'resource' | 'namespace'>,
  name: string,
): RecordKey {
  return { resource: resource.storage, namespace: resource.isNamespaced ? namespace : '', name };
}

/** The record, to be answered as the call's version shows it. */
export function objectAnswer(resource: Resource, code: number, record: StoredRecord): Answer {
  return { kind: 'record', code, resource, record };
}

export function asStored(object: KubernetesObject): Stored {
  return object as Stored;
}
