/**
 * The protocol of composition functions: what Crossplane asks a function, and what the function answers.
 *
 * A plain JSON mirror of Crossplane's `apiextensions.fn.proto.v1`: the engine speaks only this, and a function is either
 * one of ours (`patchAndTransform`, `autoReady`) or any other, called over gRPC (`grpcFunction`). Promises that a function
 * never changes its request.
 */

export type RunFunction = (request: RunFunctionRequest) => Promise<RunFunctionResponse>;

export interface RunFunctionRequest {
  readonly meta?: RequestMeta;
  readonly observed: State;
  /** What the functions before this one want; a function passes on what it does not change. */
  readonly desired: State;
  readonly input?: JsonObject;
  readonly context?: Readonly<Record<string, unknown>>;
  readonly requiredResources?: Readonly<Record<string, Resources>>;
  /** The older name of `requiredResources`; functions of both ages are sent both. */
  readonly extraResources?: Readonly<Record<string, Resources>>;
  readonly credentials?: Readonly<Record<string, Credentials>>;
}

export interface RunFunctionResponse {
  readonly meta?: ResponseMeta;
  readonly desired: State;
  readonly results: readonly Result[];
  readonly context?: Readonly<Record<string, unknown>>;
  readonly requirements?: Requirements;
  readonly conditions?: readonly FunctionCondition[];
}

export type JsonObject = Readonly<Record<string, unknown>>;

export interface RequestMeta {
  readonly tag: string;
  /** What of the protocol the engine honours, for functions that ask. */
  readonly capabilities?: readonly Capability[];
}

export type Capability =
  | 'CAPABILITY_CAPABILITIES'
  | 'CAPABILITY_REQUIRED_RESOURCES'
  | 'CAPABILITY_CREDENTIALS'
  | 'CAPABILITY_CONDITIONS';

export interface ResponseMeta {
  readonly tag: string;
  /** How long the answer may be kept, in seconds. */
  readonly ttlSeconds?: number;
}

export interface State {
  readonly composite?: Resource;
  readonly resources: Readonly<Record<string, Resource>>;
}

export interface Resource {
  readonly resource: JsonObject;
  /** Base64, as in a Secret's data. */
  readonly connectionDetails?: Readonly<Record<string, string>>;
  readonly ready?: Ready;
}

export type Ready = 'READY_UNSPECIFIED' | 'READY_TRUE' | 'READY_FALSE';

export interface Resources {
  readonly items: readonly Resource[];
}

export interface Credentials {
  /** Base64, as in a Secret's data. */
  readonly credentialData: { readonly data: Readonly<Record<string, string>> };
}

/** A severity that a function leaves unset, or that we do not know, counts as a warning. */
export type Severity =
  'SEVERITY_UNSPECIFIED' | 'SEVERITY_FATAL' | 'SEVERITY_WARNING' | 'SEVERITY_NORMAL';

/** Who is told: the composite resource alone, or its claim too. */
export type Target = 'TARGET_COMPOSITE' | 'TARGET_COMPOSITE_AND_CLAIM';

export interface Result {
  readonly severity: Severity;
  readonly message: string;
  readonly reason?: string;
  readonly target?: Target;
}

export interface Requirements {
  readonly resources?: Readonly<Record<string, ResourceSelector>>;
  /** The older name of `resources`. */
  readonly extraResources?: Readonly<Record<string, ResourceSelector>>;
}

export interface ResourceSelector {
  readonly apiVersion: string;
  readonly kind: string;
  readonly matchName?: string;
  readonly matchLabels?: { readonly labels: Readonly<Record<string, string>> };
  readonly namespace?: string;
}

export interface FunctionCondition {
  readonly type: string;
  /** Anything but true and false is unknown. */
  readonly status?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly target?: Target;
}
