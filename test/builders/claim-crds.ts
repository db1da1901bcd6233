/** The kinds that people apply, on an API server where no Crossplane makes them of our definitions. */
import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { claimCrd, compositeCrd } from '../../src/local/crossplane/definitions/crds.js';
import type { Definition } from '../../src/local/crossplane/definitions/definition.js';
import { apiVersionOf, CLAIM_API } from '../../src/model/claim/api.js';
import { FORMS, type Form } from '../../src/model/managed/kind.js';
import type { KubernetesObject, Stored } from '../../src/support/kubernetes/objects.js';

/** The CRDs that Crossplane makes of the definition of each form. */
export function crossplaneCrds(forms: readonly Form[] = FORMS): KubernetesObject[] {
  return forms.flatMap((form) => {
    const { composite, group } = CLAIM_API[form];
    const name = `${composite.plural}.${group}`;
    const [definition] = objectsIn(`crds/${name}.yaml`) as Stored<Definition>[];
    if (definition === undefined) throw new Error(`${name} is empty`);
    definition.metadata.uid = '00000000-0000-0000-0000-000000000000';
    return [compositeCrd(definition), claimCrd(definition)].flatMap((crd) => {
      if (crd === undefined) return [];
      // Owned by a definition that is not there they would be collected as garbage.
      const { ownerReferences: _owners, ...metadata } = crd.metadata;
      return [{ ...crd, metadata }];
    });
  });
}

/** Where claims of a form are served. */
export function claimPathOf(form: Form, namespace: string): string {
  return `/apis/${apiVersionOf(form)}/namespaces/${namespace}/paymentsdrs`;
}

export function objectsIn(path: string): KubernetesObject[] {
  return parseAllDocuments(readFileSync(path, 'utf8'), { version: '1.1' }).map(
    (document) => document.toJS() as KubernetesObject,
  );
}
