/**
 * Builds the portal's page into `dist/portal`: one script and one style sheet, each named after its content so that browsers can
 * keep it for good, and the document that names them. No file of it asks for anything from elsewhere.
 */
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { build } from 'esbuild';

const DIR = 'dist/portal';

export async function buildPage() {
  await rm(DIR, { recursive: true, force: true });
  await mkdir(DIR, { recursive: true });
  const { metafile } = await build({
    entryPoints: { page: 'src/portal/page/main.tsx' },
    tsconfig: 'src/portal/page/tsconfig.json',
    outdir: DIR,
    entryNames: '[name]-[hash]',
    bundle: true,
    format: 'esm',
    target: ['chrome123', 'firefox120', 'safari17.5'],
    minify: true,
    metafile: true,
    logLevel: 'warning',
  });
  await copyFile('src/portal/page/icon.svg', `${DIR}/icon.svg`);
  const named = (end) =>
    basename(Object.keys(metafile.outputs).find((path) => path.endsWith(end)) ?? '');
  await writeFile(`${DIR}/index.html`, documentOf(named('.js'), named('.css')));
}

function documentOf(script, style) {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Payments DR</title>
<link rel="icon" href="/assets/icon.svg">
<link rel="stylesheet" href="/assets/${style}">
<script type="module" src="/assets/${script}"></script>
</head>
<body>
<div id="page"></div>
<noscript>This page needs JavaScript. Without it, kubectl get pdr -A shows the same.</noscript>
</body>
</html>
`;
}
