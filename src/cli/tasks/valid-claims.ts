/** The claims in the files that a command is given, for commands that go on with valid ones only. */
import { dirname } from 'node:path';
import { readManifestFiles } from '../../claims/manifests/manifest-files.js';
import type { Manifest } from '../../claims/manifests/manifest.js';
import {
  validateManifests,
  type ValidClaim,
  type Verdict,
} from '../../claims/validation/validate.js';
import { PdrError } from '../../support/errors.js';
import { formatKey, keyOf } from '../../support/kubernetes/objects.js';
import { note } from '../output/print.js';
import { PACKAGE_DIR } from '../platform/paths.js';
import { coloursOf } from '../view/colours.js';
import { faultLines } from '../view/fault-lines.js';

/** Throws PDR1019 where a claim is not valid, its faults told on stderr; PDR1011 where there is none. */
export async function readValidClaims(files: readonly string[]): Promise<readonly ValidClaim[]> {
  return judgeClaims(await readManifestFiles(files), files);
}

/** `isOfNoUse` tells which of the objects that are no claims are to be named as skipped. @default all */
export async function judgeClaims(
  manifests: readonly Manifest[],
  files: readonly string[],
  isOfNoUse: (skipped: Verdict['skipped'][number]) => boolean = () => true,
): Promise<readonly ValidClaim[]> {
  const { valid, faults, skipped } = await validateManifests(manifests, PACKAGE_DIR);
  noteSkipped(skipped.filter(isOfNoUse));
  if (faults.length > 0) {
    note(faultLines(faults, coloursOf(process.stderr)).join('\n'));
    const subjects = new Set(faults.map(({ file, claim }) => (claim === '' ? file : claim)));
    throw new PdrError('PDR1019', { subject: [...subjects].join(', ') });
  }
  if (valid.length === 0) throw noClaim(files);
  return valid;
}

/** As kubectl has it: throws PDR1006 where -n names another namespace than a claim does itself. */
export function checkNamespace(claims: readonly ValidClaim[], asked: string | undefined): void {
  if (asked === undefined) return;
  for (const { object } of claims) {
    if ((object.metadata.namespace ?? asked) === asked) continue;
    throw new PdrError('PDR1006', {
      subject: `-n ${asked}`,
      detail: `${formatKey(keyOf(object))} names its namespace itself: leave -n out, or take it out of the file`,
    });
  }
}

export function noteSkipped(skipped: Verdict['skipped']): void {
  for (const { file, line, kind, name } of skipped) {
    note(`${file}:${line}: skipped ${[kind, name].filter(Boolean).join(' ')}: no claim`);
    // Patches of an overlay are no whole claims: what they become together can be judged.
    if (kind === 'Kustomization') {
      note(`  try: kubectl kustomize ${dirname(file)} | payments-dr validate -f -`);
    }
  }
}

export function noClaim(files: readonly string[]): PdrError {
  return new PdrError('PDR1011', { subject: files.join(', ') });
}
