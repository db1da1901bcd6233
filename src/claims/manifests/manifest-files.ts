/** Finds and reads the manifests that a command is given: files, directories with all below them, and `-` for standard input. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { PdrError } from '../../support/errors.js';
import { parseManifest, type Manifest } from './manifest.js';

export const STANDARD_INPUT = '-';

const MANIFEST_NAME = /\.(ya?ml|json)$/;

/** In the order given, and within a directory by name. Throws PDR1020 for what cannot be read. */
export async function readManifestFiles(
  paths: readonly string[],
  input: NodeJS.ReadableStream = process.stdin,
): Promise<Manifest[]> {
  const manifests: Manifest[] = [];
  for (const path of paths) {
    if (path === STANDARD_INPUT) {
      manifests.push(parseManifest(path, await text(input)));
      continue;
    }
    for (const file of await filesAt(path)) {
      manifests.push(parseManifest(file, await read(file, () => readFile(file, 'utf8'))));
    }
  }
  return manifests;
}

async function filesAt(path: string): Promise<string[]> {
  const found = await read(path, () => stat(path));
  if (!found.isDirectory()) return [path];
  const entries = await read(path, () => readdir(path, { recursive: true, withFileTypes: true }));
  return entries
    .filter((entry) => entry.isFile() && MANIFEST_NAME.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

async function read<T>(path: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new PdrError('PDR1020', { subject: path, detail: REASONS[code] ?? code, cause });
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EACCES: 'permission denied',
  EISDIR: 'it is a directory',
};
