/**
 * Bundles what runs: the command (`dist/payments-dr.js`), the portal's page (`dist/portal`) and the Lambda handler
 * (`dist/functions/…`); and keeps the definition as JSON (`dist/definition.json`), which a command reads many times faster
 * than the YAML it is made of.
 *
 * Runs in well under a second, so `npm ci`, `npm start` and `npm test` each do it and none can run stale code.
 * `node scripts/build.mjs handler` builds the handler only: the Dockerfile's build stage. A third argument names another
 * directory than `dist` for it.
 */
import { chmod, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';
import { parseAllDocuments } from 'yaml';

const [, , only, handlerDir = 'dist'] = process.argv;

/** Bundled dependencies of CommonJS kind still call `require`; an ES module has none of its own. */
const REQUIRE =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

/**
 * The Kubernetes client's generated models are a module for each kind of the API, of which we use none: it does not say that
 * importing one does nothing, so all of them would be part of every start.
 */
const generatedModelsArePure = {
  name: 'generated-models-are-pure',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^\.\.?\// }, async ({ path, pluginData, ...from }) => {
      const isGenerated = from.importer.includes('@kubernetes/client-node/dist/');
      if (pluginData === 'asked' || !isGenerated) return undefined;
      return { ...(await resolve(path, { ...from, pluginData: 'asked' })), sideEffects: false };
    });
  },
};

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
    // Read and compiled at each start: half the bytes are a fifth of the time.
    minify: true,
    keepNames: true,
    plugins: [generatedModelsArePure],
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

/** `{"crds/….yaml": [object, …], …}`: read by `src/claims/contract/definition-files.ts`. */
async function compileDefinition() {
  const files = {};
  for (const directory of ['compositions', 'crds', 'deploy']) {
    for (const name of (await readdir(directory)).sort()) {
      const path = `${directory}/${name}`;
      if (!path.endsWith('.yaml')) continue;
      const documents = parseAllDocuments(await readFile(path, 'utf8'), { version: '1.1' });
      files[path] = documents.map((document) => document.toJS());
    }
  }
  await writeFile('dist/definition.json', JSON.stringify(files));
}

if (only === undefined || only === 'handler') await buildHandler();
if (only === undefined) {
  const { buildPage } = await import('./build-page.mjs'); // the Dockerfile's build stage has no page
  await Promise.all([buildCommand(), compileDefinition(), buildPage()]);
}
