/** What `payments-dr validate` does. */
import { readManifestFiles } from '../../claims/manifests/manifest-files.js';
import { validateManifests } from '../../claims/validation/validate.js';
import type { OutputForm } from '../output/forms.js';
import { printResult } from '../output/print.js';
import { PACKAGE_DIR } from '../platform/paths.js';
import { faultLines } from '../view/fault-lines.js';
import { coloursOf } from '../view/colours.js';
import { noClaim, noteSkipped } from './valid-claims.js';

export interface ValidateOptions {
  readonly filename: readonly string[];
  readonly output: OutputForm;
}

/** @returns the exit code */
export async function validate({ filename, output }: ValidateOptions): Promise<number> {
  const { valid, faults, skipped } = await validateManifests(
    await readManifestFiles(filename),
    PACKAGE_DIR,
  );
  noteSkipped(skipped);
  if (valid.length + faults.length === 0) throw noClaim(filename);
  const claims = valid.map(({ file, line, form, object: { apiVersion, metadata } }) => ({
    file,
    line,
    form,
    apiVersion,
    name: metadata.name,
    namespace: metadata.namespace,
  }));
  printResult(output, { claims, faults, skipped }, (isWide) =>
    [
      ...faultLines(faults, coloursOf(process.stdout)),
      ...(isWide || faults.length === 0
        ? claims.map(
            ({ file, line, name, namespace }) =>
              `${file}:${line}: ${[namespace, name].filter(Boolean).join('/')} is valid`,
          )
        : []),
    ].join('\n'),
  );
  return faults.length === 0 ? 0 : 1;
}
