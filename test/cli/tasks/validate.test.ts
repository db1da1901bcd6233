import { copyFile, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { paymentsDr } from '../../builders/a-command.js';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'payments-dr-validate-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

describe('payments-dr validate', () => {
  test('finds the examples valid, and names what it skips on stderr', async () => {
    const { code, stdout, stderr } = await paymentsDr([
      'validate',
      ...['-f', 'examples/claim.yaml', '-f', 'examples/claim-namespaced.yaml'],
    ]);
    expect(code).toBe(0);
    expect(stdout.trim().split('\n')).toHaveLength(2);
    expect(stdout).toContain('examples/claim.yaml:8: team-payments/checkout is valid');
    expect(stderr).toContain('skipped Namespace team-payments');
  });

  test('judges by the YAML of the definition where the build has not kept it', async () => {
    const copy = join(directory, 'not-built');
    for (const path of [
      'package.json',
      'crds',
      'compositions',
      'dist/payments-dr.js',
      'dist/chunks',
    ])
      await cp(path, join(copy, path), {
        recursive: true,
        filter: (source) => !source.endsWith('.map'),
      });
    const claim = resolve('examples/claim.yaml');
    const { code, stdout } = await paymentsDr(['validate', '-f', claim], {
      command: join(copy, 'dist/payments-dr.js'),
    });
    expect([code, stdout]).toEqual([0, `${claim}:8: team-payments/checkout is valid\n`]);
  });

  test('reads all below a directory, and says how to judge what a Kustomization builds', async () => {
    const overlay = join(directory, 'overlay');
    await mkdir(overlay);
    await copyFile('examples/claim.yaml', join(overlay, 'claim.yaml'));
    await writeFile(
      join(overlay, 'kustomization.yaml'),
      'kind: Kustomization\nresources: [claim.yaml]\n',
    );
    const { code, stdout, stderr } = await paymentsDr(['validate', '-f', directory]);
    expect([code, stdout]).toEqual([
      0,
      expect.stringContaining('claim.yaml:8: team-payments/checkout is valid'),
    ]);
    expect(stderr).toContain(`kubectl kustomize ${overlay} | payments-dr validate -f -`);
  });

  test('prints the place of each fault and exits 1', async () => {
    const { code, stdout } = await paymentsDr(['validate', '-f', '-'], {
      input:
        'apiVersion: payments.example.org/v1alpha1\nkind: PaymentsDR\nmetadata: {name: a}\nspec: {environmentSuffix: dev}\n',
    });
    expect(code).toBe(1);
    expect(stdout).toContain('-:4:1: a spec.handler: is required\n  try: add handler');
    expect(stdout).toContain('spec.notifications');
  });

  test('prints JSON of a stable shape', async () => {
    const { code, stdout } = await paymentsDr([
      'validate',
      '-f',
      'examples/claim.yaml',
      '-o',
      'json',
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      claims: [
        {
          apiVersion: 'payments.example.org/v1alpha1',
          file: 'examples/claim.yaml',
          form: 'cluster',
          line: 8,
          name: 'checkout',
          namespace: 'team-payments',
        },
      ],
      faults: [],
      skipped: [{ file: 'examples/claim.yaml', kind: 'Namespace', line: 3, name: 'team-payments' }],
    });
  });

  test.each([
    {
      sentence: 'a file that is not there',
      args: ['-f', 'nowhere.yaml'],
      code: 1,
      says: 'PDR1020',
    },
    {
      sentence: 'files without a claim',
      args: ['-f', 'deploy/functions.yaml'],
      code: 1,
      says: 'PDR1011',
    },
    { sentence: 'no file', args: [], code: 2, says: '--filename' },
    {
      sentence: 'an unknown form',
      args: ['-f', '-', '-o', 'xml'],
      code: 2,
      says: 'table, wide, json, yaml',
    },
  ])('refuses $sentence', async ({ args, code, says }) => {
    const output = await paymentsDr(['validate', ...args]);
    expect(output).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(says) });
  });

  test.each([
    { args: ['claim.yaml'], says: 'try: payments-dr validate -f claim.yaml\n' },
    {
      args: ['a.yaml', "b's.yaml"],
      says: "try: payments-dr validate -f a.yaml -f 'b'\\''s.yaml'\n",
    },
    { args: [], says: 'try: payments-dr validate -f claim.yaml\n' },
  ])('says what to type where -f is missing: $args', async ({ args, says }) => {
    const output = await paymentsDr(['validate', ...args]);
    expect(output).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(says) });
  });

  test('points into a file that is no YAML', async () => {
    const file = join(directory, 'broken.yaml');
    await writeFile(file, 'a: [1\nb: 2\n');
    const { code, stdout } = await paymentsDr(['validate', '-f', file]);
    expect([code, stdout]).toEqual([1, expect.stringMatching(/broken\.yaml:2:\d+: /)]);
  });
});
