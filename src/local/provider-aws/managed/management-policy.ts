/**
 * What the provider may do to the resource in AWS: `spec.managementPolicies`, with `deletionPolicy` of the cluster-scoped form.
 *
 * Only combinations that the real provider knows are taken; any other is refused, so that a slip of the pen never deletes.
 */
import { ANNOTATIONS, type Managed } from './managed-resource.js';

export type ManagementAction = 'Observe' | 'Create' | 'Update' | 'Delete' | 'LateInitialize' | '*';

/** crossplane-runtime, `defaultSupportedManagementPolicies`. */
const SUPPORTED: readonly (readonly ManagementAction[])[] = [
  ['*'],
  ['Observe', 'Create', 'Update', 'Delete', 'LateInitialize'],
  ['Observe', 'Create', 'Update', 'Delete'],
  ['Observe', 'Create', 'Delete', 'LateInitialize'],
  ['Observe', 'Create', 'Delete'],
  ['Observe', 'Create', 'Update', 'LateInitialize'],
  ['Observe', 'Create', 'Update'],
  ['Observe', 'Create', 'LateInitialize'],
  ['Observe', 'Create'],
  ['Observe', 'Update', 'Delete', 'LateInitialize'],
  ['Observe', 'Update', 'Delete'],
  ['Observe', 'Update', 'LateInitialize'],
  ['Observe', 'Update'],
  ['Observe', 'Delete', 'LateInitialize'],
  ['Observe', 'Delete'],
  ['Observe', 'LateInitialize'],
  ['Observe'],
];

export class ManagementPolicy {
  readonly #actions: ReadonlySet<string>;
  readonly #orphan: boolean;
  readonly #annotatedPause: boolean;

  constructor(resource: Managed) {
    this.#actions = new Set(resource.spec?.managementPolicies ?? ['*']);
    this.#orphan = resource.spec?.deletionPolicy === 'Orphan';
    this.#annotatedPause = resource.metadata.annotations?.[ANNOTATIONS.paused] === 'true';
  }

  /** Paused by annotation, or by an empty list of policies. */
  get isPaused(): boolean {
    return this.#annotatedPause || this.#actions.size === 0;
  }

  /** Why these policies cannot be followed, or `undefined`. */
  get refusal(): string | undefined {
    const known = SUPPORTED.some(
      (set) =>
        set.length === this.#actions.size && set.every((action) => this.#actions.has(action)),
    );
    if (known) return undefined;
    return `managementPolicies [${[...this.#actions].join(' ')}] is not supported`;
  }

  get onlyObserves(): boolean {
    return this.#actions.size === 1 && this.#actions.has('Observe');
  }

  /** A default `deletionPolicy: Delete` does not widen policies that leave Delete out; Orphan narrows those with it only if they are the default. */
  get mayDelete(): boolean {
    return this.#actions.has('*') ? !this.#orphan : this.#actions.has('Delete');
  }

  allows(action: Exclude<ManagementAction, '*' | 'Delete'>): boolean {
    return this.#actions.has('*') || this.#actions.has(action);
  }
}
