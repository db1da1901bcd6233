/** Certificate authorities for tests, by openssl; `hasOpenssl` says where there are none. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FunctionTls } from '../../../../src/local/crossplane/functions/grpc-connection.js';

export const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

export interface Authority {
  readonly cert: string;
  issue(name: string): Omit<FunctionTls, 'ca'>;
}

/** An authority of its own. */
export function anAuthority(): Authority {
  const folder = mkdtempSync(join(tmpdir(), 'payments-dr-ca-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  const make = (name: string, ...args: readonly string[]): Omit<FunctionTls, 'ca'> => {
    const out = ['-keyout', `${name}.key`, '-out', `${name}.crt`, '-subj', `/CN=${name}`];
    execFileSync('openssl', ['req', '-x509', ...key, ...out, ...args], {
      cwd: folder,
      stdio: 'pipe',
    });
    const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
    return { cert: read(`${name}.crt`), key: read(`${name}.key`) };
  };
  const { cert } = make('authority');
  const signing = ['-CA', 'authority.crt', '-CAkey', 'authority.key'];
  return {
    cert,
    issue: (name) => make(name, ...signing, '-addext', `subjectAltName=DNS:${name}`),
  };
}
