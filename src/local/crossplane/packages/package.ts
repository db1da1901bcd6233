/** A Provider, Function or Configuration as the engine reads it, and the revisions that are made of one. */
import type { KubernetesObject } from '../../../support/kubernetes/objects.js';

export interface Package extends KubernetesObject {
  spec: {
    readonly package: string;
    readonly packagePullPolicy?: string;
    readonly revisionActivationPolicy?: 'Automatic' | 'Manual';
    readonly revisionHistoryLimit?: number;
    readonly runtimeConfigRef?: { readonly name: string };
  };
}

export interface PackageRevision extends KubernetesObject {
  spec: {
    readonly image: string;
    readonly desiredState: 'Active' | 'Inactive';
    readonly revision: number;
  };
  status?: {
    /** Where a function is called, for revisions of functions. */
    readonly endpoint?: string;
    readonly capabilities?: readonly string[];
    readonly conditions?: readonly unknown[];
  };
}

/** The label that names the package of a revision. */
export const LABEL_PACKAGE = 'pkg.crossplane.io/package';
