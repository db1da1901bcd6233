/**
 * What a kind of the AWS provider (provider-upjet-aws 2.6) is to us: where it is served and which of its fields we use.
 *
 * Fed to three readers: the definition types its templates by it, the local provider serves it as a CRD (`crd.ts`), and a
 * test holds it against the real provider's CRDs, field by field.
 */
import type { ObjectSchema, Properties, ValueOf } from '../schema.js';

/** Cluster-scoped `*.aws.upbound.io`, or namespaced `*.aws.m.upbound.io`. */
export const FORMS = ['cluster', 'namespaced'] as const;
export type Form = (typeof FORMS)[number];

export interface ManagedKind {
  readonly kind: string;
  readonly plural: string;
  /** The first label of the API group: `dynamodb` of `dynamodb.aws.upbound.io`. */
  readonly service: string;
  /** The version in the cluster form whose single blocks are objects, as in the namespaced form. */
  readonly clusterVersion: 'v1beta1' | 'v1beta2';
  readonly description: string;
  /** Whether AWS's name of it is given in the annotation `crossplane.io/external-name`, or assigned by the provider. */
  readonly externalName: 'given' | 'assigned';
  /** What is asked of AWS. Region-bound kinds require `region`. */
  readonly forProvider: ObjectSchema;
  /** Fields that say which resource it is: beside `region`, `initProvider` cannot have them. */
  readonly identity?: readonly string[];
  /** Fields without which the real provider refuses to create or update. */
  readonly needs: readonly string[];
  /** For each field that a selector can fill, the kind that the real provider looks among. */
  readonly refersTo?: Readonly<Record<string, 'Bucket' | 'Role' | 'Topic'>>;
  /** What AWS says beyond what is asked: `status.atProvider` has these and the fields of `forProvider`. */
  readonly observed: Properties;
}

export function defineKind<const K extends ManagedKind>(kind: K): K {
  return kind;
}

/** What is asked of AWS, as a type. */
export type ForProvider<K extends ManagedKind> = ValueOf<K['forProvider']>;

export interface ServedKind {
  readonly form: Form;
  readonly group: string;
  readonly version: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
}

export function served(
  { kind, plural, service, clusterVersion }: ManagedKind,
  form: Form,
): ServedKind {
  const group = `${service}.${GROUP_SUFFIX[form]}`;
  const version = form === 'cluster' ? clusterVersion : 'v1beta1';
  return { form, group, version, apiVersion: `${group}/${version}`, kind, plural };
}

export const GROUP_SUFFIX: Readonly<Record<Form, string>> = {
  cluster: 'aws.upbound.io',
  namespaced: 'aws.m.upbound.io',
};
