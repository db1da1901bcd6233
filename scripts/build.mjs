/**
 * Bundles what runs: the command (`dist/payments-dr.js`) and the Lambda handler (`dist/functions/…`).
 *
 * Runs in well under a second, so `npm ci`, `npm start` and `npm test` each do it and none can run stale code.
 * `node scripts/build.mjs handler` builds the handler only: the Dockerfile's build stage. A third argument names another
 * directory than `dist` for it.
 */
import { chmod, rm } from 'node:fs/promises';
import { build } from 'esbuild';

const [, , only, handlerDir = 'dist'] = process.argv;

/** Bundled dependencies of CommonJS kind still call `require`; an ES module has none of its own. */
const REQUIRE =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

const shared = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  logLevel: 'warning',
  sourcemap: true,
  // The ES modules of a package, where it has them: what nobody imports of them is left out.
  mainFields: ['module', 'main'],
};

async function buildCommand() {
  await rm('dist/chunks', { recursive: true, force: true });
  await build({
    ...shared,
    entryPoints: {
      'payments-dr': 'src/cli/payments-dr.ts',
      // Runs in the processes of the local Lambda's functions.
      'lambda-runtime': 'src/local/aws/lambda/runtime.ts',
    },
    outdir: 'dist',
    chunkNames: 'chunks/[name]-[hash]',
    splitting: true,
    banner: { js: REQUIRE },
    // Native code, and packages that look up their own files at run time, stay where npm put them.
    external: ['classic-level', 'dynalite'],
  });
  await chmod('dist/payments-dr.js', 0o755);
}

async function buildHandler() {
  await build({
    ...shared,
    entryPoints: ['functions/payment-processor/index.ts'],
    outfile: `${handlerDir}/functions/payment-processor/index.mjs`,
    minify: true,
    sourcemap: false,
    // A cold start reads every byte, and Lambda gives credentials one way only.
    alias: {
      '@aws-sdk/credential-provider-node':
        './functions/payment-processor/environment-credentials.ts',
    },
  });
}

if (only === undefined || only === 'handler') await buildHandler();
if (only === undefined) await buildCommand();
