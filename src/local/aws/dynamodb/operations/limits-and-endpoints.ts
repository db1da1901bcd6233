/** DescribeLimits and DescribeEndpoints: what AWS answers to an account that never asked for more. */
import type { Operation } from '../operation.js';

export const describeLimits: Operation = {
  needs: () => [{ resource: '*' }],
  perform: () =>
    Promise.resolve({
      AccountMaxReadCapacityUnits: 80_000,
      AccountMaxWriteCapacityUnits: 80_000,
      TableMaxReadCapacityUnits: 40_000,
      TableMaxWriteCapacityUnits: 40_000,
    }),
};

export const describeEndpoints: Operation = {
  needs: () => [],
  perform: (_db, { region }) =>
    Promise.resolve({
      Endpoints: [{ Address: `dynamodb.${region}.amazonaws.com`, CachePeriodInMinutes: 1440 }],
    }),
};
