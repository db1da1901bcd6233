/** The Argo CD binary: one program, which is told by ARGOCD_BINARY_NAME which of its parts to be. */
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CachedBinary, go } from '../go/cached-binary.mjs';

export const VERSION = '3.2.5';

/** Argo CD's repo server calls it for what is built by Kustomize. */
const KUSTOMIZE_VERSION = '5.7.1';
const KUSTOMIZE_MODULE = 'sigs.k8s.io/kustomize/kustomize/v5';

const kustomize = new CachedBinary({
  name: 'kustomize',
  version: KUSTOMIZE_VERSION,
  command: KUSTOMIZE_MODULE,
});

const MODULE = 'github.com/argoproj/argo-cd/v3';

const argocd = new CachedBinary({
  name: 'argocd',
  version: VERSION,
  command: `${MODULE}/cmd`,
});

/** Where both are, or undefined where one is not built. */
export async function findPrograms() {
  const [server, builder] = await Promise.all([argocd.find(), kustomize.find()]);
  return server && builder ? { argocd: server, kustomize: builder } : undefined;
}

/** Builds what is missing. */
export async function buildPrograms() {
  return {
    argocd: (await argocd.find()) ?? (await buildArgocd()),
    kustomize: (await kustomize.find()) ?? (await buildKustomize()),
  };
}

/** Where Go keeps the source, and with it the CRDs. */
export async function moduleDirectory() {
  return (await downloaded()).Dir;
}

async function buildArgocd() {
  const { GoMod, Dir } = await downloaded();
  // Its own checksums, verified with the module they are part of: the public database lacks some of what it requires.
  await copyFile(join(Dir, 'go.sum'), join(argocd.directory, 'go.sum'));
  // Replacements count in the main module only, so those of its own go.mod are repeated here.
  const { Go, Replace = [] } = JSON.parse(
    await go(argocd.directory, ['mod', 'edit', '-json', GoMod]),
  );
  const replaced = Replace.map(
    ({ Old, New }) =>
      `\t${[Old.Path, Old.Version].filter(Boolean).join(' ')} => ${New.Path} ${New.Version}\n`,
  );
  const module = `${MODULE}@v${VERSION}`;
  return argocd.build({
    module,
    goModule: `module argocd\n\ngo ${Go}\n\nrequire ${MODULE} v${VERSION}\n\nreplace (\n${replaced.join('')})\n`,
  });
}

function buildKustomize() {
  return kustomize.build({
    module: `${KUSTOMIZE_MODULE}@v${KUSTOMIZE_VERSION}`,
    goModule: `module kustomize\n\ngo 1.24.0\n\nrequire ${KUSTOMIZE_MODULE} v${KUSTOMIZE_VERSION}\n`,
  });
}

async function downloaded() {
  await mkdir(argocd.directory, { recursive: true });
  return JSON.parse(
    await go(argocd.directory, ['mod', 'download', '-json', `${MODULE}@v${VERSION}`]),
  );
}
