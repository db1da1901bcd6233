/** What `payments-dr doctor` does. */
import { PdrError } from '../../support/errors.js';
import { withCluster } from '../cluster/connection.js';
import { checkCluster } from '../doctor/cluster-checks.js';
import { checkMachine } from '../doctor/machine-checks.js';
import type { Check } from '../doctor/check.js';
import type { ClusterOptions } from '../cluster/options.js';
import type { OutputForm } from '../output/forms.js';
import { printResult } from '../output/print.js';
import { coloursOf } from '../view/colours.js';
import { checkLines } from '../view/check-lines.js';

export interface DoctorOptions extends ClusterOptions {
  readonly output: OutputForm;
}

/** @returns the exit code */
export async function doctor(options: DoctorOptions): Promise<number> {
  const checks = [...(await checkMachine()), ...(await ofCluster(options))];
  const healthy = checks.every(({ state }) => state !== 'missing');
  printResult(options.output, { healthy, checks }, (isWide) =>
    checkLines(checks, coloursOf(process.stdout), isWide).join('\n'),
  );
  return healthy ? 0 : 1;
}

async function ofCluster(options: ClusterOptions): Promise<readonly Check[]> {
  try {
    return await withCluster(options, checkCluster);
  } catch (error) {
    if (!(error instanceof PdrError) || error.code === 'PDR1006') throw error;
    const mend =
      error.code === 'PDR1001' || error.code === 'PDR1005'
        ? 'payments-dr up, for a cluster on this machine'
        : error.remedy;
    return [{ what: 'cluster', state: 'missing', found: error.message, mend }];
  }
}
