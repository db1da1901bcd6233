/** What package.json says of this command. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_DIR } from './paths.js';

interface PackageJson {
  readonly version: string;
  readonly engines: { readonly node: string };
}

export const PACKAGE = JSON.parse(
  readFileSync(join(PACKAGE_DIR, 'package.json'), 'utf8'),
) as PackageJson;
