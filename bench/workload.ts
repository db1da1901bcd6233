/** What the engine is measured with: our own definition, and a small one for numbers of claims at which ours would take long. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { KubernetesObject } from '../src/support/kubernetes/objects.js';

export interface Workload {
  readonly name: string;
  readonly definition: KubernetesObject;
  readonly composition: KubernetesObject;
  /** As a name makes it different from all others. */
  readonly claim: (name: string) => KubernetesObject;
  readonly kinds: readonly ComposedKind[];
  readonly templates: number;
}

export interface ComposedKind {
  readonly apiVersion: string;
  readonly kind: string;
}

interface Template {
  readonly base: ComposedKind;
}

interface Pipeline extends KubernetesObject {
  spec: { readonly pipeline: readonly { readonly input?: { readonly resources?: Template[] } }[] };
}

export function ourOwn(): Workload {
  const read = (path: string) => parse(readFileSync(path, 'utf8')) as KubernetesObject;
  const composition = read('compositions/xpaymentsdrs.payments.example.org.yaml') as Pipeline;
  return {
    name: 'our definition',
    definition: read('crds/xpaymentsdrs.payments.example.org.yaml'),
    composition,
    claim: (name) => ({
      apiVersion: 'payments.example.org/v1alpha1',
      kind: 'PaymentsDR',
      metadata: { name, namespace: 'default' },
      spec: {
        environmentSuffix: name,
        handler: {
          image: { registryId: '123456789012', repository: 'payment-processor', tag: '1.4.2' },
        },
        notifications: { email: 'bench@example.org' },
      },
    }),
    ...composedBy(composition),
  };
}

export function small(): Workload {
  const templates = ['one', 'two', 'three'].map((name) => ({
    name,
    base: { apiVersion: 'cloud.bench.example.org/v1', kind: 'Thing', spec: { forProvider: {} } },
    patches: [
      { fromFieldPath: 'spec.size', toFieldPath: 'spec.forProvider.size' },
      {
        type: 'ToCompositeFieldPath',
        fromFieldPath: 'status.atProvider.arn',
        toFieldPath: `status.${name}`,
      },
    ],
  }));
  const type = { apiVersion: 'bench.example.org/v1', kind: 'XBench' };
  const input = {
    apiVersion: 'pt.fn.crossplane.io/v1beta1',
    kind: 'Resources',
    resources: templates,
  };
  const text = { type: 'string' };
  const composition = {
    apiVersion: 'apiextensions.crossplane.io/v1',
    kind: 'Composition',
    metadata: { name: 'bench' },
    spec: {
      compositeTypeRef: type,
      mode: 'Pipeline',
      pipeline: [
        { step: 'compose', functionRef: { name: 'function-patch-and-transform' }, input },
        { step: 'ready', functionRef: { name: 'function-auto-ready' } },
      ],
    },
  };
  const schema = {
    type: 'object',
    properties: {
      spec: { type: 'object', properties: { size: { type: 'integer' } } },
      status: { type: 'object', properties: { one: text, two: text, three: text } },
    },
  };
  return {
    name: '3 templates',
    definition: {
      apiVersion: 'apiextensions.crossplane.io/v1',
      kind: 'CompositeResourceDefinition',
      metadata: { name: 'xbenches.bench.example.org' },
      spec: {
        group: 'bench.example.org',
        names: { kind: 'XBench', plural: 'xbenches' },
        claimNames: { kind: 'Bench', plural: 'benches' },
        versions: [
          { name: 'v1', served: true, referenceable: true, schema: { openAPIV3Schema: schema } },
        ],
      },
    },
    composition,
    claim: (name) => ({
      apiVersion: type.apiVersion,
      kind: 'Bench',
      metadata: { name, namespace: 'default' },
      spec: { size: 1 },
    }),
    ...composedBy(composition),
  };
}

function composedBy({ spec }: Pipeline): Pick<Workload, 'kinds' | 'templates'> {
  const templates = spec.pipeline.flatMap(({ input }) => input?.resources ?? []);
  const kinds = new Map(
    templates.map(({ base: { apiVersion, kind } }) => [
      `${apiVersion} ${kind}`,
      { apiVersion, kind },
    ]),
  );
  return { kinds: [...kinds.values()], templates: templates.length };
}

/** A kind that keeps whatever it is given, with a status that a provider writes. */
export function openCrd({ apiVersion, kind }: ComposedKind): KubernetesObject {
  const [group = '', version = ''] = apiVersion.split('/');
  const plural = `${kind.toLowerCase()}s`;
  const open = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Cluster',
      names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase() },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: {
            openAPIV3Schema: { type: 'object', properties: { spec: open, status: open } },
          },
        },
      ],
    },
  };
}
