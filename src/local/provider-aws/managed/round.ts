/**
 * One round of reconciling one managed resource: the object as it is, what this round changes of it, and how that is written.
 *
 * Edits are collected and written together (`flush`), guarded by the version they were made on; the status is written once,
 * at the end. A round that changes nothing writes nothing.
 */
import type { Form } from '../../../model/managed/kind.js';
import { toKubernetesTime, type Clock } from '../../../support/clock.js';
import type { KubernetesClient, ResourceType } from '../../../support/kubernetes/client.js';
import {
  conditionsOf,
  keyOf,
  setCondition,
  type Condition,
} from '../../../support/kubernetes/objects.js';
import type { Log } from '../../../support/log.js';
import type { AwsConnection } from '../config/aws-connection.js';
import type { Connections } from '../config/connections.js';
import type { ProviderConfig } from '../config/provider-config.js';
import type { Usages } from '../config/usages.js';
import type { External, Observation, Target } from '../external/external.js';
import type { Said } from './conditions.js';
import type { EventRecorder } from './events.js';
import { ManagementPolicy } from './management-policy.js';
import {
  externalNameOf,
  type Managed,
  type ManagedObject,
  type ManagedSpec,
} from './managed-resource.js';
import { mergePatch } from './merge-patch.js';
import type { ReferencedKinds } from './references.js';
import { keepKnown, schemaAt, type Schema } from './schema.js';

/** The name under which fields are owned in `managedFields`. */
const FIELD_MANAGER = 'provider-aws';

/** A kind as this provider serves it, in one form. */
export interface ServedKind {
  /** As in `s3/Bucket`. */
  readonly id: string;
  readonly form: Form;
  readonly type: ResourceType;
  readonly schema: Schema;
  readonly external: External;
}

/** What every round works with. */
export interface World {
  readonly client: KubernetesClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly events: EventRecorder;
  readonly connections: Connections;
  readonly usages: Usages;
  readonly kinds: ReferencedKinds;
  /** How long until a resource in order is looked at again, in milliseconds. */
  readonly pollIntervalMs: number;
  findConfig(kind: string, name: string, namespace: string | undefined): ProviderConfig | undefined;
}

export class Round {
  readonly policy: ManagementPolicy;
  /** Set by the phases `connect` and `observe`. */
  connection: AwsConnection | undefined;
  observation: Observation<Record<string, unknown>> | undefined;
  #stored: Managed;
  #edited: Managed;
  #conditions: readonly Condition[];
  #atProvider: Record<string, unknown> | undefined;
  #handledRequest: string | undefined;

  constructor(
    readonly kind: ServedKind,
    readonly world: World,
    stored: Managed,
  ) {
    this.#stored = stored;
    this.#edited = stored;
    this.#conditions = conditionsOf(stored);
    this.#atProvider = stored.status?.atProvider;
    this.policy = new ManagementPolicy(stored);
  }

  /** The object with this round's edits. */
  get resource(): Managed {
    return this.#edited;
  }

  get externalName(): string {
    return externalNameOf(this.#edited);
  }

  get aws(): AwsConnection {
    if (this.connection === undefined) throw new Error('not connected');
    return this.connection;
  }

  get forProvider(): Record<string, unknown> {
    return this.#edited.spec?.forProvider ?? {};
  }

  /** What is asked for; for a creation together with the values that only count then. */
  target(purpose: 'creation' | 'upkeep'): Target<Record<string, unknown>> {
    const region = this.forProvider.region;
    return {
      name: this.externalName,
      region: typeof region === 'string' ? region : '',
      forProvider:
        purpose === 'creation'
          ? { ...this.#edited.spec?.initProvider, ...this.forProvider }
          : this.forProvider,
    };
  }

  editSpec(change: Partial<ManagedSpec>): void {
    this.#edited = { ...this.#edited, spec: { ...this.#edited.spec, ...change } };
  }

  editAnnotations(change: Readonly<Record<string, string>>): void {
    const { metadata } = this.#edited;
    const annotations = { ...metadata.annotations, ...change };
    this.#edited = { ...this.#edited, metadata: { ...metadata, annotations } };
  }

  editFinalizers(change: (finalizers: readonly string[]) => string[]): void {
    const { metadata } = this.#edited;
    const finalizers = change(metadata.finalizers ?? []);
    this.#edited = { ...this.#edited, metadata: { ...metadata, finalizers } };
  }

  /** Fields of `forProvider` that the kind's CRD has. */
  known(parameters: Record<string, unknown>): Record<string, unknown> {
    const schema = schemaAt(this.kind.schema, 'spec', 'forProvider');
    return keepKnown(parameters, schema) as Record<string, unknown>;
  }

  /** Writes the edits so far; rejects with `Conflict` when somebody else wrote in between. */
  async flush(): Promise<void> {
    const patch = mergePatch(editable(this.#stored), editable(this.#edited));
    if (patch === undefined) return;
    const { resourceVersion } = this.#stored.metadata;
    await this.#write({
      ...patch,
      metadata: { ...(patch.metadata as object), resourceVersion },
    });
  }

  /** Writes the edits whatever happened in between: what was learnt must not be lost. */
  async flushRegardless(): Promise<void> {
    const patch = mergePatch(editable(this.#stored), editable(this.#edited));
    if (patch !== undefined) await this.#write(patch);
  }

  say(...said: readonly Said[]): void {
    const observedGeneration = this.#stored.metadata.generation;
    const now = toKubernetesTime(this.world.clock.now());
    for (const condition of said) {
      const next =
        observedGeneration === undefined ? condition : { ...condition, observedGeneration };
      this.#conditions = setCondition(this.#conditions, next, now);
    }
  }

  observed(atProvider: Record<string, unknown>): void {
    const schema = schemaAt(this.kind.schema, 'status', 'atProvider');
    this.#atProvider = keepKnown(atProvider, schema) as Record<string, unknown>;
  }

  /** This round is the look that was asked for by this token; kinds whose status has no place for it do not say so. */
  handles(request: string): void {
    const known = schemaAt(this.kind.schema, 'status', 'lastHandledReconcileAt');
    if (known !== undefined) this.#handledRequest = request;
  }

  /** Writes what was said and observed, if it differs from what is written. */
  async publish(): Promise<void> {
    const status = {
      ...this.#stored.status,
      conditions: this.#conditions,
      atProvider: this.#atProvider,
      ...(this.#handledRequest === undefined
        ? {}
        : { lastHandledReconcileAt: this.#handledRequest }),
    };
    const patch = mergePatch(this.#stored.status, withoutUndefined(status));
    if (patch === undefined) return;
    const { client } = this.world;
    const { resourceVersion } = this.#stored.metadata;
    await client.patch(
      this.kind.type,
      keyOf(this.#stored),
      { metadata: { resourceVersion }, status: patch },
      { subresource: 'status', fieldManager: FIELD_MANAGER },
    );
  }

  async #write(patch: unknown): Promise<void> {
    const key = keyOf(this.#stored);
    this.#stored = await this.world.client.patch<ManagedObject>(this.kind.type, key, patch, {
      fieldManager: FIELD_MANAGER,
    });
    this.#edited = this.#stored;
  }
}

/** The part of an object that `flush` writes. */
function editable({ metadata: { annotations, finalizers }, spec }: Managed) {
  return withoutUndefined({ metadata: withoutUndefined({ annotations, finalizers }), spec });
}

function withoutUndefined(object: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}
