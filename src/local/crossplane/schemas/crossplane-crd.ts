/** The frame that the CRDs of Crossplane's own kinds share: all are cluster scoped and in category `crossplane`. */
import type { KubernetesObject } from '../../../support/kubernetes/objects.js';
import { object, text, type Column, type Schema } from './schema.js';

export interface CrossplaneKind {
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  readonly shortNames?: readonly string[];
  /** Beside `crossplane`. */
  readonly categories?: readonly string[];
  /** Every version is served. */
  readonly versions: readonly CrossplaneVersion[];
}

export interface CrossplaneVersion {
  readonly name: string;
  readonly stored: boolean;
  /** What kubectl prints to those who use this version. */
  readonly deprecationWarning?: string;
  readonly columns: readonly Column[];
  /** What stands beside apiVersion, kind and metadata. */
  readonly properties: Readonly<Record<string, Schema>>;
}

export function crossplaneCrd(kind: CrossplaneKind): KubernetesObject {
  const singular = kind.kind.toLowerCase();
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${kind.plural}.${kind.group}` },
    spec: {
      group: kind.group,
      scope: 'Cluster',
      names: {
        kind: kind.kind,
        listKind: `${kind.kind}List`,
        plural: kind.plural,
        singular,
        categories: ['crossplane', ...(kind.categories ?? [])],
        ...(kind.shortNames === undefined ? {} : { shortNames: kind.shortNames }),
      },
      versions: kind.versions.map((version) => ({
        name: version.name,
        served: true,
        storage: version.stored,
        ...(version.deprecationWarning === undefined
          ? {}
          : { deprecated: true, deprecationWarning: version.deprecationWarning }),
        additionalPrinterColumns: version.columns,
        schema: {
          openAPIV3Schema: object({
            apiVersion: text,
            kind: text,
            metadata: { type: 'object' },
            ...version.properties,
          }),
        },
        subresources: 'status' in version.properties ? { status: {} } : {},
      })),
    },
  };
}
