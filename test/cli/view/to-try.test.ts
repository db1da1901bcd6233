import { describe, expect, test } from '@jest/globals';
import { PARTS, type Part } from '../../../src/cli/platform/parts.js';
import { commandsToTry } from '../../../src/cli/view/to-try.js';

const WRITTEN = { kubeconfigPath: 'kc', awsConfigPath: 'ac' };
const commands = (...parts: readonly Part[]) => commandsToTry(new Set(parts), WRITTEN);

describe('what there is to try', () => {
  test('is, with all parts, the claims, their resources, and AWS', () => {
    expect(commands(...PARTS)).toEqual([
      'export KUBECONFIG=kc',
      'kubectl get pdr -A',
      'kubectl get managed',
      'kubectl explain pdr.spec',
      'export AWS_CONFIG_FILE=ac',
      'aws --profile us-west-2 dynamodb list-tables',
    ]);
  });

  test.each([
    { without: 'the provider', parts: ['kubernetes', 'crossplane'], absent: 'managed' },
    { without: 'Crossplane', parts: ['kubernetes'], absent: 'pdr' },
    { without: 'Kubernetes', parts: ['aws'], absent: 'kubectl' },
    { without: 'AWS', parts: ['kubernetes', 'crossplane'], absent: 'aws' },
  ] as const)('has nothing that would fail without $without', ({ parts, absent }) => {
    expect(commands(...parts).filter((command) => command.includes(absent))).toEqual([]);
  });
});
