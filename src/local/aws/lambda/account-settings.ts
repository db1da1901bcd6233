/** GetAccountSettings: the limits that this Lambda really has, and what is used of them. */
import type { ServiceRequest, ServiceResponse } from '../service.js';
import type { FunctionRecord } from './function-record.js';
import type { LambdaContext } from './lambda-context.js';
import { json } from './rest.js';
import { ACCOUNT_CONCURRENCY } from './sandbox-pool.js';

/** AWS's, in bytes. They are for Zip packages: nothing here comes near them. */
const CODE_LIMITS = {
  TotalCodeSize: 80_530_636_800,
  CodeSizeUnzipped: 262_144_000,
  CodeSizeZipped: 52_428_800,
};

/** What is left of the account's concurrency for functions that have none of their own. */
export function unreservedConcurrency(functions: readonly FunctionRecord[]): number {
  const reserved = functions.map(({ reservedConcurrency = 0 }) => reservedConcurrency);
  return ACCOUNT_CONCURRENCY - reserved.reduce((sum, each) => sum + each, 0);
}

export async function getAccountSettings(
  { cloud, functions }: LambdaContext,
  { caller, region }: ServiceRequest,
): Promise<ServiceResponse> {
  cloud.access.authorize({ caller, action: 'lambda:GetAccountSettings', resource: '*' });
  const all = functions.ofRegion(region);
  return Promise.resolve(
    json(200, {
      AccountLimit: {
        ...CODE_LIMITS,
        ConcurrentExecutions: ACCOUNT_CONCURRENCY,
        UnreservedConcurrentExecutions: unreservedConcurrency(all),
      },
      AccountUsage: {
        TotalCodeSize: all.reduce((sum, { codeSize }) => sum + codeSize, 0),
        FunctionCount: all.length,
      },
    }),
  );
}
