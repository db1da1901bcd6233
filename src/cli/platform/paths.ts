/** Where the files that come with this package are: beside its `package.json`, wherever the built chunk that asks is. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const PACKAGE_DIR = packageDirOf(dirname(fileURLToPath(import.meta.url)));

/** The handler that the local Lambda runs for the image repository `payment-processor`. */
export const HANDLER_BUNDLE = join(PACKAGE_DIR, 'dist/functions/payment-processor/index.mjs');
/** The program that hosts a handler, as Lambda's base image does. */
export const LAMBDA_RUNTIME = join(PACKAGE_DIR, 'dist/lambda-runtime.js');

function packageDirOf(directory: string): string {
  const parent = dirname(directory);
  return parent === directory || existsSync(join(directory, 'package.json'))
    ? directory
    : packageDirOf(parent);
}
