/**
 * Objects in a YAML file, as Kubernetes reads it.
 *
 * A module of its own to be loaded when it is needed: parsing YAML takes a command more time to load than most need to run. Not
 * the package itself, which is CommonJS: loaded late in the bundled command it has a default export and no other.
 */
import { readFile } from 'node:fs/promises';
import { parseAllDocuments } from 'yaml';
import type { KubernetesObject } from '../../support/kubernetes/objects.js';

export async function readYamlObjects(path: string): Promise<KubernetesObject[]> {
  const documents = parseAllDocuments(await readFile(path, 'utf8'), { version: '1.1' });
  return documents.map((document) => document.toJS() as KubernetesObject);
}
