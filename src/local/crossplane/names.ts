/** The names that Crossplane writes into objects: labels, annotations, finalizers, field managers. Each has its home here. */

export const LABEL_COMPOSITE = 'crossplane.io/composite';
export const LABEL_CLAIM_NAME = 'crossplane.io/claim-name';
export const LABEL_CLAIM_NAMESPACE = 'crossplane.io/claim-namespace';
export const LABEL_COMPOSITION_NAME = 'crossplane.io/composition-name';
export const LABEL_COMPOSITION_HASH = 'crossplane.io/composition-hash';

export const ANNOTATION_RESOURCE_NAME = 'crossplane.io/composition-resource-name';
export const ANNOTATION_EXTERNAL_NAME = 'crossplane.io/external-name';
export const ANNOTATION_PAUSED = 'crossplane.io/paused';
/** Known from `crossplane render`: call this function at an address instead of its package. */
export const ANNOTATION_RUNTIME = 'render.crossplane.io/runtime';
export const ANNOTATION_RUNTIME_TARGET = 'render.crossplane.io/runtime-development-target';

export const FINALIZER_CLAIM = 'finalizer.apiextensions.crossplane.io';
export const FINALIZER_COMPOSITE = 'composite.apiextensions.crossplane.io';
export const FINALIZER_DEFINED = 'defined.apiextensions.crossplane.io';
export const FINALIZER_OFFERED = 'offered.apiextensions.crossplane.io';

/** Who writes what is not applied: finalizers, references, conditions. */
export const FIELD_MANAGER = 'crossplane';
/** Who applies a claim's fields to its composite resource. */
export const FIELD_MANAGER_CLAIM = 'apiextensions.crossplane.io/claim';
/** Who applies what a pipeline says of the composite resource: its references and its status. */
export const FIELD_MANAGER_COMPOSITE = 'apiextensions.crossplane.io/composite';
/** Who applies composed resources; the composite resource's own digest follows. */
export const FIELD_MANAGER_COMPOSED = 'apiextensions.crossplane.io/composed';

export const CONNECTION_SECRET_TYPE = 'connection.crossplane.io/v1alpha1';

/** Controllers by the names under which they tell events. */
export const CONTROLLER_COMPOSITES =
  'defined/compositeresourcedefinition.apiextensions.crossplane.io';
export const CONTROLLER_CLAIMS = 'offered/compositeresourcedefinition.apiextensions.crossplane.io';
export const CONTROLLER_COMPOSITIONS = 'revisions/composition.apiextensions.crossplane.io';
export const CONTROLLER_REVISIONS = 'revision/compositionrevision.apiextensions.crossplane.io';
/** Of a package, or of its revisions. */
export const controllerOfPackages = (kind: string): string =>
  `packages/${kind.toLowerCase()}.pkg.crossplane.io`;
