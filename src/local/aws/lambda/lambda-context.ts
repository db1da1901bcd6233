/** What the operations of Lambda share. */
import type { Cloud } from '../cloud.js';
import { AwsError, type Principal } from '../service.js';
import type { EventQueue } from './event-queue.js';
import type { FunctionStore } from './function-store.js';
import { invalid } from './rest.js';
import type { SandboxPool } from './sandbox-pool.js';

export class LambdaContext {
  constructor(
    readonly cloud: Cloud,
    readonly functions: FunctionStore,
    readonly sandboxes: SandboxPool,
    readonly events: EventQueue,
    /** ECR repository → local bundle. */
    readonly images: ReadonlyMap<string, string>,
  ) {}

  /** Whether the caller may pass the role, and Lambda may assume it (iam:PassRole, the trust policy). */
  async admitRole(caller: Principal, roleArn: string): Promise<void> {
    const { access } = this.cloud;
    access.authorize({
      caller,
      action: 'iam:PassRole',
      resource: roleArn,
      context: { 'iam:PassedToService': 'lambda.amazonaws.com' },
    });
    try {
      await access.assumeForService(roleArn, 'lambda.amazonaws.com', 'validation');
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      throw invalid('The role defined for the function cannot be assumed by Lambda.');
    }
  }
}
