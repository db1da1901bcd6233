/**
 * Installs the definition on a cluster, from the generated files: the same ones that a real cluster gets.
 *
 * Applied by server-side apply, so that installing again changes nothing; objects of an older version that left the files stay.
 */
import { readFile } from 'node:fs/promises';
import { parseAllDocuments } from 'yaml';
import { readGenerated } from '../../claims/contract/definition-files.js';
import { CLAIM_API } from '../../model/claim/api.js';
import { FORMS } from '../../model/managed/kind.js';
import type { Clock } from '../../support/clock.js';
import { PdrError } from '../../support/errors.js';
import type { KubernetesClient } from '../../support/kubernetes/client.js';
import { isConditionTrue, type KubernetesObject } from '../../support/kubernetes/objects.js';
import { FIELD_MANAGER } from './field-manager.js';

const POLL_MS = 25;
const PATIENCE_MS = 30_000;

/** What each kind is when it can be used. */
const READY_CONDITIONS: Readonly<Record<string, readonly string[]>> = {
  CompositeResourceDefinition: ['Established'],
  Function: ['Installed', 'Healthy'],
};

/** Of the files in `deploy/`, those that can be installed as they are; the others are for their reader to choose from. */
const DEPLOYED = ['functions', 'providers', 'environment-guard', 'access'].map(
  (name) => `deploy/${name}.yaml`,
);

/** Of what a cluster's owner alone decides. */
const OWNERS_GROUPS = ['admissionregistration.k8s.io', 'rbac.authorization.k8s.io'];

export interface InstallOptions {
  readonly client: KubernetesClient;
  readonly clock: Clock;
  /** The directory that holds `crds/`, `compositions/` and `deploy/`. */
  readonly packageDir: string;
  /** Which of the packages in `deploy/` to install: the functions always, providers where something serves them. */
  readonly withProviders: boolean;
  /** Whether to install the guard of environments and the roles, which a cluster of somebody else's is given by its owner. */
  readonly ownsCluster: boolean;
}

/** Applies everything and waits until it can be used. Returns what was applied. */
export async function installDefinition(options: InstallOptions): Promise<KubernetesObject[]> {
  const { packageDir } = options;
  const names = FORMS.map((form) => `${CLAIM_API[form].composite.plural}.${CLAIM_API[form].group}`);
  const objects = (
    await readGenerated(packageDir, [
      ...DEPLOYED,
      ...['crds', 'compositions'].flatMap((directory) =>
        names.map((name) => `${directory}/${name}.yaml`),
      ),
    ])
  ).filter(isInstalled(options));
  await Promise.all(objects.map((object) => applyObject(options.client, object)));
  await Promise.all(objects.map((object) => untilUsable(options, object)));
  return objects;
}

function isInstalled({ withProviders, ownsCluster }: InstallOptions) {
  const packageKinds = new Set(withProviders ? ['Function', 'Provider'] : ['Function']);
  return ({ apiVersion, kind }: KubernetesObject): boolean => {
    const [group] = apiVersion.split('/');
    if (group !== undefined && OWNERS_GROUPS.includes(group)) return ownsCluster;
    return group === 'apiextensions.crossplane.io' || packageKinds.has(kind);
  };
}

export async function readManifest(file: string): Promise<KubernetesObject[]> {
  // Kubernetes reads YAML 1.1, where a bare N is false; so do we (FACTS A11).
  const documents = parseAllDocuments(await readFile(file, 'utf8'), { version: '1.1' });
  const broken = documents.flatMap((document) => document.errors)[0];
  if (broken !== undefined) {
    throw new PdrError('PDR1010', { subject: file, detail: broken.message.split('\n')[0] ?? '' });
  }
  return documents
    .map((document) => document.toJS() as KubernetesObject | null)
    .filter((object) => object !== null);
}

export async function applyObject(
  client: KubernetesClient,
  object: KubernetesObject,
): Promise<void> {
  const type = await client.resourceType(object.apiVersion, object.kind);
  await client.apply(type, object, { fieldManager: FIELD_MANAGER, force: true });
}

async function untilUsable(
  { client, clock }: InstallOptions,
  object: KubernetesObject,
): Promise<void> {
  const conditions = READY_CONDITIONS[object.kind] ?? [];
  if (conditions.length === 0) return;
  const type = await client.resourceType(object.apiVersion, object.kind);
  const subject = `${object.kind.toLowerCase()}/${object.metadata.name ?? ''}`;
  for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += POLL_MS) {
    const current = await client.read(type, { name: object.metadata.name ?? '' });
    if (
      current !== undefined &&
      conditions.every((condition) => isConditionTrue(current, condition))
    )
      return;
    await clock.sleep(POLL_MS);
  }
  throw new PdrError('PDR1007', {
    subject,
    detail: `it did not become ${conditions.join(' and ')}`,
  });
}
