/** What `payments-dr package build` does. */
import { writeFile } from 'node:fs/promises';
import { PdrError } from '../../support/errors.js';
import type { OutputForm } from '../output/forms.js';
import { printResult } from '../output/print.js';
import { tableOf } from '../output/table.js';
import { readPackageStream } from '../package/stream.js';
import { buildXpkg } from '../package/xpkg.js';
import { PACKAGE_DIR } from '../platform/paths.js';
import { PACKAGE } from '../platform/package-json.js';

export interface PackageOptions {
  readonly file: string;
  readonly tag?: string;
  readonly output: OutputForm;
}

/** A tag as registries take it (OCI distribution specification). */
const TAG = /^\w[\w.-]{0,127}$/;

export async function buildPackage({
  file,
  tag = `v${PACKAGE.version}`,
  output,
}: PackageOptions): Promise<void> {
  if (!TAG.test(tag)) {
    throw new PdrError('PDR1006', {
      subject: `--tag ${tag}`,
      detail: 'a tag has letters, digits and _ . -',
    });
  }
  const { text, objects } = await readPackageStream(PACKAGE_DIR);
  const { bytes, digest } = await buildXpkg(text, tag);
  await writeFile(file, bytes).catch((cause: unknown) => {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new PdrError('PDR1029', { subject: file, detail, cause });
  });
  printResult(output, { file, tag, digest, sizeBytes: bytes.length, objects }, (isWide) =>
    [
      `${file}: ${objects.length} objects, ${Math.ceil(bytes.length / 1024)} KiB, ${digest}`,
      ...(isWide
        ? [
            '',
            tableOf(
              ['KIND', 'NAME', 'APIVERSION'],
              objects.map(({ kind, name, apiVersion }) => [kind, name, apiVersion]),
            ),
          ]
        : []),
    ].join('\n'),
  );
}
