/** Handlers with one fault of the blueprint put back: the real source with one passage replaced, bundled as the real one is. */
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';
import type { Rule } from '../../torture/checker/evidence.js';

export interface BrokenHandler {
  readonly name: string;
  /** In which file of the handler what is replaced by what. */
  readonly changes: readonly (readonly [file: string, from: string, to: string])[];
  /** What the checker has to report, whatever else it finds. */
  readonly violates: readonly Rule[];
}

export const BROKEN_HANDLERS: readonly BrokenHandler[] = [
  {
    name: 'keys-by-time-of-processing',
    changes: [
      ['payment-store.ts', "const RANGE_KEY: AttributeValue = { N: '0' };", 'let RANGE_KEY: any;'],
      [
        'payment-store.ts',
        'const command = new PutItemCommand({',
        'RANGE_KEY = { N: String(Date.now()) }; const command = new PutItemCommand({',
      ],
    ],
    violates: ['doubled'],
  },
  {
    name: 'never-repeats-the-audit',
    changes: [
      [
        'payment-store.ts',
        "Item: toItem({ payment, status: 'PENDING' })",
        "Item: toItem({ payment, status: 'COMPLETED' })",
      ],
    ],
    violates: ['audit-missing'],
  },
  {
    name: 'counts-in-floats',
    changes: [['money.ts', 'return canonical;', 'return String(Number(canonical));']],
    violates: ['invented'],
  },
  {
    name: 'acknowledges-before-writing',
    changes: [['handler.ts', 'await withinDeadline(', 'void withinDeadline(']],
    violates: ['audit-missing'],
  },
];

const SOURCE = resolve('functions/payment-processor');

/** Builds them all; resolves with the bundles' paths by name. */
export async function buildBrokenHandlers(directory: string): Promise<Record<string, string>> {
  const built = await Promise.all(
    BROKEN_HANDLERS.map(async (handler) => {
      const outfile = join(directory, handler.name, 'index.mjs');
      await build({
        entryPoints: [join(SOURCE, 'index.ts')],
        outfile,
        bundle: true,
        platform: 'node',
        format: 'esm',
        target: 'node20',
        mainFields: ['module', 'main'],
        alias: {
          '@aws-sdk/credential-provider-node': join(SOURCE, 'environment-credentials.ts'),
        },
        plugins: [replacing(handler)],
      });
      return [handler.name, outfile] as const;
    }),
  );
  return Object.fromEntries(built);
}

function replacing({ name, changes }: BrokenHandler): Plugin {
  return {
    name,
    setup: (bundler) => {
      bundler.onLoad({ filter: /payment-processor\/[^/]+\.ts$/ }, async ({ path }) => {
        const source = await readFile(path, 'utf8');
        const contents = changes
          .filter(([file]) => file === basename(path))
          .reduce((text, [, from, to]) => {
            // A fault that is not in there any more would be a test of nothing.
            if (!text.includes(from)) throw new Error(`${basename(path)} has no: ${from}`);
            return text.replace(from, () => to);
          }, source);
        return { contents, loader: 'ts' };
      });
    },
  };
}
