/**
 * What the portal's server and its page say to each other: JSON over `/api`, and server-sent events.
 *
 * Both sides are compiled against this file, and nothing else is shared by them but `src/model`.
 */
import type { Form } from '../model/managed/kind.js';
import type { Site } from '../model/regions.js';

/** Every answer that is no success. `causes` mark fields of the claim, by path: `spec.handler.timeoutSeconds`. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  /** What the reader can do about it. */
  readonly remedy: string;
  readonly retryable: boolean;
  readonly causes: readonly FieldFault[];
}

export interface FieldFault {
  /** Empty where the API server names no field. */
  readonly field: string;
  readonly message: string;
}

export interface SessionView {
  readonly user: string;
  /** Whether the page can end the session: a token that a proxy passes is not its to forget. */
  readonly canSignOut: boolean;
  /** What the portal has been given beside the Kubernetes API. */
  readonly aws: { readonly metrics: boolean; readonly payments: boolean };
}

/** Which claim: `form` says of which of the two APIs. */
export interface ClaimKey {
  readonly form: Form;
  readonly namespace: string;
  readonly name: string;
}

export interface ConditionView {
  /** `True`, `False`, or whatever else the cluster says: an unknown one is shown as it is. */
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

/** A line of the list. */
export interface ClaimRow extends ClaimKey {
  readonly uid: string;
  readonly createdAt: string;
  readonly isDeleting: boolean;
  readonly environmentSuffix: string;
  readonly primary: string;
  readonly secondary: string;
  readonly synced: ConditionView | null;
  readonly ready: ConditionView | null;
}

export interface ResourceView {
  readonly kind: string;
  readonly name: string;
  /** The region, or `global` where it has none. */
  readonly region: string;
  readonly isDeleting: boolean;
  readonly synced: ConditionView | null;
  readonly ready: ConditionView | null;
}

export interface Output {
  /** `primaryFunctionArn`, as `payments-dr outputs` calls it. */
  readonly name: string;
  readonly value: string;
}

/** The first thing that holds a claim up. */
export interface CauseView {
  readonly kind: string;
  readonly name: string;
  readonly reason: string;
  readonly message: string;
}

export interface ClaimView extends ClaimRow {
  readonly dataRetention: string;
  readonly cause: CauseView | null;
  /** What has to be there before the rest is made. */
  readonly waitsFor: readonly string[];
  readonly resources: readonly ResourceView[];
  /** Kinds of which the caller may not read resources: they are left out of `resources`. */
  readonly hiddenKinds: readonly string[];
  readonly outputs: readonly Output[];
  /** What would be lost with the claim, in words. */
  readonly losses: readonly string[];
  readonly mayChange: boolean;
  readonly mayDelete: boolean;
}

/** How the cluster is, so far as the page has to tell. */
export interface ClusterState {
  /** Empty while the API answers; else what is wrong with it. */
  readonly trouble: string;
  /** Forms whose API the cluster does not serve. */
  readonly missing: readonly Form[];
}

/** The events of `/api/stream`. */
export interface ListEvents {
  readonly cluster: ClusterState;
  /** Everything, at the beginning and whenever the rights of the caller changed. */
  readonly claims: readonly ClaimRow[];
  readonly changed: { readonly rows: readonly ClaimRow[]; readonly gone: readonly string[] };
  readonly refused: Refusal;
}

/** The events of `/api/claims/…/stream`. */
export interface ClaimEvents {
  readonly cluster: ClusterState;
  readonly claim: ClaimView;
  /** It is not there, or not any more. */
  readonly gone: Refusal;
  readonly regions: readonly RegionView[];
  readonly refused: Refusal;
}

export interface AlarmView {
  readonly name: string;
  /** OK, ALARM or INSUFFICIENT_DATA. */
  readonly state: string;
  readonly reason: string;
}

/** What CloudWatch says of a region. */
export interface RegionView {
  readonly site: Site;
  readonly region: string;
  /** Empty while it answers; else what went wrong. */
  readonly trouble: string;
  readonly alarms: readonly AlarmView[];
  /** How long writes of this region take to be in the other one, in milliseconds; null while nothing was written lately. */
  readonly replicationLagMs: number | null;
}

/** An API that claims can be made of: an entry of the catalogue. */
export interface CatalogueEntry {
  readonly form: Form;
  readonly apiVersion: string;
  readonly kind: string;
  readonly description: string;
  /** Of `spec`, as the cluster serves it. */
  readonly schema: FieldSchema;
}

/** As much of an OpenAPI schema as a form is made of. */
export interface FieldSchema {
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly items?: FieldSchema;
  readonly additionalProperties?: FieldSchema | boolean;
  readonly maxProperties?: number;
  readonly 'x-kubernetes-validations'?: readonly {
    readonly rule: string;
    readonly message?: string;
  }[];
}

export interface Catalogue {
  readonly entries: readonly CatalogueEntry[];
  /** Those that the caller may list; empty where it may not. */
  readonly namespaces: readonly string[];
}

export interface Draft extends ClaimKey {
  readonly spec: Readonly<Record<string, unknown>>;
}

export interface Preview {
  readonly yaml: string;
  readonly faults: readonly FieldFault[];
  /** What the cluster's Composition would make of it; empty while the claim is not valid. */
  readonly resources: readonly {
    readonly kind: string;
    readonly name: string;
    readonly region: string;
  }[];
  /** Why there is no list of resources, where there is none. */
  readonly unrendered: string;
}

/** An edit: against which version of the claim, and its `spec` as a whole. */
export interface Edit {
  /** Of the claim that the edit began with: what it asks for, whatever became of its status since. */
  readonly generation: number;
  readonly spec: Readonly<Record<string, unknown>>;
}

export interface FieldChange {
  readonly field: string;
  /** Undefined where the field is new. */
  readonly before?: unknown;
  readonly after?: unknown;
}

export interface EditPreview {
  readonly changes: readonly FieldChange[];
  readonly faults: readonly FieldFault[];
}

export interface Manifest {
  readonly generation: number;
  readonly spec: Readonly<Record<string, unknown>>;
}

export interface EventView {
  readonly at: string;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  /** `Table/payments-table-dev`. */
  readonly about: string;
  readonly count: number;
}

export interface Events {
  readonly events: readonly EventView[];
  /** Namespaces of which the caller may not read events. */
  readonly hidden: readonly string[];
}

export interface PaymentResult {
  readonly transactionId: string;
  readonly region: string;
  readonly functionName: string;
  readonly answer: string;
  readonly tookMs: number;
}
