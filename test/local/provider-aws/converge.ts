/** What the reconciler does with a kind's calls, step by step, for tests that have no Kubernetes. */
import { driftOf } from '../../../src/local/provider-aws/external/drift.js';
import type { AwsConnection } from '../../../src/local/provider-aws/config/aws-connection.js';
import type { External, Target } from '../../../src/local/provider-aws/external/external.js';

export type AnyTarget = Target<Record<string, unknown>>;

/** Updates until nothing differs and AWS has finished; `wait` is called while AWS is busy. */
export async function converge(
  external: External,
  target: AnyTarget,
  aws: AwsConnection,
  wait: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  for (let step = 0; step < 1000; step += 1) {
    const seen = await external.observe(target, aws);
    if (!seen.exists) throw new Error('it is not there');
    if (seen.busyWith !== undefined) {
      await wait();
      continue;
    }
    const drift = await driftIn(external, target, aws);
    if (drift.length === 0) return;
    await external.update(target, aws, seen, drift);
  }
  throw new Error('it never became what was asked for');
}

export async function driftIn(
  external: External,
  target: AnyTarget,
  aws: AwsConnection,
): Promise<string[]> {
  const seen = await external.observe(target, aws);
  if (!seen.exists) throw new Error('it is not there');
  const asked = new Set(external.fields.map((path) => path.split('.')[0]));
  const wanted = Object.entries(target.forProvider).filter(([field]) => asked.has(field));
  return driftOf(Object.fromEntries(wanted), seen.atProvider, external.comparison);
}

export function regionOf(forProvider: Record<string, unknown>): string {
  return typeof forProvider.region === 'string' ? forProvider.region : '';
}
