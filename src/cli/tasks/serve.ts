/** What `payments-dr local <part>` does: serves one part until it is stopped. */
import { systemClock } from '../../support/clock.js';
import { createLog } from '../../support/log.js';
import type { ServeOptions } from '../platform/options.js';
import type { Part } from '../platform/parts.js';
import { startPlatform } from '../platform/platform.js';
import { keepHeapSmall } from '../platform/small-heap.js';
import { untilStopped } from '../platform/signals.js';

export async function serve(part: Part, options: ServeOptions): Promise<void> {
  if (part === 'kubernetes') keepHeapSmall();
  const stopped = untilStopped();
  const platform = await startPlatform({
    parts: new Set([part]),
    stateDir: options.state,
    kubernetesPort: options.port,
    awsPort: options.port,
    holdSourceTables: options.holdSourceTables,
    writeKubeconfig: options.writeKubeconfig,
    writeAwsConfig: options.writeAwsConfig,
    kubeconfig: options.kubeconfig,
    awsEndpoint: options.awsEndpoint,
    givesKubeConfig: false,
    clock: systemClock,
    log: createLog({ level: options.logLevel }),
    onStarted: (started, what) => process.stdout.write(`ready ${started} ${what}\n`),
  });
  await stopped;
  await platform.close();
}
