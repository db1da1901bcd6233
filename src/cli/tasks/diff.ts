/** What `payments-dr diff` does. */
import { changesOf, type ObjectChange } from '../../claims/change/changes.js';
import type { FieldChange } from '../../claims/change/field-changes.js';
import { PdrError } from '../../support/errors.js';
import type { Colors } from 'picocolors/types.js';
import { withCluster } from '../cluster/connection.js';
import type { ClusterOptions } from '../cluster/options.js';
import type { OutputForm } from '../output/forms.js';
import { note, printResult } from '../output/print.js';
import { FIELD_MANAGER } from '../platform/field-manager.js';
import { PACKAGE_DIR } from '../platform/paths.js';
import { coloursOf } from '../view/colours.js';
import { printError } from '../view/error-report.js';
import { refusal, withNamespace } from './apply.js';
import { checkNamespace, readValidClaims } from './valid-claims.js';

export interface DiffOptions extends ClusterOptions {
  readonly filename: readonly string[];
  readonly output: OutputForm;
}

const DIFFERENT = 1;
const FAILED = 3;

/** @returns the exit code */
export async function diff(options: DiffOptions): Promise<number> {
  try {
    return await show(options);
  } catch (error) {
    if (error instanceof PdrError && error.code === 'PDR1006') throw error;
    printError(error);
    return FAILED;
  }
}

async function show(options: DiffOptions): Promise<number> {
  const claims = await readValidClaims(options.filename);
  checkNamespace(claims, options.namespace);
  return withCluster(options, async ({ client, namespace }) => {
    const changes: ObjectChange[] = [];
    for (const { form, object, defaulted } of claims) {
      const claim = withNamespace(object, namespace);
      const told = await changesOf({
        client,
        form,
        claim,
        defaulted: withNamespace(defaulted, namespace),
        fieldManager: FIELD_MANAGER,
        packageDir: PACKAGE_DIR,
      }).catch((error: unknown) => {
        throw refusal(error, claim);
      });
      changes.push(...told.changes);
      if (told.hidden.length > 0)
        note(`what changes of ${told.hidden.join(', ')} cannot be told: you may not read them`);
      if (!told.isOfCluster)
        note("composed by this package's Composition: the cluster's cannot be read");
    }
    const colour = coloursOf(process.stdout);
    printResult(options.output, { changes }, (isWide) =>
      changes.map((change) => drawChange(change, colour, isWide)).join('\n'),
    );
    return changes.length === 0 ? 0 : DIFFERENT;
  });
}

const SIGNS = { create: '+', update: '~', delete: '-' } as const;

function drawChange(
  { action, apiVersion, kind, namespace, name, fields }: ObjectChange,
  colour: Colors,
  isWide: boolean,
): string {
  const paint = { create: colour.green, update: colour.yellow, delete: colour.red }[action];
  const title = `${SIGNS[action]} ${kind} ${[namespace, name].filter(Boolean).join('/')}${isWide ? `  ${apiVersion}` : ''}`;
  return [paint(title), ...fields.map((field) => `    ${drawField(field, colour)}`)].join('\n');
}

function drawField(change: FieldChange, colour: Colors): string {
  const before = 'before' in change ? colour.red(JSON.stringify(change.before)) : '(none)';
  const after = 'after' in change ? colour.green(JSON.stringify(change.after)) : '(none)';
  return `${change.field}: ${before} → ${after}`;
}
