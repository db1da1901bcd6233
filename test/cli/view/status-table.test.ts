import { describe, expect, test } from '@jest/globals';
import pc from 'picocolors';
import { lengthOf } from '../../../src/cli/output/table.js';
import { statusTable, type Look } from '../../../src/cli/view/status-table.js';
import {
  an,
  condition,
  CREATING,
  observed,
  READY,
  REFUSED,
  SYNCED,
  TIME,
  WAITS,
} from '../../builders/an-observed-claim.js';

const plain: Look = {
  colour: pc.createColors(false),
  nowMs: Date.parse(TIME) + 60_000,
  isWide: false,
};
const linesOf = (...of: Parameters<typeof statusTable>) => statusTable(...of).split('\n');

describe('the tree of a status', () => {
  test('has the cause on top, and everything below the composite', () => {
    const state = observed({
      claim: [SYNCED, CREATING],
      resources: [an('Bucket', 'b', [REFUSED, CREATING])],
    });
    const lines = linesOf({ observed: state, waiting: [WAITS] }, plain);
    expect(lines.slice(0, 2)).toEqual([
      '✘ PaymentsDR team/checkout is not ready',
      '  Bucket b: ReconcileError: AccessDenied: no such role',
    ]);
    expect(lines.slice(4).map((line) => line.replaceAll(/ {2,}/g, ' ').trim())).toEqual([
      'PaymentsDR checkout True False 60s Creating',
      '└─ XPaymentsDR checkout-x True True 60s',
      '├─ global',
      '│ └─ Bucket b False False 60s AccessDenied: no such role',
      '└─ not made yet',
      '└─ MetricAlarm (alarm) waits for status.primary.topic.arn',
    ]);
  });

  test('calls a claim that somebody paused by that name', () => {
    const paused = condition('Synced', 'False', 'ReconcilePaused', 'paused by an annotation');
    const state = observed({ claim: [paused, READY] });
    expect(linesOf({ observed: state, waiting: [] }, plain)[0]).toBe(
      '✘ PaymentsDR team/checkout is paused',
    );
  });

  test('says what may not be read', () => {
    const hidden = { ...observed({}), hidden: ['Bucket', 'Table'] };
    expect(statusTable({ observed: hidden, waiting: [] }, plain)).toContain(
      'you may not read Bucket, Table',
    );
  });
});

describe('on a terminal, the tree of a status', () => {
  const encryption = 'BucketServerSideEncryptionConfiguration';
  const state = observed({
    claim: [SYNCED, CREATING],
    resources: [
      an('Bucket', 'payment-audit-primary-dev', [SYNCED, READY]),
      an(encryption, 'payment-audit-primary-dev', [REFUSED, CREATING]),
      an('Table', 'payments-table-dev', [SYNCED, READY]),
    ],
  });
  const drawn = (columns: number, rows?: number) =>
    linesOf(
      { observed: state, waiting: [WAITS] },
      { ...plain, screen: { columns, ...(rows === undefined ? {} : { rows }) } },
    );

  test.each([30, 60, 80, 100, 140, 200])('has no line longer than its %i columns', (columns) => {
    expect(Math.max(...drawn(columns).map(lengthOf))).toBeLessThanOrEqual(columns);
  });

  test.each([60, 80, 140])('shows on %i columns what is not ready, and why', (columns) => {
    const lines = drawn(columns);
    const at = lines.findIndex((line) => line.includes('─ BucketServer'));
    expect(lines[at]).toMatch(/False +False +60s/);
    expect(lines.slice(at, at + 2).join('\n')).toContain('AccessDenied: no such');
  });

  test('tells what holds it up to the end, however narrow the terminal is', () => {
    const [, ...rest] = drawn(48);
    expect(rest.slice(0, rest.indexOf('')).join(' ').replaceAll(/\s+/g, ' ').trim()).toBe(
      `${encryption} payment-audit-primary-dev: ReconcileError: AccessDenied: no such role`,
    );
  });

  test('folds what is well where it has not the rows for all of it', () => {
    const lines = drawn(120, 11);
    expect(lines.join('\n')).toContain('2 resources are ready');
    expect(lines.join('\n')).toContain(encryption);
    expect(lines.length).toBeLessThan(drawn(120).length);
  });
});
