import { describe, expect, test } from '@jest/globals';
import { endpointUrl } from '../../../../src/local/provider-aws/config/endpoint.js';
import type { Endpoint } from '../../../../src/local/provider-aws/config/provider-config.js';

const STATIC: Endpoint = { url: { type: 'Static', static: 'http://127.0.0.1:4566' } };
const DYNAMIC: Endpoint = {
  url: { type: 'Dynamic', dynamic: { protocol: 'http', host: 'aws.test' } },
};

describe('an endpoint', () => {
  test('that is not given leaves the address to AWS', () => {
    expect(endpointUrl(undefined, 'S3', 'us-east-1')).toBeUndefined();
  });

  test('that is static is the same for all services and regions', () => {
    expect(endpointUrl(STATIC, 'DynamoDB', 'us-west-2')).toBe('http://127.0.0.1:4566');
  });

  test('that is dynamic names service and region', () => {
    expect(endpointUrl(DYNAMIC, 'DynamoDB', 'us-west-2')).toBe(
      'http://dynamodb.us-west-2.aws.test',
    );
  });

  test('that is dynamic names no region for IAM', () => {
    expect(endpointUrl(DYNAMIC, 'IAM', 'us-east-1')).toBe('http://iam.aws.test');
  });

  test('for some services is for no others, save STS', () => {
    const some = { ...STATIC, services: ['dynamodb'] };
    expect(endpointUrl(some, 'DynamoDB', 'us-east-1')).toBeDefined();
    expect(endpointUrl(some, 'S3', 'us-east-1')).toBeUndefined();
    expect(endpointUrl(some, 'STS', 'us-east-1')).toBeDefined();
  });

  test('that would change signatures is refused', () => {
    const signing = { ...STATIC, signingRegion: 'us-east-1' };
    expect(() => endpointUrl(signing, 'S3', 'us-west-2')).toThrow('spec.endpoint.signingRegion');
  });

  test.each([
    { type: 'Static' as const, says: 'static field does not have a value' },
    { type: 'Dynamic' as const, says: 'dynamic configuration is not given' },
    { type: 'Auto' as const, says: 'partitionId is required' },
  ])('of type $type without its part is refused', ({ type, says }) => {
    expect(() => endpointUrl({ url: { type } }, 'S3', 'us-east-1')).toThrow(says);
  });
});
