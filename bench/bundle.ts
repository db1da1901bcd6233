import { stat } from 'node:fs/promises';

/** The size of what the image's last stage holds. */
export async function bundleSizeKiB(): Promise<number> {
  return Math.round((await stat('dist/functions/payment-processor/index.mjs')).size / 1024);
}
