/**
 * The definition put to an API server: the local one, or with `PDR_TEST_KUBECONFIG` that of a real cluster.
 *
 * The CRDs are those that Crossplane makes of our definitions. Real API servers also refuse rules that could cost too much.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import type { Definition } from '../../src/local/crossplane/definitions/definition.js';
import { claimCrd, compositeCrd } from '../../src/local/crossplane/definitions/crds.js';
import { API_VERSION, apiVersionOf } from '../../src/model/claim/api.js';
import { ENVIRONMENT_GRANT_PREFIX } from '../../src/model/labels.js';
import { FORMS, type Form } from '../../src/model/managed/kind.js';
import { isApiError, type ApiError } from '../../src/support/kubernetes/api-error.js';
import { KubernetesClient } from '../../src/support/kubernetes/client.js';
import type { KubernetesObject, Stored } from '../../src/support/kubernetes/objects.js';
import { ACCEPTED, CHANGES_REFUSED, REFUSED } from '../builders/claim-cases.js';
import { aClaim } from '../builders/claim.js';
import { aCluster, type ACluster } from '../builders/a-cluster.js';

const ROOT = join(import.meta.dirname, '../..');
const MANAGER = { fieldManager: 'test', force: true };

let cluster: ACluster;
let client: KubernetesClient;

function objectsIn(path: string): KubernetesObject[] {
  const documents = parseAllDocuments(readFileSync(join(ROOT, path), 'utf8'), { version: '1.1' });
  return documents.map((document) => document.toJS() as KubernetesObject);
}

async function apply(object: KubernetesObject): Promise<void> {
  await client.apply(await client.resourceType(object.apiVersion, object.kind), object, MANAGER);
}

/** Nobody made the definition that owns it: whoever collects garbage would take it away, sooner or later. */
function withoutOwner(crd: KubernetesObject): KubernetesObject {
  const { ownerReferences: _, ...metadata } = crd.metadata;
  return { ...crd, metadata };
}

async function untilServed(apiVersion: string, kind: string): Promise<void> {
  for (let attempts = 100; attempts > 0; attempts -= 1) {
    try {
      const type = await client.resourceType(apiVersion, kind);
      await client.list(type);
      return;
    } catch (error) {
      if (!isApiError(error) || attempts === 1) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

function claimIn(
  form: Form,
  spec: Readonly<Record<string, unknown>>,
  namespace = 'team-payments',
): KubernetesObject {
  return {
    ...aClaim(spec),
    apiVersion: apiVersionOf(form),
    kind: 'PaymentsDR',
    metadata: { name: 'checkout', namespace },
  };
}

async function refusalOf(attempt: Promise<unknown>): Promise<ApiError> {
  const outcome = await attempt.then(
    () => 'it was admitted',
    (error: unknown) => error,
  );
  if (!isApiError(outcome)) throw new Error(String(outcome));
  return outcome;
}

beforeAll(async () => {
  cluster = await aCluster();
  client = new KubernetesClient(cluster.kubeConfig);
  for (const name of ['team-payments', 'team-orders', 'team-refunds']) {
    await apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  }
  for (const name of ['xpaymentsdrs.payments.example.org', 'paymentsdrs.payments.m.example.org']) {
    const [definition] = objectsIn(`crds/${name}.yaml`) as Stored<Definition>[];
    if (definition === undefined) throw new Error(`${name} is empty`);
    definition.metadata.uid = '00000000-0000-0000-0000-000000000000';
    for (const crd of [compositeCrd(definition), claimCrd(definition)])
      if (crd !== undefined) await apply(withoutOwner(crd));
  }
  for (const form of FORMS) await untilServed(apiVersionOf(form), 'PaymentsDR');
});

afterAll(async () => {
  client.close();
  await cluster.stop();
});

describe.each(FORMS)('the API of the %s form', (form) => {
  test.each(REFUSED)('refuses a claim $sentence', async ({ spec, field, says = '' }) => {
    const type = await client.resourceType(apiVersionOf(form), 'PaymentsDR');
    const refusal = await refusalOf(client.create(type, claimIn(form, spec), { dryRun: true }));
    expect(refusal.reason).toBe('Invalid');
    expect(refusal.causes.map((cause) => cause.field)).toContain(field);
    expect(refusal.message).toContain(says);
  });

  test.each(ACCEPTED)('takes a claim $sentence', async ({ spec }) => {
    const type = await client.resourceType(apiVersionOf(form), 'PaymentsDR');
    await expect(client.create(type, claimIn(form, spec), { dryRun: true })).resolves.toMatchObject(
      { kind: 'PaymentsDR' },
    );
  });

  test.each(CHANGES_REFUSED)(
    'refuses to change $sentence',
    async ({ from = {}, spec, field, says = '' }) => {
      const type = await client.resourceType(apiVersionOf(form), 'PaymentsDR');
      const claim = claimIn(form, from);
      await client.create(type, claim);
      try {
        const refusal = await refusalOf(
          client.apply(type, claimIn(form, spec), { ...MANAGER, dryRun: true }),
        );
        expect(refusal.causes.map((cause) => cause.field)).toContain(field);
        expect(refusal.message).toContain(says);
      } finally {
        await client.delete(type, { name: 'checkout', namespace: 'team-payments' });
      }
    },
  );
});

const POLICY_API = 'admissionregistration.k8s.io/v1';

describe('the guard of environments', () => {
  const grant = { [`${ENVIRONMENT_GRANT_PREFIX}guarded`]: 'granted' };

  async function label(
    name: string,
    labels: Readonly<Record<string, string | null>>,
  ): Promise<void> {
    await client.patch(
      await client.resourceType('v1', 'Namespace'),
      { name },
      { metadata: { labels } },
    );
  }

  /** Policies take effect a moment after they are made, and labels after they are set. */
  async function eventually(namespace: string, form: Form, expected: string): Promise<void> {
    const type = await client.resourceType(
      `${apiVersionOf(form).split('/')[0] ?? ''}/${API_VERSION}`,
      'PaymentsDR',
    );
    let seen = '';
    for (let attempts = 100; attempts > 0; attempts -= 1) {
      const claim = claimIn(form, { environmentSuffix: 'guarded' }, namespace);
      seen = await client.create(type, claim, { dryRun: true }).then(
        () => 'admitted',
        (error: unknown) => (error instanceof Error ? error.message : ''),
      );
      if (seen.includes(expected)) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`expected ${expected}, saw ${seen}`);
  }

  test('admits a namespaced claim only where its environment is granted, and nowhere while it is granted twice', async () => {
    for (const object of objectsIn('deploy/environment-guard.yaml')) await apply(object);
    try {
      await eventually('team-orders', 'namespaced', 'has no grant for environment guarded');
      await label('team-orders', grant);
      await eventually('team-orders', 'namespaced', 'admitted');
      await eventually('team-refunds', 'cluster', 'granted to namespace team-orders');
      await label('team-refunds', grant);
      await eventually('team-refunds', 'namespaced', 'granted to namespace team-orders');
      await eventually('team-orders', 'namespaced', 'granted to namespace team-refunds');
      await expect(
        client.read(await client.resourceType(POLICY_API, 'ValidatingAdmissionPolicy'), {
          name: 'payments-dr-environments',
        }),
      ).resolves.toBeDefined();
    } finally {
      for (const { apiVersion, kind, metadata } of objectsIn('deploy/environment-guard.yaml')) {
        await client.delete(await client.resourceType(apiVersion, kind), {
          name: metadata.name ?? '',
        });
      }
      for (const name of ['team-orders', 'team-refunds']) {
        await label(name, { [`${ENVIRONMENT_GRANT_PREFIX}guarded`]: null });
      }
    }
  });
});
