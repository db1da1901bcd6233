import { describe, expect, test } from '@jest/globals';
import { AwsCallError, isAwsError } from '../../../../src/local/provider-aws/external/aws-error.js';

describe('a call that failed', () => {
  const refusal = Object.assign(new Error('Table not found'), {
    name: 'ResourceNotFoundException',
    $metadata: { httpStatusCode: 400, requestId: 'differs-each-time' },
  });

  test("says the operation, the status and AWS's own words, and no request id", () => {
    const error = AwsCallError.of('DynamoDB', 'DescribeTable', refusal);
    expect(error.message).toBe(
      'operation error DynamoDB: DescribeTable, https response error StatusCode: 400, ResourceNotFoundException: Table not found',
    );
  });

  test("is told by AWS's code", () => {
    const error = AwsCallError.of('DynamoDB', 'DescribeTable', refusal);
    expect(isAwsError(error, 'ResourceNotFoundException')).toBe(true);
    expect(isAwsError(error, 'ValidationException')).toBe(false);
  });

  test('because no service answered says why, address by address', () => {
    const refused = new AggregateError([
      new Error('connect ECONNREFUSED ::1:1'),
      new Error('connect ECONNREFUSED 127.0.0.1:1'),
    ]);
    const error = AwsCallError.of('S3', 'HeadBucket', refused);
    expect(error).toMatchObject({ code: '', status: 0 });
    expect(error.message).toContain('ECONNREFUSED ::1:1; connect ECONNREFUSED 127.0.0.1:1');
  });
});
