/**
 * Installs the definition on a cluster, from the generated files: the same ones that a real cluster gets.
 *
 * Applied by server-side apply, so that installing again changes nothing; objects of an older version that left the files stay.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
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

export interface InstallOptions {
  readonly client: KubernetesClient;
  readonly clock: Clock;
  /** The directory that holds `crds/`, `compositions/` and `deploy/`. */
  readonly packageDir: string;
  /** Which of the packages in `deploy/` to install: the functions always, providers where something serves them. */
  readonly withProviders: boolean;
  /** Whether to install the guard of environments, which a cluster of somebody else's is given by its owner. */
  readonly withGuard: boolean;
}

/** Applies everything and waits until it can be used. Returns what was applied. */
export async function installDefinition(options: InstallOptions): Promise<KubernetesObject[]> {
  const { packageDir } = options;
  const objects = [
    ...(await readManifests(join(packageDir, 'deploy'))).filter(isInstalled(options)),
    ...(await readManifests(join(packageDir, 'crds'))),
    ...(await readManifests(join(packageDir, 'compositions'))),
  ];
  await Promise.all(objects.map((object) => applyObject(options.client, object)));
  await Promise.all(objects.map((object) => untilUsable(options, object)));
  return objects;
}

function isInstalled({ withProviders, withGuard }: InstallOptions) {
  const packageKinds = new Set(withProviders ? ['Function', 'Provider'] : ['Function']);
  return ({ apiVersion, kind }: KubernetesObject): boolean => {
    const [group] = apiVersion.split('/');
    if (group === 'admissionregistration.k8s.io') return withGuard;
    return group === 'pkg.crossplane.io' && packageKinds.has(kind);
  };
}

/** All objects in the YAML files below a directory, in the files' order. */
export async function readManifests(directory: string): Promise<KubernetesObject[]> {
  const entries = await readdir(directory, { recursive: true });
  const files = entries.filter((entry) => /\.ya?ml$/.test(entry)).sort();
  const parsed = await Promise.all(files.map((file) => readManifest(join(directory, file))));
  return parsed.flat();
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
