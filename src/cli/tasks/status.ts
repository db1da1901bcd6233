/** What `payments-dr status` does. */
import { ClaimWatch } from '../../claims/observation/claim-watch.js';
import { firstCause } from '../../claims/observation/cause.js';
import { observeClaim, withTaken, type ObservedClaim } from '../../claims/observation/observe.js';
import { reportOf } from '../../claims/observation/report.js';
import { waitingIn } from '../../claims/observation/waiting-in-cluster.js';
import { systemClock } from '../../support/clock.js';
import { PdrError } from '../../support/errors.js';
import { silentLog } from '../../support/log.js';
import { withCluster, type Cluster } from '../cluster/connection.js';
import type { ClaimOptions } from '../cluster/options.js';
import type { OutputForm } from '../output/forms.js';
import { note, printResult, printText, toJson } from '../output/print.js';
import { PACKAGE_DIR } from '../platform/paths.js';
import { untilStopped } from '../platform/signals.js';
import { coloursOf, isTerminal } from '../view/colours.js';
import { LiveRegion } from '../view/live-region.js';
import { screenOf, type Screen } from '../view/screen.js';
import { headline, statusTable } from '../view/status-table.js';

export interface StatusOptions extends ClaimOptions {
  readonly watch?: boolean;
  readonly output: OutputForm;
}

/** Changes come in bursts, one for each resource: they are drawn together. */
const DRAW_AFTER_MS = 100;
/** A day: the ages are drawn again then, if nothing else happens. */
const FOREVER_MS = 86_400_000;

export async function status(name: string, options: StatusOptions): Promise<void> {
  const { output, form, watch = false } = options;
  if (watch && output === 'yaml') {
    throw new PdrError('PDR1006', {
      subject: '--watch -o yaml',
      detail: 'with --watch take json: a line for each change',
    });
  }
  await withCluster(options, async (cluster) => {
    const observed = await observeClaim(cluster.client, {
      name,
      namespace: cluster.namespace,
      form,
    });
    if (watch) {
      await follow(cluster, observed, output);
      return;
    }
    const waiting = await waitingIn(cluster.client, observed, PACKAGE_DIR);
    printResult(output, reportOf(observed, waiting), (isWide) =>
      tableOf(observed, waiting, isWide, screenOf(process.stdout)),
    );
  });
}

function tableOf(
  observed: ObservedClaim,
  waiting: Parameters<typeof reportOf>[1],
  isWide: boolean,
  screen: Screen | undefined,
): string {
  const colour = coloursOf(process.stdout);
  return statusTable({ observed, waiting }, { colour, nowMs: systemClock.now(), isWide, screen });
}

/** On a terminal the tree, drawn in place; elsewhere a line for each change of what holds the claim up. */
async function follow(
  { client }: Cluster,
  first: ObservedClaim,
  output: OutputForm,
): Promise<void> {
  if (first.hidden.length > 0) {
    throw new PdrError('PDR1014', {
      subject: '--watch',
      detail: `you may not read ${first.hidden.join(', ')}`,
    });
  }
  const live = new LiveRegion(process.stdout);
  const stopped = untilStopped();
  const watch = await ClaimWatch.start({
    client,
    claim: first.claim,
    clock: systemClock,
    log: silentLog,
  });
  let told = '';
  const draw = async (): Promise<boolean> => {
    if (watch.observed === undefined) return false;
    const observed = await withTaken(client, watch.observed);
    const waiting = await waitingIn(client, observed, PACKAGE_DIR);
    if (output === 'json') {
      told = tell(JSON.stringify(JSON.parse(toJson(reportOf(observed, waiting)))), told);
    } else if (isTerminal(process.stdout)) {
      const table = tableOf(observed, waiting, output === 'wide', live.screen);
      live.draw(table.split('\n'));
    } else {
      told = tell(
        headline(observed, firstCause(observed, waiting), coloursOf(process.stdout)),
        told,
      );
    }
    return true;
  };
  try {
    await untilGone(watch, draw, stopped);
  } finally {
    live.end();
    await watch.stop();
  }
  if (watch.claim === undefined) note(`${first.claim.metadata.name} is gone`);
}

function tell(text: string, told: string): string {
  if (text !== told) printText(text);
  return text;
}

async function untilGone(
  watch: ClaimWatch,
  draw: () => Promise<boolean>,
  stopped: Promise<unknown>,
): Promise<void> {
  const stop = new AbortController();
  void stopped.then(() => stop.abort());
  let change = new AbortController();
  watch.onChange(() => change.abort());
  for (;;) {
    await systemClock.sleep(FOREVER_MS, AbortSignal.any([change.signal, stop.signal]));
    if (!stop.signal.aborted) await systemClock.sleep(DRAW_AFTER_MS, stop.signal);
    if (stop.signal.aborted) return;
    change = new AbortController();
    if (!(await draw())) return;
  }
}
