import { describe, expect, test } from '@jest/globals';
import { readSettings } from '../../../functions/payment-processor/settings.js';

const ENVIRONMENT = { DYNAMODB_TABLE: 'payments', S3_BUCKET: 'audit', REGION: 'us-west-2' };

describe('the settings', () => {
  test('come from the environment', () => {
    expect(readSettings(ENVIRONMENT)).toEqual({
      tableName: 'payments',
      bucketName: 'audit',
      region: 'us-west-2',
      forcePathStyle: false,
    });
  });

  test.each(['DYNAMODB_TABLE', 'S3_BUCKET', 'REGION'])('are refused without %s', (name) => {
    expect(() => readSettings({ ...ENVIRONMENT, [name]: undefined })).toThrow(`${name} is not set`);
    expect(() => readSettings({ ...ENVIRONMENT, [name]: '' })).toThrow(`${name} is not set`);
  });

  test('put the bucket into the path where the environment says so', () => {
    expect(readSettings({ ...ENVIRONMENT, S3_FORCE_PATH_STYLE: 'true' }).forcePathStyle).toBe(true);
  });
});
