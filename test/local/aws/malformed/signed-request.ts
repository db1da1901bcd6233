/** Requests as a client sends them, signed by hand: no SDK would send what these hold. */
import { createHash, createHmac } from 'node:crypto';
import type { Keys } from '../an-aws.js';

export interface PlainRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const REGION = 'us-east-1';

/** The headers with which the request is sent to `host`. */
export function signed(
  { method, path, headers, body }: PlainRequest,
  service: string,
  host: string,
  { accessKeyId, secretAccessKey }: Keys,
): Record<string, string> {
  const timestamp = new Date().toISOString().replace(/[-:]|\.\d{3}/g, '');
  const scope = [timestamp.slice(0, 8), REGION, service, 'aws4_request'];
  const hash = createHash('sha256').update(body).digest('hex');
  const own = { host, 'x-amz-date': timestamp, 'x-amz-content-sha256': hash };
  const [place = '', query = ''] = path.split('?');
  const canonical = [
    method,
    service === 's3' ? place : place.split('/').map(encodeURIComponent).join('/'),
    canonicalQuery(query),
    `host:${host}\nx-amz-content-sha256:${hash}\nx-amz-date:${timestamp}\n`,
    'host;x-amz-content-sha256;x-amz-date',
    hash,
  ].join('\n');
  const digest = createHash('sha256').update(canonical).digest('hex');
  const text = ['AWS4-HMAC-SHA256', timestamp, scope.join('/'), digest].join('\n');
  const key = scope.reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`);
  const signature = Buffer.from(hmac(key, text)).toString('hex');
  const { host: _host, ...sent } = own;
  return {
    ...headers,
    ...sent,
    authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope.join('/')}, SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=${signature}`,
  };
}

function canonicalQuery(query: string): string {
  return query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => (pair.includes('=') ? pair : `${pair}=`))
    .sort()
    .join('&');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
