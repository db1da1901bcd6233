import { X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Identity } from '../../../../src/local/kubernetes/certificates/identity.js';
import { makeIdentity } from '../../../../src/local/kubernetes/certificates/make-identity.js';
import { systemClock } from '../../../../src/support/clock.js';

const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
/** The identifiers of the extensions, in DER: 2.5.29.14 and 2.5.29.35. */
const SUBJECT_KEY_IDENTIFIER = Buffer.from('0603551d0e', 'hex');
const AUTHORITY_KEY_IDENTIFIER = Buffer.from('0603551d23', 'hex');

describe('the certificates of a control plane', () => {
  let identity: Identity;
  const certificate = (of: 'ca' | 'server' | 'admin') =>
    new X509Certificate(identity[`${of}Certificate`]);

  beforeAll(async () => {
    identity = await makeIdentity(systemClock);
  });

  test.each(['server', 'admin'] as const)('%s: is signed by its authority', (of) => {
    expect(certificate(of).checkIssued(certificate('ca'))).toBe(true);
    expect(certificate(of).verify(certificate('ca').publicKey)).toBe(true);
  });

  test.each([
    { of: 'ca' as const, ca: true, purposes: undefined },
    { of: 'server' as const, ca: false, purposes: [SERVER_AUTH] },
    { of: 'admin' as const, ca: false, purposes: [CLIENT_AUTH] },
  ])('$of: is for nothing else', ({ of, ca, purposes }) => {
    expect([certificate(of).ca, certificate(of).keyUsage]).toEqual([ca, purposes]);
  });

  test('name their hosts by name and by address, and the administrator’s group', () => {
    expect(certificate('server').checkHost('kubernetes.default')).toBe('kubernetes.default');
    expect(certificate('server').checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(certificate('admin').subject).toContain('O=system:masters');
  });

  test('carry the identifiers by which strict clients find the authority', () => {
    expect(certificate('ca').raw.includes(SUBJECT_KEY_IDENTIFIER)).toBe(true);
    expect(certificate('server').raw.includes(AUTHORITY_KEY_IDENTIFIER)).toBe(true);
    expect(certificate('admin').raw.includes(AUTHORITY_KEY_IDENTIFIER)).toBe(true);
  });
});
