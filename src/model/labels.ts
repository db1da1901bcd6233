/** Labels and annotations of our own, and those of Crossplane that we write or read. */
const DOMAIN = 'payments.example.org';

/** At which of the two sites a managed resource is: selectors find a bucket or a topic by it. */
export const SITE_LABEL = `${DOMAIN}/site`;

/** For whom a role is: selectors find it by this. */
export const DUTY_LABEL = `${DOMAIN}/duty`;
export type Duty = 'payments' | 'replication';

/** On a replication: the versioning of both buckets, as it was seen before the replication was asked for. */
export const VERSIONING_ANNOTATION = `${DOMAIN}/versioning-seen`;

/** On a composite and on what it composes: the claim that it is for, where it is one's (Crossplane writes them). */
export const CLAIM_NAME_LABEL = 'crossplane.io/claim-name';
export const CLAIM_NAMESPACE_LABEL = 'crossplane.io/claim-namespace';

/** The name by which AWS knows the resource. */
export const EXTERNAL_NAME_ANNOTATION = 'crossplane.io/external-name';

/**
 * On a Namespace, with an environmentSuffix after it: this namespace alone may have that environment. The namespaced form
 * needs it, for nothing else there keeps two namespaces from the same AWS resources (docs/decisions/0003).
 */
export const ENVIRONMENT_GRANT_PREFIX = 'environment.payments.m.example.org/';

/** On everything in AWS that takes tags: `namespace/name` of the claim that it was made for. */
export const CLAIM_TAG = 'payments-dr-claim';
