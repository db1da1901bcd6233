import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readKubeConfig } from '../../../src/cli/platform/kube-config.js';

describe('a kubeconfig that cannot be used', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'payments-dr-kubeconfig-'));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  test.each([
    { sentence: 'is empty', text: '', says: 'it holds no kubeconfig' },
    { sentence: 'is one word', text: 'word', says: 'no current cluster' },
    { sentence: 'is a list', text: '[1]', says: 'no current cluster' },
    { sentence: 'is no YAML', text: 'a: [1', says: 'unexpected end of the stream' },
    { sentence: 'has no context', text: 'kind: Config\nclusters: []', says: 'no current cluster' },
  ])('because it $sentence is refused in words', async ({ text, says }) => {
    const file = join(directory, 'kubeconfig');
    await writeFile(file, text);
    expect(() => readKubeConfig(file)).toThrow(
      expect.objectContaining({ code: 'PDR1001', message: expect.stringContaining(says) }),
    );
  });
});
