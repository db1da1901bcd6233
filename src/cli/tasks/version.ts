/** What `payments-dr version` does. */
import { API_VERSION } from '../../model/claim/api.js';
import { PdrError } from '../../support/errors.js';
import { withCluster } from '../cluster/connection.js';
import { crossplaneIn, lookAtCluster, type ClusterFacts } from '../cluster/facts.js';
import type { ClusterOptions } from '../cluster/options.js';
import type { OutputForm } from '../output/forms.js';
import { note, printResult } from '../output/print.js';
import { tableOf } from '../output/table.js';
import { PACKAGE } from '../platform/package-json.js';

export interface VersionOptions extends ClusterOptions {
  readonly client?: boolean;
  readonly output: OutputForm;
}

export async function version(options: VersionOptions): Promise<void> {
  const client = { version: PACKAGE.version, node: process.versions.node, api: API_VERSION };
  const cluster = options.client === true ? null : await factsOf(options);
  printResult(options.output, { client, cluster }, () =>
    tableOf(
      ['WHAT', 'VERSION'],
      [
        ['payments-dr', client.version],
        ['Node', client.node],
        ['claim API', client.api],
        ...(cluster === null ? [] : rowsOf(cluster)),
      ],
    ),
  );
}

async function factsOf(options: ClusterOptions): Promise<ClusterFacts | null> {
  try {
    const facts = await withCluster(options, ({ client }) => lookAtCluster(client));
    if (facts.hidden.length > 0) note(`you may not see: ${facts.hidden.join(', ')}`);
    return facts;
  } catch (error) {
    if (!(error instanceof PdrError) || error.code === 'PDR1006') throw error;
    note(`no cluster: ${error.message}`);
    return null;
  }
}

function rowsOf(facts: ClusterFacts): string[][] {
  const { kubernetes, definitions, packages } = facts;
  return [
    ['Kubernetes', kubernetes],
    ['Crossplane', crossplaneIn(facts)],
    ...definitions.map(({ name, isEstablished, versions, isOurs }) => [
      name,
      `${versions.join(', ')}${isEstablished ? '' : ', not established'}${isOurs ? '' : ", differs from this command's"}`,
    ]),
    ...packages.map(({ kind, name, image, isHealthy }) => [
      `${kind} ${name}`,
      `${image}${isHealthy ? '' : ', not healthy'}`,
    ]),
  ];
}
