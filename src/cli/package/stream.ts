/** The stream of YAML in a package: its metadata, the definitions and the Compositions, and nothing else. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { PdrError } from '../../support/errors.js';

export interface PackageStream {
  readonly text: string;
  /** In the order of the stream. */
  readonly objects: readonly {
    readonly apiVersion: string;
    readonly kind: string;
    readonly name: string;
  }[];
}

const METADATA = 'deploy/crossplane.yaml';
const DIRECTORIES = ['crds', 'compositions'] as const;

/** Throws PDR1028 for what no Configuration package may hold. */
export async function readPackageStream(packageDir: string): Promise<PackageStream> {
  const files = [METADATA];
  for (const directory of DIRECTORIES) {
    const names = await readdir(join(packageDir, directory));
    files.push(
      ...names
        .filter((name) => name.endsWith('.yaml'))
        .sort()
        .map((name) => `${directory}/${name}`),
    );
  }
  const texts = await Promise.all(files.map((file) => readFile(join(packageDir, file), 'utf8')));
  const text = texts.map((one) => (one.endsWith('\n') ? one : `${one}\n`)).join('---\n');
  const objects = parseAllDocuments(text, { version: '1.1' }).map((document) => {
    const { apiVersion, kind, metadata } = document.toJS() as {
      apiVersion: string;
      kind: string;
      metadata: { name: string };
    };
    return { apiVersion, kind, name: metadata.name };
  });
  const metadata = objects.filter(
    ({ apiVersion, kind }) =>
      apiVersion.startsWith('meta.pkg.crossplane.io/') && kind === 'Configuration',
  );
  const others = objects.filter((object) => !metadata.includes(object));
  const odd = others.find(
    ({ apiVersion, kind }) =>
      !apiVersion.startsWith('apiextensions.crossplane.io/') ||
      !['CompositeResourceDefinition', 'Composition'].includes(kind),
  );
  if (odd !== undefined) {
    throw new PdrError('PDR1028', {
      subject: `${odd.kind} ${odd.name}`,
      detail: 'it is neither a definition nor a Composition',
    });
  }
  if (metadata.length !== 1) {
    throw new PdrError('PDR1028', {
      subject: METADATA,
      detail: `it has ${metadata.length} Configurations instead of one`,
    });
  }
  return { text, objects };
}
