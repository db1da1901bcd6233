/** What every custom resource has, and the shape of its definition. */
import { integer, list, object, text, type ObjectSchema } from '../schema.js';

export interface PrinterColumn {
  readonly name: string;
  readonly type: 'string' | 'date' | 'integer' | 'number' | 'boolean';
  readonly jsonPath: string;
  /** 0 is always shown, 1 only in `-o wide`. */
  readonly priority?: number;
  readonly description?: string;
}

export interface CustomResourceDefinition {
  readonly apiVersion: 'apiextensions.k8s.io/v1';
  readonly kind: 'CustomResourceDefinition';
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly group: string;
    readonly names: {
      readonly kind: string;
      readonly listKind: string;
      readonly plural: string;
      readonly singular: string;
      readonly categories: readonly string[];
    };
    readonly scope: 'Cluster' | 'Namespaced';
    readonly versions: readonly {
      readonly name: string;
      readonly served: boolean;
      readonly storage: boolean;
      readonly subresources: { readonly status?: Record<string, never> };
      readonly additionalPrinterColumns: readonly PrinterColumn[];
      readonly schema: { readonly openAPIV3Schema: ObjectSchema };
    }[];
  };
}

export const OBJECT_FIELDS = {
  apiVersion: text('The version of the schema of this object.'),
  kind: text('What this object is.'),
  metadata: { type: 'object', properties: {} } as const satisfies ObjectSchema,
};

export const CONDITIONS = list(
  'How it is: Synced and Ready, with the reason.',
  object(
    'One statement.',
    {
      type: text('What it is about.'),
      status: text('True, False or Unknown.'),
      reason: text('Why, in one word.'),
      message: text('Why, for a person.'),
      lastTransitionTime: text('Since when.', { format: 'date-time' }),
      observedGeneration: integer('Of which generation of the specification it speaks.', {
        format: 'int64',
      }),
    },
    { required: ['lastTransitionTime', 'reason', 'status', 'type'] },
  ),
  { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['type'] },
);
