import { createHash } from 'node:crypto';
import { readFile, rm, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { extract } from 'tar-stream';
import { parseAllDocuments } from 'yaml';
import { buildXpkg, MEDIA_TYPES } from '../../../src/cli/package/xpkg.js';
import { paymentsDr } from '../../builders/a-command.js';

type Files = ReadonlyMap<string, Buffer>;

async function unpacked(archive: Buffer): Promise<Files> {
  const files = new Map<string, Buffer>();
  const tar = extract();
  tar.on('entry', ({ name }, stream, next) => {
    void buffer(stream).then((content) => {
      files.set(name, content);
      next();
    });
  });
  const finished = new Promise((resolve) => tar.on('finish', resolve));
  tar.end(archive);
  await finished;
  return files;
}

const sha256 = (bytes: Buffer) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly annotations?: Record<string, string>;
}

/** The blob that a descriptor speaks of, checked as a registry checks it. */
function blobOf(files: Files, { digest, size }: Descriptor): Buffer {
  const blob = files.get(`blobs/${digest.replace(':', '/')}`) ?? Buffer.alloc(0);
  expect([sha256(blob), blob.length]).toEqual([digest, size]);
  return blob;
}

const jsonOf = (bytes: Buffer | undefined) => JSON.parse(bytes?.toString() ?? 'null') as unknown;

describe('the package that payments-dr package build makes', () => {
  let directory: string;
  let files: Files;
  let printed: { digest: string; objects: unknown[] };
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'payments-dr-package-'));
    const file = join(directory, 'a.xpkg');
    const { code, stdout } = await paymentsDr([
      'package',
      'build',
      '--file',
      file,
      '--tag',
      'v1.2.0',
      '-o',
      'json',
    ]);
    expect(code).toBe(0);
    printed = JSON.parse(stdout) as typeof printed;
    files = await unpacked(await readFile(file));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  const manifestOf = () => {
    const { manifests } = jsonOf(files.get('index.json')) as { manifests: [Descriptor] };
    return jsonOf(blobOf(files, manifests[0])) as {
      mediaType: string;
      config: Descriptor;
      layers: [Descriptor];
    };
  };

  test('is an OCI image layout of one image, called by its tag', () => {
    expect(jsonOf(files.get('oci-layout'))).toEqual({ imageLayoutVersion: '1.0.0' });
    expect(jsonOf(files.get('index.json'))).toMatchObject({
      schemaVersion: 2,
      mediaType: MEDIA_TYPES.index,
      manifests: [
        {
          mediaType: MEDIA_TYPES.manifest,
          digest: printed.digest,
          annotations: { 'org.opencontainers.image.ref.name': 'v1.2.0' },
        },
      ],
    });
  });

  test('has one layer, annotated as the one that Crossplane reads, with digests and sizes that hold', () => {
    const { mediaType, config, layers } = manifestOf();
    expect(mediaType).toBe(MEDIA_TYPES.manifest);
    expect(layers).toHaveLength(1);
    expect(layers[0]).toMatchObject({
      mediaType: MEDIA_TYPES.layer,
      annotations: { 'io.crossplane.xpkg': 'base' },
    });
    const tar = gunzipSync(blobOf(files, layers[0]));
    expect(config.mediaType).toBe(MEDIA_TYPES.config);
    expect(jsonOf(blobOf(files, config))).toMatchObject({
      rootfs: { type: 'layers', diff_ids: [sha256(tar)] },
      config: { Labels: { [`io.crossplane.xpkg:${layers[0].digest}`]: 'base' } },
    });
  });

  test('is one that docker load and crossplane xpkg push read, too', () => {
    const { config, layers } = manifestOf();
    const path = ({ digest }: Descriptor) => `blobs/${digest.replace(':', '/')}`;
    expect(jsonOf(files.get('manifest.json'))).toEqual([
      { Config: path(config), RepoTags: null, Layers: [path(layers[0])] },
    ]);
  });

  test('holds one Configuration, the definitions and the Compositions, and nothing else', async () => {
    const layer = await unpacked(gunzipSync(blobOf(files, manifestOf().layers[0])));
    expect([...layer.keys()]).toEqual(['package.yaml']);
    const objects = parseAllDocuments(layer.get('package.yaml')?.toString() ?? '', {
      version: '1.1',
    }).map((document) => document.toJS() as { apiVersion: string; kind: string });
    expect(
      objects.map(({ apiVersion, kind }) => `${apiVersion.split('/')[0] ?? ''} ${kind}`),
    ).toEqual([
      'meta.pkg.crossplane.io Configuration',
      'apiextensions.crossplane.io CompositeResourceDefinition',
      'apiextensions.crossplane.io CompositeResourceDefinition',
      'apiextensions.crossplane.io Composition',
      'apiextensions.crossplane.io Composition',
    ]);
    expect(printed.objects).toHaveLength(objects.length);
  });

  test('is made of the same bytes each time', async () => {
    const [one, other] = await Promise.all([buildXpkg('a: 1\n', 'v1'), buildXpkg('a: 1\n', 'v1')]);
    expect(one.bytes.equals(other.bytes)).toBe(true);
    expect((await buildXpkg('a: 2\n', 'v1')).digest).not.toBe(one.digest);
  });

  test.each([
    {
      sentence: 'under a tag that no registry takes',
      args: ['--tag', 'a b'],
      code: 2,
      says: 'PDR1006',
    },
    {
      sentence: 'where it cannot be written',
      args: ['--file', '/nowhere/a.xpkg'],
      code: 1,
      says: 'PDR1029',
    },
  ])('is not made $sentence', async ({ args, code, says }) => {
    const output = await paymentsDr(['package', 'build', ...args], { cwd: directory });
    expect(output).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(says) });
  });
});
