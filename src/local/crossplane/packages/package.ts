/** A Provider, Function or Configuration as the engine reads it. */
import type { KubernetesObject } from '../../../support/kubernetes/objects.js';

export interface Package extends KubernetesObject {
  spec: { readonly package: string };
}
