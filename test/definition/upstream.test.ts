/** The generated Compositions are held against the real provider's CRDs: what is written and what is patched exists there. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { FORMS } from '../../src/model/managed/kind.js';
import { schemaAt } from '../../src/model/paths.js';
import type { ObjectSchema } from '../../src/model/schema.js';
import { KubernetesClient } from '../../src/support/kubernetes/client.js';
import { isConditionTrue, type KubernetesObject } from '../../src/support/kubernetes/objects.js';
import { aCluster, type ACluster } from '../builders/a-cluster.js';
import { at, compose, templatesOf } from '../builders/composed.js';

const UPSTREAM = join(import.meta.dirname, '../../../shared/crds/provider-aws');
const hasUpstream = existsSync(UPSTREAM);
const upstreamTest = hasUpstream ? test : test.skip;
const describeUpstream = hasUpstream ? describe : describe.skip;

const TEMPLATES = FORMS.flatMap((form) =>
  templatesOf(form).map((template) => [form, template.name, template] as const),
);

interface Crd {
  readonly spec: {
    readonly names: { readonly kind: string };
    readonly versions: readonly {
      readonly name: string;
      readonly schema: { readonly openAPIV3Schema: ObjectSchema };
    }[];
  };
}

function upstreamFile(apiVersion: string, kind: string): string {
  const [group = ''] = apiVersion.split('/');
  const plural = kind.endsWith('y') ? `${kind.slice(0, -1)}ies` : `${kind}s`;
  return join(UPSTREAM, `${group}_${plural.toLowerCase()}.yaml`);
}

const parsed = new Map<string, Crd>();

function upstreamSchema(apiVersion: string, kind: string): ObjectSchema {
  const [, version] = apiVersion.split('/');
  const file = upstreamFile(apiVersion, kind);
  const crd = parsed.get(file) ?? (parse(readFileSync(file, 'utf8')) as Crd);
  parsed.set(file, crd);
  const found = crd.spec.versions.find(({ name }) => name === version);
  if (found === undefined) throw new Error(`${apiVersion} ${kind} is not served`);
  return found.schema.openAPIV3Schema;
}

/** Claims that between them use every field of the Composition. */
const CLAIMS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'as it is by default': { tags: { team: 'payments' } },
  'with keys and without a future': {
    dataRetention: 'Delete',
    encryption: {
      mode: 'SSE-KMS',
      kmsKeyArns: {
        primary: 'arn:aws:kms:us-east-1:123456789012:key/k',
        secondary: 'arn:aws:kms:us-west-2:123456789012:key/k',
      },
    },
  },
  'that is strongly consistent': { consistency: 'strong', regions: { witness: 'us-east-2' } },
};

describeUpstream(
  'every resource is one that an API server with the CRDs of the real provider takes',
  () => {
    let cluster: ACluster;
    let client: KubernetesClient;

    beforeAll(async () => {
      cluster = await aCluster();
      client = new KubernetesClient(cluster.kubeConfig);
      const crds = new Set(
        TEMPLATES.map(([, , { base }]) =>
          upstreamFile(base.apiVersion as string, base.kind as string),
        ),
      );
      const type = await client.resourceType('apiextensions.k8s.io/v1', 'CustomResourceDefinition');
      await client.create(await client.resourceType('v1', 'Namespace'), {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: 'team-payments' },
      });
      for (const file of crds)
        await client.create(type, parse(readFileSync(file, 'utf8')) as KubernetesObject);
      const isServed = async () =>
        (await client.list(type)).items.every((crd) => isConditionTrue(crd, 'Established'));
      while (!(await isServed())) await new Promise((resolve) => setTimeout(resolve, 50));
    });

    afterAll(async () => {
      client.close();
      await cluster.stop();
    });

    // Applied, as Crossplane does it: then a field that the schema does not have is refused, and not dropped.
    test.each(FORMS.flatMap((form) => Object.keys(CLAIMS).map((claim) => [form, claim] as const)))(
      '%s, of a claim %s',
      async (form, claim) => {
        const resources = await compose({ form, spec: CLAIMS[claim] ?? {} });
        const refusals: string[] = [];
        for (const resource of resources.values() as Iterable<unknown> as Iterable<KubernetesObject>) {
          const { apiVersion, kind, metadata } = resource;
          const object = {
            ...resource,
            metadata: { ...metadata, ...(form === 'namespaced' && { namespace: 'team-payments' }) },
          };
          await client
            .apply(await client.resourceType(apiVersion, kind), object, {
              fieldManager: 'test',
              dryRun: true,
            })
            .catch((error: unknown) => refusals.push(String(error)));
        }
        expect(refusals).toEqual([]);
        expect(resources.size).toBe(templatesOf(form).length);
      },
    );
  },
);

describe('every kind of the real provider that takes tags', () => {
  upstreamTest.each(FORMS)('gets them: %s', async (form) => {
    const untagged = [...(await compose({ form, spec: { tags: { team: 'payments' } } }))]
      .filter(([, { apiVersion, kind }]) => {
        const schema = upstreamSchema(apiVersion as string, kind as string);
        return schemaAt(schema, 'spec.forProvider.tags') !== undefined;
      })
      .filter(([, resource]) => at(resource, 'spec.forProvider.tags.team') !== 'payments');
    expect(untagged.map(([name]) => name)).toEqual([]);
  });
});

describe('every patch names fields that the real provider has', () => {
  upstreamTest.each(TEMPLATES)('%s %s', (_form, _name, { base, patches }) => {
    const schema = upstreamSchema(base.apiVersion as string, base.kind as string);
    const paths = patches.map((patch) =>
      patch.type === 'ToCompositeFieldPath' ? patch.fromFieldPath : patch.toFieldPath,
    );
    const missing = paths.filter(
      (path) => !path.startsWith('metadata.') && schemaAt(schema, path) === undefined,
    );
    expect(missing).toEqual([]);
  });
});
