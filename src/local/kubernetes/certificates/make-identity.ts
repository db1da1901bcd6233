/** Makes what a control plane is known by: its authority, the certificates that it signs, keys and the administrator's token. */
import { randomBytes, webcrypto } from 'node:crypto';
import 'reflect-metadata'; // x509's dependency injection needs it

import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  type Extension,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import type { Clock } from '../../../support/clock.js';
import type { Identity } from './identity.js';

/** Elliptic curve keys take no time to make. */
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const YEAR_MS = 365 * 24 * 3600 * 1000;
const LIFETIME_YEARS = 10;
const SERVER_NAMES = ['localhost', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc'];
const ADDRESSES = ['127.0.0.1', '::1'];

type Keys = webcrypto.CryptoKeyPair;

export async function makeIdentity(clock: Clock): Promise<Identity> {
  const [ca, server, admin, token] = await Promise.all([
    makeKeys(),
    makeKeys(),
    makeKeys(),
    makeKeys(),
  ]);
  const caName = 'CN=payments-dr local Kubernetes';
  const validity = {
    notBefore: new Date(clock.now() - 60_000),
    notAfter: new Date(clock.now() + LIFETIME_YEARS * YEAR_MS),
  };
  const caCertificate = await X509CertificateGenerator.createSelfSigned({
    name: caName,
    keys: ca,
    signingAlgorithm: ALGORITHM,
    ...validity,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.digitalSignature, true),
      await SubjectKeyIdentifierExtension.create(ca.publicKey),
    ],
  });
  // Clients that follow RFC 5280 strictly, as those of Python 3.13 do, find the authority by its key's identifier.
  const byAuthority = await AuthorityKeyIdentifierExtension.create(ca.publicKey);
  const sign = (subject: string, keys: Keys, extensions: Extension[]) =>
    X509CertificateGenerator.create({
      subject,
      issuer: caName,
      publicKey: keys.publicKey,
      signingKey: ca.privateKey,
      signingAlgorithm: ALGORITHM,
      ...validity,
      extensions: [byAuthority, ...extensions],
    });
  const names = [
    ...SERVER_NAMES.map((value) => ({ type: 'dns' as const, value })),
    ...ADDRESSES.map((value) => ({ type: 'ip' as const, value })),
  ];
  const [serverCertificate, adminCertificate] = await Promise.all([
    sign('CN=kube-apiserver', server, [
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(names),
    ]),
    sign('CN=kubernetes-admin, O=system:masters', admin, [
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth]),
    ]),
  ]);
  return {
    caCertificate: caCertificate.toString('pem'),
    serverCertificate: serverCertificate.toString('pem'),
    serverKey: await exportKey(server),
    adminCertificate: adminCertificate.toString('pem'),
    adminKey: await exportKey(admin),
    adminToken: randomBytes(24).toString('base64url'),
    tokenKey: await exportKey(token),
  };
}

function makeKeys(): Promise<Keys> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

async function exportKey({ privateKey }: Keys): Promise<string> {
  const der = await webcrypto.subtle.exportKey('pkcs8', privateKey);
  return PemConverter.encode(der, 'PRIVATE KEY');
}
