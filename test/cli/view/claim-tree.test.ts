import { describe, expect, test } from '@jest/globals';
import pc from 'picocolors';
import { drawClaimTree } from '../../../src/cli/view/claim-tree.js';
import type { KubernetesObject } from '../../../src/support/kubernetes/objects.js';

const plain = pc.createColors(false);

function aResource(
  kind: string,
  name: string,
  region: string | undefined,
  ...conditions: object[]
): KubernetesObject {
  return {
    apiVersion: 'example.org/v1',
    kind,
    metadata: { name },
    spec: { forProvider: region === undefined ? {} : { region } },
    status: { conditions },
  };
}

const READY = { type: 'Ready', status: 'True', reason: 'Available' };
const CREATING = { type: 'Ready', status: 'False', reason: 'Creating' };
const REFUSED = {
  type: 'Synced',
  status: 'False',
  reason: 'ReconcileError',
  message: 'no such role',
};

describe('the tree of a claim', () => {
  const claim = {
    ...aResource('PaymentsDR', 'checkout', undefined, CREATING),
    metadata: { name: 'checkout', namespace: 'team' },
  };
  const lines = drawClaimTree(
    {
      claim,
      resources: [
        aResource('Role', 'payment-lambda-role-dev', undefined, READY),
        aResource('Table', 'payments-table-dev', 'us-east-1', READY),
        aResource('Bucket', 'audit-secondary-dev', 'us-west-2', CREATING),
        aResource('Function', 'processor-dev', 'us-east-1', REFUSED),
      ],
    },
    plain,
  );

  test('counts what is ready on its first line', () => {
    expect(lines[0]).toBe('… PaymentsDR team/checkout  2 of 4 resources ready');
  });

  test('groups by region, the global ones last', () => {
    expect(lines.filter((line) => /^[├└]─/.test(line))).toEqual([
      '├─ us-east-1',
      '├─ us-west-2',
      '└─ global',
    ]);
  });

  test('says what a refused resource was refused for', () => {
    expect(lines.find((line) => line.includes('processor-dev'))).toBe(
      '│  ├─ ✘ Function  processor-dev  no such role',
    );
  });

  test('says the reason of a resource that is on its way', () => {
    expect(lines.find((line) => line.includes('audit-secondary-dev'))).toBe(
      '│  └─ … Bucket    audit-secondary-dev  Creating',
    );
  });

  test('shows a claim that is not there yet', () => {
    expect(drawClaimTree({ claim: undefined, resources: [] }, plain)).toEqual([
      '… PaymentsDR   0 of 0 resources ready',
    ]);
  });
});
