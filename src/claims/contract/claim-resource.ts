/** A claim's kind as the API server would serve it: the CRD that Crossplane makes of our definition, ready to judge objects. */
import type { Stored } from '../../support/kubernetes/objects.js';
import { claimCrd, compositeCrd } from '../../local/crossplane/definitions/crds.js';
import type { Definition } from '../../local/crossplane/definitions/definition.js';
import { customResource } from '../../local/kubernetes/crds/custom-resource.js';
import type { Definition as CustomResourceDefinition } from '../../local/kubernetes/crds/definition.js';
import type { Resource } from '../../local/kubernetes/resources/resource.js';

/** What people apply: the claim, or the composite itself where the definition offers no claims. */
export function claimResource(definition: Definition): Resource {
  const stored = {
    ...definition,
    metadata: { ...definition.metadata, uid: '', resourceVersion: '' },
  } as Stored<Definition>;
  const crd = (claimCrd(stored) ?? compositeCrd(stored)) as CustomResourceDefinition;
  const version = crd.spec.versions.find(({ storage }) => storage);
  if (version === undefined) throw new RangeError(`${crd.metadata.name ?? ''} stores no version`);
  return customResource(crd, version);
}
