/** Runs one event and publishes what Lambda publishes of it. */
import type { Cloud } from '../cloud.js';
import type { FunctionRecord } from './function-record.js';
import type { Invocation, InvocationResult } from './sandbox.js';
import type { SandboxPool } from './sandbox-pool.js';

export async function runMeasured(
  cloud: Cloud,
  sandboxes: SandboxPool,
  record: FunctionRecord,
  invocation: Invocation,
): Promise<InvocationResult> {
  const result = await sandboxes.run(record, invocation);
  const { region } = record;
  const dimensions = { FunctionName: record.name };
  const publish = (name: string, value: number, unit: 'Count' | 'Milliseconds') =>
    cloud.metrics.record({ region, namespace: 'AWS/Lambda', name, dimensions, value, unit });
  publish('Invocations', 1, 'Count');
  publish('Errors', result.functionError === undefined ? 0 : 1, 'Count');
  publish('Duration', result.durationMs, 'Milliseconds');
  publish('ConcurrentExecutions', sandboxes.concurrencyOf(record) + 1, 'Count');
  return result;
}
