import { describe, expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import { parseManifest } from '../../../src/claims/manifests/manifest.js';
import { validateManifests } from '../../../src/claims/validation/validate.js';
import { aClaim } from '../../builders/claim.js';
import { ACCEPTED, REFUSED } from '../../builders/claim-cases.js';

const judge = (text: string) => validateManifests([parseManifest('claim.yaml', text)], '.');

const CLAIM = `apiVersion: payments.example.org/v1alpha1
kind: PaymentsDR
metadata: {name: checkout, namespace: team}
spec:
  environmentSuffix: dev
  handler:
    image: {registryId: "123456789012", repository: payment-processor, tag: "1.4.2"}
  notifications: {email: a@example.org}
`;

describe('a claim in a file', () => {
  test.each([
    {
      sentence: 'is told of a field that does not exist, and which was meant',
      text: CLAIM.replace('  handler:', '  handler:\n    memorySizeMib: 256'),
      fault: {
        line: 7,
        column: 5,
        field: 'spec.handler.memorySizeMib',
        advice: 'write memorySizeMiB, if that was meant',
      },
    },
    {
      sentence: 'is told to quote a number that is meant as a text',
      text: CLAIM.replace('"1.4.2"', '1.4'),
      fault: {
        line: 7,
        field: 'spec.handler.image.tag',
        advice: 'put it in quotes, so that YAML reads a text: "1.4"',
      },
    },
    {
      sentence: 'is told not to quote a number',
      text: CLAIM.replace('  handler:', '  handler:\n    timeoutSeconds: "30"'),
      fault: {
        line: 7,
        column: 21,
        field: 'spec.handler.timeoutSeconds',
        advice: 'write it without quotes: 30',
      },
    },
    {
      sentence: 'is told what is missing, where it would stand',
      text: CLAIM.replace('  notifications: {email: a@example.org}\n', ''),
      fault: { line: 4, column: 1, field: 'spec.notifications', message: 'is required' },
    },
    {
      sentence: 'is told which region was nearly written',
      text: `${CLAIM}  regions: {primary: us-esat-1}\n`,
      fault: {
        line: 9,
        field: 'spec.regions.primary',
        message: '"us-esat-1" is not one of its values',
        advice: 'write us-east-1, if that was meant',
      },
    },
    {
      sentence: 'is told which values there are, where none was nearly written',
      text: `${CLAIM}  dataRetention: Forever\n`,
      fault: { line: 9, field: 'spec.dataRetention', advice: 'take one of Retain, Delete' },
    },
    {
      sentence: 'is told of a namespace that there cannot be',
      text: CLAIM.replace('namespace: team', 'namespace: Team!'),
      fault: { line: 3, field: 'metadata.namespace' },
    },
    {
      sentence: 'is told by a rule what to do',
      text: `${CLAIM}  regions: {primary: us-west-2}\n`,
      fault: {
        line: 9,
        column: 3,
        field: 'spec.regions',
        message: 'primary and secondary must be two different regions',
      },
    },
    {
      sentence: 'is told of a version that does not exist',
      text: CLAIM.replace('v1alpha1', 'v1'),
      fault: {
        line: 1,
        field: 'apiVersion',
        advice: expect.stringContaining('payments.m.example.org/v1alpha1'),
      },
    },
    {
      sentence: 'is told that composites are not for people to write',
      text: CLAIM.replace('PaymentsDR', 'XPaymentsDR'),
      fault: { line: 2, field: 'kind', advice: 'write PaymentsDR' },
    },
    {
      sentence: 'is told of a name that Kubernetes refuses',
      text: CLAIM.replace('name: checkout', 'name: Check_Out'),
      fault: { line: 3, field: 'metadata.name' },
    },
    {
      sentence: 'is told of labels that are no texts',
      text: CLAIM.replace('namespace: team', 'namespace: team, labels: {a: 1}'),
      fault: { line: 3, field: 'metadata', message: expect.stringContaining('labels') },
    },
  ])('$sentence', async ({ text, fault }) => {
    const { valid, faults } = await judge(text);
    expect(valid).toEqual([]);
    expect(faults[0]).toMatchObject({ file: 'claim.yaml', ...fault });
  });

  test('is valid in either form, and gets the defaults', async () => {
    const { valid, faults } = await judge(
      `${CLAIM}---\n${CLAIM.replace('payments.example', 'payments.m.example')}`,
    );
    expect(faults).toEqual([]);
    expect(valid.map(({ form, line }) => [form, line])).toEqual([
      ['cluster', 1],
      ['namespaced', 10],
    ]);
    expect(valid[0]?.defaulted.spec).toMatchObject({ regions: { primary: 'us-east-1' } });
  });

  test('does not keep its neighbours from being judged', async () => {
    const { valid, faults, skipped } = await judge(
      `kind: Namespace\nmetadata: {name: team}\n---\n${CLAIM.replace('dev', 'DEV')}---\n${CLAIM}`,
    );
    expect([valid.length, faults.length]).toEqual([1, 1]);
    expect(skipped).toEqual([{ file: 'claim.yaml', line: 1, kind: 'Namespace', name: 'team' }]);
  });
});

describe('what the API server judges of a claim is judged without it', () => {
  test.each([...REFUSED])(
    'a claim $sentence is refused at its field',
    async ({ spec, field, says = '' }) => {
      const { faults } = await judge(stringify(aClaim(spec), { version: '1.1' }));
      expect(faults.map((fault) => fault.field)).toContain(field);
      expect(faults.map(({ message }) => message).join()).toContain(says);
    },
  );

  test.each([...ACCEPTED])('a claim $sentence is valid', async ({ spec }) => {
    const { faults } = await judge(stringify(aClaim(spec), { version: '1.1' }));
    expect(faults).toEqual([]);
  });
});
