/**
 * The definition as it is in the files: what a claim may say (`crds/`) and what it becomes (`compositions/`).
 *
 * Everything that judges or composes a claim without a cluster reads it here. The build keeps the same files as JSON, since
 * their YAML alone would take a command longer to parse than all the rest of its work; a YAML file that is newer is read itself.
 */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { apiVersionOf, CLAIM_API } from '../../model/claim/api.js';
import { FORMS, type Form } from '../../model/managed/kind.js';
import type { KubernetesObject } from '../../support/kubernetes/objects.js';
import type { Composition } from '../../local/crossplane/compositions/composition.js';
import type { Definition } from '../../local/crossplane/definitions/definition.js';

const COMPILED = 'dist/definition.json';

type Compiled = Readonly<Record<string, readonly KubernetesObject[]>>;

export interface FormDefinition {
  readonly form: Form;
  readonly definition: Definition;
  readonly composition: Composition;
}

/** The form that an apiVersion belongs to; `undefined` for one that is not ours. */
export function formOf(apiVersion: string): Form | undefined {
  return FORMS.find((form) => apiVersionOf(form) === apiVersion);
}

/** `packageDir` is the directory that holds `crds/` and `compositions/`. */
export async function readDefinition(packageDir: string, form: Form): Promise<FormDefinition> {
  const { group, composite } = CLAIM_API[form];
  const file = `${composite.plural}.${group}.yaml`;
  const [definition, composition] = await readGenerated(packageDir, [
    `crds/${file}`,
    `compositions/${file}`,
  ]);
  if (definition === undefined || composition === undefined)
    throw new RangeError(`crds/${file} or compositions/${file} is empty`);
  return { form, definition: definition as Definition, composition: composition as Composition };
}

/** The objects in generated files below `packageDir`, in the order of the paths. */
export async function readGenerated(
  packageDir: string,
  paths: readonly string[],
): Promise<KubernetesObject[]> {
  const compiled = await readCompiled(packageDir);
  const read = async (path: string) =>
    (compiled && (await isFresh(packageDir, path)) ? compiled[path] : undefined) ??
    (await readYaml(join(packageDir, path)));
  return (await Promise.all(paths.map(read))).flat();
}

async function readCompiled(packageDir: string): Promise<Compiled | undefined> {
  try {
    return JSON.parse(await readFile(join(packageDir, COMPILED), 'utf8')) as Compiled;
  } catch {
    return undefined; // not built yet, or half-written by a build under way: the YAML says the same
  }
}

/** An image that carries only the compiled definition has nothing newer. */
async function isFresh(packageDir: string, path: string): Promise<boolean> {
  const [source, compiled] = await Promise.all([
    stat(join(packageDir, path)).catch(() => undefined),
    stat(join(packageDir, COMPILED)),
  ]);
  return source === undefined || source.mtimeMs <= compiled.mtimeMs;
}

async function readYaml(path: string): Promise<KubernetesObject[]> {
  const { readYamlObjects } = await import('./yaml-objects.js');
  return readYamlObjects(path);
}
