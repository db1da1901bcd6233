import { describe, expect, test } from '@jest/globals';
import { foresee } from '../../../src/claims/composition/foresee.js';
import { claimResource } from '../../../src/claims/contract/claim-resource.js';
import { readDefinition } from '../../../src/claims/contract/definition-files.js';
import { apiVersionOf } from '../../../src/model/claim/api.js';
import { FORMS, type Form } from '../../../src/model/managed/kind.js';
import { aClaim } from '../../builders/claim.js';
import { TEMPLATE_COUNT } from '../../builders/templates.js';

async function foreseen(form: Form, spec: Readonly<Record<string, unknown>> = {}) {
  const { definition, composition } = await readDefinition('.', form);
  const body = { ...aClaim(spec), apiVersion: apiVersionOf(form) };
  return foresee({ subject: claimResource(definition).readBody(body).object, composition });
}

const KEYS = {
  primary: 'arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555',
  secondary: 'arn:aws:kms:us-west-2:123456789012:key/11111111-2222-3333-4444-555555555555',
};

describe('what a claim will be made of', () => {
  test.each(FORMS)('is known in the %s form before AWS has answered anything', async (form) => {
    const { resources, waiting } = await foreseen(form);
    expect(resources).toHaveLength(TEMPLATE_COUNT);
    expect(resources.map(({ object }) => object.metadata.name)).not.toContain(undefined);
    expect(waiting.map(({ template }) => template)).toContain('alarm-lambda-errors-primary');
  });

  test.each([
    {
      sentence: 'with strong consistency',
      spec: {
        consistency: 'strong',
        regions: { primary: 'us-east-1', secondary: 'us-west-2', witness: 'us-east-2' },
      },
    },
    {
      sentence: 'with keys of its own',
      spec: { encryption: { mode: 'SSE-KMS', kmsKeyArns: KEYS } },
    },
  ])('is known $sentence', async ({ spec }) => {
    const { resources } = await foreseen('cluster', spec);
    expect(resources).toHaveLength(TEMPLATE_COUNT);
  });
});
