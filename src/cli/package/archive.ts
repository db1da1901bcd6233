/** A tar archive in memory, the same bytes for the same files: no times, no owners, in the order given. */
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';

export type ArchiveFile = readonly [name: string, content: string | Buffer];

const MODE = 0o644;
const EPOCH = new Date(0);

export async function archiveOf(files: readonly ArchiveFile[]): Promise<Buffer> {
  const archive = pack();
  for (const [name, content] of files) archive.entry({ name, mode: MODE, mtime: EPOCH }, content);
  archive.finalize();
  return buffer(archive);
}
