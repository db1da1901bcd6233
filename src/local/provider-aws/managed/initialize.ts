/** First phase of a managed resource's round: the name under which AWS knows it, and the tags that lead back to it. */
import { configReferenceOf } from '../config/provider-config.js';
import { isRecord } from '../external/drift.js';
import { parseApiVersion } from '../../../support/kubernetes/objects.js';
import { ANNOTATIONS } from './managed-resource.js';
import type { Round } from './round.js';

export function initialize(round: Round): void {
  const { resource, kind, policy } = round;
  if (kind.external.naming === 'given' && round.externalName === '') {
    round.editAnnotations({ [ANNOTATIONS.externalName]: resource.metadata.name });
  }
  if (!kind.external.fields.includes('tags') || policy.onlyObserves) return;
  const tags = isRecord(round.forProvider.tags) ? round.forProvider.tags : {};
  const { group } = parseApiVersion(resource.apiVersion);
  const own = {
    'crossplane-kind': `${resource.kind}.${group}`.toLowerCase(),
    'crossplane-name': resource.metadata.name,
    'crossplane-providerconfig': configReferenceOf(resource, kind.form).name,
  };
  const missing = Object.entries(own).some(([key, value]) => tags[key] !== value);
  if (missing) round.editSpec({ forProvider: { ...round.forProvider, tags: { ...tags, ...own } } });
}
