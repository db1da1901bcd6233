import { describe, expect, test } from '@jest/globals';
import { LIMITS } from '../../src/model/limits.js';
import { awsNames, fixedLength, NAMES } from '../../src/model/names.js';
import { SPEC } from '../../src/model/claim/spec.js';
import { otherSite } from '../../src/model/regions.js';

describe('the names of a claim', () => {
  test('end in its suffix', () => {
    expect(awsNames({ environmentSuffix: 'dev' })).toEqual({
      table: 'payments-table-dev',
      bucket: { primary: 'payment-audit-primary-dev', secondary: 'payment-audit-secondary-dev' },
      replicationRole: 's3-replication-role-dev',
      functionRole: 'payment-lambda-role-dev',
      function: {
        primary: 'payment-processor-primary-dev',
        secondary: 'payment-processor-secondary-dev',
      },
      topic: {
        primary: 'payment-notifications-primary-dev',
        secondary: 'payment-notifications-secondary-dev',
      },
      functionErrorsAlarm: {
        primary: 'payment-lambda-errors-primary-dev',
        secondary: 'payment-lambda-errors-secondary-dev',
      },
      tableThrottlesAlarm: {
        primary: 'payments-table-throttle-dev',
        secondary: 'payments-table-throttle-secondary-dev',
      },
      undeliveredFailuresAlarm: {
        primary: 'payment-lambda-undelivered-primary-dev',
        secondary: 'payment-lambda-undelivered-secondary-dev',
      },
      tableReplicationLatencyAlarm: {
        primary: 'payments-table-replication-latency-primary-dev',
        secondary: 'payments-table-replication-latency-secondary-dev',
      },
      auditReplicationLatencyAlarm: {
        primary: 'payments-s3-replication-latency-primary-dev',
        secondary: 'payments-s3-replication-latency-secondary-dev',
      },
      auditReplicationFailuresAlarm: {
        primary: 'payments-s3-replication-failures-primary-dev',
        secondary: 'payments-s3-replication-failures-secondary-dev',
      },
    });
  });

  test('of buckets begin with the prefix of the claim', () => {
    expect(awsNames({ environmentSuffix: 'dev', bucketPrefix: 'acme' }).bucket.primary).toBe(
      'acme-primary-dev',
    );
  });

  test('are within the limits of AWS for the longest suffix that a claim may have', () => {
    const names = awsNames({
      environmentSuffix: 'x'.repeat(SPEC.properties.environmentSuffix.maxLength),
    });
    expect(names.function.secondary).toHaveLength(LIMITS.functionNameLength);
    expect(names.functionRole.length).toBeLessThanOrEqual(LIMITS.roleNameLength);
    expect(names.replicationRole.length).toBeLessThanOrEqual(LIMITS.roleNameLength);
    expect(names.bucket.secondary.length).toBeLessThanOrEqual(LIMITS.bucketNameLength.max);
    expect(names.table.length).toBeLessThanOrEqual(LIMITS.tableNameLength.max);
    expect(names.topic.secondary.length).toBeLessThanOrEqual(LIMITS.topicNameLength);
    expect(names.tableThrottlesAlarm.secondary.length).toBeLessThanOrEqual(LIMITS.alarmNameLength);
  });

  test('have a length of their own beside what is filled in', () => {
    expect(fixedLength(NAMES.bucket.secondary)).toBe('-secondary-'.length);
  });
});

describe('a site', () => {
  test('has another, of which it is the other', () => {
    expect(otherSite('primary')).toBe('secondary');
    expect(otherSite('secondary')).toBe('primary');
  });
});
