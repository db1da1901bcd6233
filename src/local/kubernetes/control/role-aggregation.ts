/**
 * The controller of aggregated ClusterRoles: writes into a role with an `aggregationRule` the rules of those that it selects.
 *
 * They count, and are shown, once they are written: by server-side apply, as the controller manager does it
 * (k8s.io/kubernetes, pkg/controller/clusterroleaggregation), in the order of the selectors and then of the names.
 */
import { toKubernetesTime, type Clock } from '../../../support/clock.js';
import type { Stored } from '../../../support/kubernetes/objects.js';
import { fieldOf } from '../built-in/built-in.js';
import { clusterRoles, type AggregationRule, type PolicyRule } from '../built-in/rbac.js';
import { isEqual } from '../json/json.js';
import { EMPTY } from '../managed-fields/field-set.js';
import { apply } from '../managed-fields/managers.js';
import { writerOf } from '../managed-fields/writer.js';
import { apiVersionOf } from '../resources/resource.js';
import { selects } from '../selectors/object-selector.js';
import type { StoredRecord } from '../storage/record.js';
import type { Store } from '../storage/store.js';
import type { WorkQueue } from './work-queue.js';

const FIELD_MANAGER = 'clusterrole-aggregation-controller';

interface Context {
  readonly store: Store;
  readonly clock: Clock;
  readonly queue: WorkQueue;
}

export class RoleAggregation {
  constructor(private readonly context: Context) {}

  start(): void {
    this.#lookAtAll();
    this.context.store.onChange(({ record }) => {
      if (record.key.resource === clusterRoles.storage) this.#lookAtAll();
    });
  }

  /** Any role may be part of any other. */
  #lookAtAll(): void {
    const { store, queue } = this.context;
    for (const { key, object } of store.list(clusterRoles.storage)) {
      if (aggregationOf(object) === undefined) continue;
      queue.add(`clusterrole/${key.name}`, () => this.#aggregate(key.name));
    }
  }

  async #aggregate(name: string): Promise<void> {
    const { store, clock } = this.context;
    const record = store.latest({ resource: clusterRoles.storage, namespace: '', name });
    if (record === undefined) return;
    const { object } = record;
    const aggregation = aggregationOf(object);
    if (aggregation === undefined) return;
    const rules = rulesOfSelected(aggregation, name, store.latestOf(clusterRoles.storage));
    if (isEqual(rules, rulesOf(object))) return;
    const config = {
      apiVersion: apiVersionOf(clusterRoles),
      kind: clusterRoles.kind,
      metadata: { name },
      ...(rules.length === 0 ? {} : { rules }),
    };
    const writer = writerOf(clusterRoles, FIELD_MANAGER, '', toKubernetesTime(clock.now()));
    const applied = apply(object, config, writer, { force: true, allowed: EMPTY });
    const { object: read } = clusterRoles.readBody({ ...applied.object });
    const metadata = { ...read.metadata, managedFields: applied.managedFields };
    await store.put(record.key, { ...read, metadata } as Stored);
  }
}

function aggregationOf(role: Stored): AggregationRule | undefined {
  return fieldOf<AggregationRule>(role, 'aggregationRule');
}

function rulesOf(role: Stored): readonly PolicyRule[] {
  return fieldOf<PolicyRule[] | null>(role, 'rules') ?? [];
}

function rulesOfSelected(
  { clusterRoleSelectors = [] }: AggregationRule,
  name: string,
  roles: readonly StoredRecord[],
): PolicyRule[] {
  const others = roles
    .filter(({ key }) => key.name !== name)
    .toSorted((a, b) => (a.key.name < b.key.name ? -1 : 1));
  const rules = clusterRoleSelectors.flatMap((selector) =>
    others
      .filter(({ object }) => selects(selector, object.metadata.labels ?? {}))
      .flatMap(({ object }) => rulesOf(object)),
  );
  return rules.filter((rule, index) => rules.findIndex((one) => isEqual(one, rule)) === index);
}
