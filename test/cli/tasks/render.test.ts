import { describe, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { paymentsDr } from '../../builders/a-command.js';
import { TEMPLATE_COUNT } from '../../builders/templates.js';

const EXAMPLE = ['render', '-f', 'examples/claim.yaml'];

describe('payments-dr render', () => {
  test('prints the resources as YAML that Kubernetes reads, and what waits on stderr', async () => {
    const { code, stdout, stderr } = await paymentsDr(EXAMPLE);
    expect(code).toBe(0);
    const kinds = parseAllDocuments(stdout, { version: '1.1' }).map(
      (document) => (document.toJS() as { kind: string }).kind,
    );
    expect(stdout).toContain('type: "N"');
    expect(stderr).toContain(
      'RolePolicy function-role-policy waits for status.accountId, which function-role reports',
    );
    const waiting = TEMPLATE_COUNT - kinds.length;
    expect(stderr).toContain(`${kinds.length} resources, ${waiting} more wait`);
  });

  test('takes its own output as what was observed', async () => {
    const { stdout } = await paymentsDr(EXAMPLE);
    const { code, stderr } = await paymentsDr([...EXAMPLE, '--observed', '-', '-o', 'table'], {
      input: stdout,
    });
    const resources = stdout.match(/^kind: /gm)?.length ?? 0;
    expect([code, stderr]).toEqual([0, expect.stringContaining(`${resources} resources`)]);
  });

  test('renders the same claim in the other form, the composite first', async () => {
    const { code, stdout } = await paymentsDr([
      ...EXAMPLE,
      ...['--form', 'namespaced', '--with-composite', '-o', 'json'],
    ]);
    const { items } = JSON.parse(stdout) as { items: { apiVersion: string }[] };
    expect(code).toBe(0);
    expect(items.slice(0, 2).map(({ apiVersion }) => apiVersion)).toEqual([
      'payments.m.example.org/v1alpha1',
      'dynamodb.aws.m.upbound.io/v1beta1',
    ]);
  });

  test('renders no claim that is not valid', async () => {
    const { code, stdout, stderr } = await paymentsDr(['render', '-f', '-'], {
      input: 'apiVersion: payments.example.org/v1alpha1\nkind: PaymentsDR\nmetadata: {name: a}\n',
    });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/-:1:1: a spec: is required[^]*error\[PDR1019\] a: /);
  });
});
