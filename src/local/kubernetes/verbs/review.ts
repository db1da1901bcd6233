/** Review: what a verb is about to store or delete, as the admission policies are asked about it. */
import type { KubernetesObject, Stored } from '../../../support/kubernetes/objects.js';
import type { GroupVersionKind } from '../admission-policies/request.js';
import type { JsonObject } from '../json/json.js';
import type { Call } from './call.js';

interface Write {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE';
  /** @default the kind of the resource */
  readonly kind?: GroupVersionKind;
  readonly object?: object;
  readonly oldObject?: object;
  readonly isDryRun: boolean;
  readonly options: JsonObject;
}

/** Throws the StatusError of a policy that denies it. */
export function reviewWrite(call: Call, { object, oldObject, ...write }: Write): void {
  const { plane, resource, subresource, namespace, name, user, warn } = call;
  plane.policies.review({
    ...write,
    object,
    oldObject,
    resource,
    subresource,
    namespace: resource.isNamespaced ? namespace : '',
    name,
    user,
    warn,
  });
}

export function reviewUpdate(
  call: Call,
  object: KubernetesObject,
  oldObject: Stored,
  isDryRun: boolean,
): void {
  const options = optionsOf(call, 'UpdateOptions');
  reviewWrite(call, { operation: 'UPDATE', object, oldObject, isDryRun, options });
}

/** The options of a write, as policies see them. */
export function optionsOf({ query }: Call, kind: string): JsonObject {
  const given = ['fieldManager', 'fieldValidation'].flatMap((key) => {
    const value = query.get(key) ?? '';
    return value === '' ? [] : [[key, value] as const];
  });
  const dryRun = query.getAll('dryRun');
  return {
    kind,
    apiVersion: 'meta.k8s.io/v1',
    ...Object.fromEntries(given),
    ...(dryRun.length === 0 ? {} : { dryRun }),
  };
}
