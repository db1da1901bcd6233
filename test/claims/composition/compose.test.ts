import { describe, expect, test } from '@jest/globals';
import { compose } from '../../../src/claims/composition/compose.js';
import { readDefinition } from '../../../src/claims/contract/definition-files.js';
import { claimResource } from '../../../src/claims/contract/claim-resource.js';
import type { KubernetesObject } from '../../../src/support/kubernetes/objects.js';
import type { Form } from '../../../src/model/managed/kind.js';
import { apiVersionOf } from '../../../src/model/claim/api.js';
import { aClaim } from '../../builders/claim.js';
import { TEMPLATE_COUNT } from '../../builders/templates.js';

async function composed(form: Form, observed: readonly KubernetesObject[] = []) {
  const { definition, composition } = await readDefinition('.', form);
  const body = { ...aClaim(), apiVersion: apiVersionOf(form) };
  const { object } = claimResource(definition).readBody(body);
  return compose({ subject: object, composition, observed });
}

const ROLE_ARN = 'arn:aws:iam::123456789012:role/payment-lambda-role-dev';

/** A resource as it is once AWS has answered. */
function seen(object: KubernetesObject, atProvider: object): KubernetesObject {
  const ready = { status: 'True', reason: 'Available', lastTransitionTime: '2026-01-01T00:00:00Z' };
  const conditions = [
    { type: 'Ready', ...ready },
    { type: 'Synced', ...ready },
  ];
  return { ...object, status: { atProvider, conditions } };
}

describe('a claim composed without a cluster', () => {
  test('makes at first what needs nothing of AWS, and says what the rest waits for', async () => {
    const { resources, waiting, passes } = await composed('cluster');
    expect(resources.map(({ template }) => template)).toContain('table');
    expect(resources.every(({ isReady }) => !isReady)).toBe(true);
    expect(waiting).toContainEqual({
      template: 'alarm-lambda-errors-primary',
      kind: 'MetricAlarm',
      for: [{ field: 'status.primary.topic.arn', from: 'topic-primary' }],
    });
    expect(resources.length + waiting.length).toBe(TEMPLATE_COUNT);
    expect(passes).toBe(1);
  });

  test('makes in a second pass what was waited for', async () => {
    const first = await composed('cluster');
    const role = first.resources.filter(({ template }) => template === 'function-role');
    const { resources, composite, passes } = await composed(
      'cluster',
      role.map(({ object }) => seen(object, { arn: ROLE_ARN })),
    );
    expect(passes).toBe(2);
    expect(composite.status).toMatchObject({ accountId: '123456789012' });
    expect(resources.find(({ template }) => template === 'function-role')?.isReady).toBe(true);
    const policy = resources.find(({ template }) => template === 'function-role-policy');
    expect(JSON.stringify(policy?.object)).toContain(
      'arn:aws:dynamodb:us-west-2:123456789012:table/payments-table-dev',
    );
  });

  test('labels what it makes as Crossplane does, so that selectors find it', async () => {
    const { resources } = await composed('cluster');
    expect(resources[0]?.object.metadata).toMatchObject({
      labels: {
        'crossplane.io/claim-name': 'checkout',
        'crossplane.io/claim-namespace': 'team-payments',
      },
      annotations: { 'crossplane.io/composition-resource-name': 'table' },
    });
  });

  test('stands in its namespace in the namespaced form, and is no claim there', async () => {
    const { resources, composite } = await composed('namespaced');
    expect(composite.kind).toBe('PaymentsDR');
    expect(resources[0]?.object).toMatchObject({
      apiVersion: 'dynamodb.aws.m.upbound.io/v1beta1',
      metadata: { namespace: 'team-payments' },
    });
    expect(resources[0]?.object.metadata.labels).not.toHaveProperty('crossplane.io/claim-name');
  });

  test.each([
    {
      sentence: 'a function that runs in clusters only',
      step: { functionRef: { name: 'function-other' } },
    },
    {
      sentence: 'a step with credentials',
      step: {
        functionRef: { name: 'function-auto-ready' },
        credentials: [{ name: 'a', source: 'None' as const }],
      },
    },
  ])('refuses $sentence', async ({ step }) => {
    const { composition } = await readDefinition('.', 'cluster');
    const other = {
      ...composition,
      spec: { ...composition.spec, pipeline: [{ step: 'x', ...step }] },
    };
    const subject = aClaim() as unknown as KubernetesObject;
    await expect(compose({ subject, composition: other })).rejects.toMatchObject({
      code: 'PDR1023',
    });
  });
});
