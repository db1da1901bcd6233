/**
 * Writes the definition: `npm run synth`, or `npx cdk8s synth`.
 *
 * The generated files are committed, because they are what clusters get; `--check` refuses when they are out of date.
 */
import { join } from 'node:path';
import { defineFiles } from './definition/definition.js';
import { checkFiles, writeFiles } from './definition/written-files.js';
import { PdrError } from './support/errors.js';

const ROOT = join(import.meta.dirname, '..');

async function main(flags: readonly string[]): Promise<void> {
  const unknown = flags.find((flag) => flag !== '--check');
  if (unknown !== undefined)
    throw new PdrError('PDR1006', { subject: unknown, detail: 'only --check is known' });
  const files = defineFiles();
  if (flags.includes('--check')) {
    await checkFiles(ROOT, files);
    return;
  }
  const written = await writeFiles(ROOT, files);
  // `cdk8s synth` looks for its output where it says.
  const cdk8sOutput = process.env.CDK8S_OUTDIR;
  if (cdk8sOutput !== undefined) await writeFiles(cdk8sOutput, files);
  process.stdout.write(written.map((path) => `${path}\n`).join(''));
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof PdrError)) throw error;
  process.stderr.write(`error[${error.code}] ${error.message}\n  try: ${error.remedy}\n`);
  process.exitCode = error.code === 'PDR1006' ? 2 : 1;
}
