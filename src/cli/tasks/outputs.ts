/** What `payments-dr outputs` does. */
import { findClaim } from '../../claims/observation/find-claim.js';
import { environmentName, OUTPUT_COUNT, outputsOf } from '../../claims/observation/outputs.js';
import { PdrError } from '../../support/errors.js';
import { formatKey, keyOf } from '../../support/kubernetes/objects.js';
import { withCluster } from '../cluster/connection.js';
import type { ClaimOptions } from '../cluster/options.js';
import type { ShellForm } from '../output/forms.js';
import { note, printResult, printText } from '../output/print.js';
import { tableOf } from '../output/table.js';

export interface OutputsOptions extends ClaimOptions {
  readonly output: ShellForm;
}

export async function outputs(name: string, options: OutputsOptions): Promise<void> {
  const { form, output } = options;
  await withCluster(options, async ({ client, namespace }) => {
    const { claim } = await findClaim(client, { name, namespace, form });
    const found = outputsOf(claim.status as Parameters<typeof outputsOf>[0]);
    const entries = Object.entries(found);
    if (entries.length === 0) throw new PdrError('PDR1024', { subject: formatKey(keyOf(claim)) });
    const missing = OUTPUT_COUNT - entries.length;
    if (missing > 0) note(`${missing} more are not known yet`);
    if (output === 'env') {
      printText(
        entries
          .map(
            ([key, value]) => `export ${environmentName(key)}='${value.replaceAll("'", "'\\''")}'`,
          )
          .join('\n'),
      );
      return;
    }
    printResult(output, found, (isWide) =>
      isWide
        ? tableOf(
            ['OUTPUT', 'ENVIRONMENT', 'VALUE'],
            entries.map(([key, value]) => [key, environmentName(key), value]),
          )
        : tableOf(['OUTPUT', 'VALUE'], entries),
    );
  });
}
