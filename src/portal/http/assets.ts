/** The built page, read once and kept compressed: a handful of files, of which all but `index.html` never change under their name. */
import { readFile, readdir } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { PdrError } from '../../support/errors.js';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const PAGE = 'index.html';

interface Asset {
  readonly type: string;
  readonly plain: Buffer;
  readonly zipped: Buffer;
}

export class Assets {
  private constructor(private readonly assets: ReadonlyMap<string, Asset>) {}

  /** Rejects with PDR2012 where the page has not been built. */
  static async load(dir: string): Promise<Assets> {
    const names = await readdir(dir).catch((cause: unknown) => {
      throw new PdrError('PDR2012', {
        subject: dir,
        detail: 'npm run build makes the page',
        cause,
      });
    });
    const compress = promisify(gzip);
    const assets = await Promise.all(
      names.flatMap((name) => {
        const type = TYPES[extname(name)];
        if (type === undefined) return [];
        return [
          readFile(join(dir, name)).then(
            async (plain) => [name, { type, plain, zipped: await compress(plain) }] as const,
          ),
        ];
      }),
    );
    return new Assets(new Map(assets));
  }

  /** A file of the page, or the page itself: its addresses are the browser's to understand. */
  send(request: IncomingMessage, response: ServerResponse, pathname: string): void {
    const name = pathname.startsWith('/assets/') ? pathname.slice('/assets/'.length) : PAGE;
    const asset = this.assets.get(name);
    if (asset === undefined) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('There is no such file.\n');
      return;
    }
    const isZipped = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
    const body = isZipped ? asset.zipped : asset.plain;
    response.writeHead(200, {
      'content-type': asset.type,
      'content-length': body.length,
      'cache-control': name === PAGE ? 'no-cache' : 'public, max-age=31536000, immutable',
      vary: 'accept-encoding',
      ...(isZipped ? { 'content-encoding': 'gzip' } : {}),
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  }
}
