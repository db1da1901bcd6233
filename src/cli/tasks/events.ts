/** What `payments-dr events` does. */
import { eventsOf, type ClaimEvent } from '../../claims/observation/events.js';
import { observeClaim } from '../../claims/observation/observe.js';
import { systemClock } from '../../support/clock.js';
import { withCluster } from '../cluster/connection.js';
import type { ClaimOptions } from '../cluster/options.js';
import { ageOf } from '../output/age.js';
import type { OutputForm } from '../output/forms.js';
import { note, printResult } from '../output/print.js';
import { oneLine, tableOf } from '../output/table.js';
import { coloursOf } from '../view/colours.js';

export interface EventsOptions extends ClaimOptions {
  readonly warnings?: boolean;
  readonly output: OutputForm;
}

export async function events(name: string, options: EventsOptions): Promise<void> {
  const { warnings = false, form, output } = options;
  await withCluster(options, async ({ client, namespace }) => {
    const observed = await observeClaim(client, { name, namespace, form });
    const { events: all, hidden } = await eventsOf(client, observed);
    const told = warnings ? all.filter(({ type }) => type !== 'Normal') : all;
    if (told.length === 0 && hidden.length === 0)
      note(
        warnings
          ? 'no warnings'
          : 'no events: the cluster has forgotten them, or nothing has happened yet',
      );
    if (hidden.length > 0)
      note(`without those in the namespaces ${hidden.join(', ')}: you may not read them`);
    if (observed.hidden.length > 0)
      note(`without those of ${observed.hidden.join(', ')}: you may not read them`);
    printResult(output, { events: told }, (isWide) =>
      told.length === 0 ? '' : draw(told, isWide),
    );
  });
}

function draw(told: readonly ClaimEvent[], isWide: boolean): string {
  const colour = coloursOf(process.stdout);
  const now = systemClock.now();
  const headings = [
    'LAST',
    ...(isWide ? ['FIRST'] : []),
    'COUNT',
    'TYPE',
    'OBJECT',
    'REASON',
    'MESSAGE',
  ];
  return tableOf(
    headings,
    told.map(({ lastAt, firstAt, count, type, kind, name, reason, message }) => [
      ageOf(lastAt, now),
      ...(isWide ? [ageOf(firstAt, now)] : []),
      String(count),
      type === 'Normal' ? type : colour.yellow(type),
      `${kind}/${name}`,
      reason,
      oneLine(message),
    ]),
  );
}
