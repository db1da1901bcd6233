/** Generated files on disk: written, or held against what would be written now. */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PdrError } from '../support/errors.js';
import { saysGenerated, type WrittenFile } from './generated-file.js';
import { lineDiff } from './line-diff.js';

const DIRECTORIES = ['crds', 'compositions', 'deploy', 'docs'] as const;

/** Of these a first line says whether they are generated; JSON has no place for one. */
const COMMENTED = /\.(yaml|md)$/;

/** Writes the files below `root` and removes generated ones that are no more. Returns the paths written. */
export async function writeFiles(root: string, files: readonly WrittenFile[]): Promise<string[]> {
  const contents = files.map((file) => [file.path, file.render()] as const);
  for (const path of await leftOver(root, files)) await rm(join(root, path));
  for (const [path, content] of contents) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  return contents.map(([path]) => path);
}

/** Refuses with PDR1009, which shows what differs, unless the files below `root` are what would be written now. */
export async function checkFiles(root: string, files: readonly WrittenFile[]): Promise<void> {
  const stale = (
    await Promise.all(
      files.map(async (file) => {
        const committed = await readFile(join(root, file.path), 'utf8').catch(() => '');
        return lineDiff(file.path, committed, file.render());
      }),
    )
  ).filter((diff) => diff !== '');
  const extra = (await leftOver(root, files)).map(
    (path) => `--- ${path}\n(would no longer be generated)`,
  );
  const differences = [...stale, ...extra];
  if (differences.length === 0) return;
  throw new PdrError('PDR1009', {
    subject: DIRECTORIES.join(', '),
    detail: `\n${differences.join('\n')}`,
  });
}

async function leftOver(root: string, files: readonly WrittenFile[]): Promise<string[]> {
  const known = new Set(files.map(({ path }) => path));
  const found = await Promise.all(
    DIRECTORIES.map(async (directory) => {
      const entries = await readdir(join(root, directory), { recursive: true }).catch(() => []);
      return entries
        .filter((entry) => COMMENTED.test(entry))
        .map((entry) => join(directory, entry));
    }),
  );
  const unknown = found.flat().filter((path) => !known.has(path));
  const isGenerated = await Promise.all(
    unknown.map(async (path) => saysGenerated(await readFile(join(root, path), 'utf8'))),
  );
  return unknown.filter((_, index) => isGenerated[index]);
}
