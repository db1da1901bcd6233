/** The portal of the local platform: signed in as its administrator by the link, with all that its AWS allows. */
import { join } from 'node:path';
import type { Portal } from '../../portal/server.js';
import type { Clock } from '../../support/clock.js';
import type { Log } from '../../support/log.js';
import { PACKAGE_DIR } from '../platform/paths.js';
import type { Platform } from '../platform/platform.js';

/** A lost region is to be seen at once; asking the local AWS costs nothing. */
const POLL_MS = 1000;

export const PAGE_DIR = join(PACKAGE_DIR, 'dist/portal');

/** Undefined where the platform serves no Kubernetes of its own. */
export async function serveLocalPortal(
  { kubernetes, kubeConfig, aws }: Platform,
  { port, clock, log }: { readonly port: number; readonly clock: Clock; readonly log: Log },
): Promise<{ readonly portal: Portal; readonly link: string } | undefined> {
  const token = kubeConfig?.getCurrentUser()?.token;
  if (kubernetes === undefined || kubeConfig === undefined || token === undefined) return undefined;
  const { servePortal } = await import('../../portal/server.js');
  const portal = await servePortal({
    kubeConfig,
    pageDir: PAGE_DIR,
    port,
    clock,
    log: log.child('portal'),
    ...(aws === undefined
      ? {}
      : {
          aws: {
            metrics: true,
            payments: true,
            pollMs: POLL_MS,
            configOf: (region) => ({
              region,
              endpoint: aws.regionUrls.get(region) ?? aws.url,
              credentials: aws.credentials,
            }),
          },
        }),
  });
  return { portal, link: portal.signInLink(token) };
}
