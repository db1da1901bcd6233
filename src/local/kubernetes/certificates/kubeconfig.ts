/** The kubeconfig of the administrator: address, CA and token, all in one file. */
import { stringify } from 'yaml';
import type { Identity } from './identity.js';

const NAME = 'payments-dr';

export function kubeconfigOf(url: string, identity: Identity): string {
  const encode = (pem: string) => Buffer.from(pem).toString('base64');
  return stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        {
          name: NAME,
          cluster: { server: url, 'certificate-authority-data': encode(identity.caCertificate) },
        },
      ],
      users: [{ name: NAME, user: { token: identity.adminToken } }],
      contexts: [{ name: NAME, context: { cluster: NAME, user: NAME } }],
      'current-context': NAME,
    },
    { lineWidth: 0 },
  );
}
