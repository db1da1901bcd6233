/** The CompositeResourceDefinition: the API that people use, in one of its two forms. */
import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { API_VERSION, CLAIM_API, type ClaimApi, type ResourceNames } from '../model/claim/api.js';
import { SPEC } from '../model/claim/spec.js';
import { STATUS } from '../model/claim/status.js';
import type { PrinterColumn } from '../model/managed/custom-resource.js';
import type { Form } from '../model/managed/kind.js';
import { object } from '../model/schema.js';

/** Crossplane adds SYNCED, READY, AGE and its own after these. */
export const PRINTER_COLUMNS: readonly PrinterColumn[] = [
  { name: 'SUFFIX', type: 'string', jsonPath: '.spec.environmentSuffix' },
  { name: 'PRIMARY', type: 'string', jsonPath: '.spec.regions.primary' },
  { name: 'SECONDARY', type: 'string', jsonPath: '.spec.regions.secondary' },
];

/** The name of the XRD, and of the Composition that belongs to it. */
export function definitionName(form: Form): string {
  const { composite, group } = CLAIM_API[form];
  return `${composite.plural}.${group}`;
}

export class CompositeDefinition extends ApiObject {
  constructor(scope: Construct, form: Form) {
    const { group, composite, claim }: ClaimApi = CLAIM_API[form];
    super(scope, 'definition', {
      // Claims are served by the first version only.
      apiVersion: `apiextensions.crossplane.io/${form === 'cluster' ? 'v1' : 'v2'}`,
      kind: 'CompositeResourceDefinition',
      metadata: { name: definitionName(form) },
      spec: {
        group,
        scope: form === 'cluster' ? 'LegacyCluster' : 'Namespaced',
        names: namesOf(composite),
        ...(claim === undefined ? {} : { claimNames: namesOf(claim) }),
        defaultCompositionRef: { name: definitionName(form) },
        versions: [
          {
            name: API_VERSION,
            served: true,
            referenceable: true,
            additionalPrinterColumns: PRINTER_COLUMNS,
            schema: {
              openAPIV3Schema: object(
                SPEC.description,
                { spec: SPEC, status: STATUS },
                { required: ['spec'] },
              ),
            },
          },
        ],
      },
    });
  }
}

function namesOf({ kind, plural, shortNames }: ResourceNames) {
  return {
    kind,
    listKind: `${kind}List`,
    plural,
    singular: kind.toLowerCase(),
    ...(shortNames === undefined ? {} : { shortNames }),
  };
}
