/**
 * The authority: the server's own CA, and what it signs.
 *
 * Made at the first start and kept in the state directory, so that a kubeconfig stays true over restarts. Elliptic curve
 * keys, which take no time to make.
 */
import { randomBytes, webcrypto } from 'node:crypto';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import 'reflect-metadata'; // x509's dependency injection needs it

import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  type Extension,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import type { Clock } from '../../../support/clock.js';
import { PdrError } from '../../../support/errors.js';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const YEAR_MS = 365 * 24 * 3600 * 1000;
const LIFETIME_YEARS = 10;
const SERVER_NAMES = ['localhost', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc'];
const ADDRESSES = ['127.0.0.1', '::1'];

type Keys = webcrypto.CryptoKeyPair;

/** Everything that has to be kept: PEM, but for the token. */
export interface Identity {
  readonly caCertificate: string;
  readonly serverCertificate: string;
  readonly serverKey: string;
  readonly adminCertificate: string;
  readonly adminKey: string;
  /** The administrator's bearer token. */
  readonly adminToken: string;
  /** Signs the tokens of service accounts. */
  readonly tokenKey: string;
}

/** Reads the identity of the state directory, or makes it. Throws PDR1004 when it is damaged. */
export async function loadIdentity(stateDir: string, clock: Clock): Promise<Identity> {
  const file = join(stateDir, 'identity.json');
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw damaged(file, error);
    const identity = await makeIdentity(clock);
    await writeFile(file, JSON.stringify(identity, undefined, 2), { mode: 0o600 });
    return identity;
  }
  try {
    await chmod(file, 0o600);
    return checkIdentity(JSON.parse(text) as Partial<Record<keyof Identity, unknown>>);
  } catch (cause) {
    throw damaged(file, cause);
  }
}

function checkIdentity(identity: Partial<Record<keyof Identity, unknown>>): Identity {
  const parts = [
    'caCertificate',
    'serverCertificate',
    'serverKey',
    'adminCertificate',
    'adminKey',
    'adminToken',
    'tokenKey',
  ] as const;
  const missing = parts.find((part) => typeof identity[part] !== 'string');
  if (missing !== undefined) throw new Error(`${missing} is missing`);
  new X509Certificate(identity.caCertificate);
  return identity as Identity;
}

function damaged(file: string, cause: unknown): PdrError {
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new PdrError('PDR1004', { subject: file, detail, cause });
}

async function makeIdentity(clock: Clock): Promise<Identity> {
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
    ],
  });
  const sign = (subject: string, keys: Keys, extensions: Extension[]) =>
    X509CertificateGenerator.create({
      subject,
      issuer: caName,
      publicKey: keys.publicKey,
      signingKey: ca.privateKey,
      signingAlgorithm: ALGORITHM,
      ...validity,
      extensions,
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
