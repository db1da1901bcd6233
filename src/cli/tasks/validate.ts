/** What `payments-dr validate` does. */
import { readManifestFiles } from '../../claims/manifests/manifest-files.js';
import { validateManifests, type Verdict } from '../../claims/validation/validate.js';
import { PdrError } from '../../support/errors.js';
import type { OutputForm } from '../output/forms.js';
import { note, printResult } from '../output/print.js';
import { PACKAGE_DIR } from '../platform/paths.js';
import { faultLines } from '../view/fault-lines.js';
import { coloursOf } from '../view/colours.js';

export interface ValidateOptions {
  readonly filename: readonly string[];
  readonly output: OutputForm;
}

/** @returns the exit code */
export async function validate({ filename, output }: ValidateOptions): Promise<number> {
  const verdict = await validateManifests(await readManifestFiles(filename), PACKAGE_DIR);
  const { valid, faults, skipped } = verdict;
  noteSkipped(verdict);
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

export function noteSkipped({ skipped }: Verdict): void {
  for (const { file, line, kind, name } of skipped) {
    note(`${file}:${line}: skipped ${[kind, name].filter(Boolean).join(' ')}: no claim`);
  }
}

export function noClaim(files: readonly string[]): PdrError {
  return new PdrError('PDR1011', { subject: files.join(', ') });
}
