/**
 * A Crossplane package (`.xpkg`): an OCI image of one layer, which holds the definition as one stream of YAML.
 *
 * Source: crossplane/crossplane, contributing/specifications/xpkg.md. The file is an OCI image layout in a tar archive, so
 * skopeo, oras and crane copy it to a registry with the annotation of the layer; and an archive as `docker save` writes, whose
 * image configuration names the layer by label, so `crossplane xpkg push` takes it as its own. Both read the same blobs.
 */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { archiveOf, type ArchiveFile } from './archive.js';

/** Marks the layer that Crossplane reads. */
const ANNOTATION = 'io.crossplane.xpkg';
const BASE = 'base';
/** The file of that layer that Crossplane reads. */
export const STREAM_FILE = 'package.yaml';

export const MEDIA_TYPES = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
} as const;

const REF_NAME = 'org.opencontainers.image.ref.name';

export interface Xpkg {
  readonly bytes: Buffer;
  /** Of the image's manifest: what a registry will call it. */
  readonly digest: string;
}

interface Blob {
  readonly digest: string;
  readonly bytes: Buffer;
}

/** `stream` is the content of package.yaml, `tag` what the image is called in the index. Same input, same bytes. */
export async function buildXpkg(stream: string, tag: string): Promise<Xpkg> {
  const layerTar = await archiveOf([[STREAM_FILE, stream]]);
  const layer = blobOf(portableGzip(layerTar));
  const config = jsonBlob({
    architecture: 'amd64',
    config: { Labels: { [`${ANNOTATION}:${layer.digest}`]: BASE } },
    os: 'linux',
    rootfs: { diff_ids: [digestOf(layerTar)], type: 'layers' },
  });
  const manifest = jsonBlob({
    schemaVersion: 2,
    mediaType: MEDIA_TYPES.manifest,
    config: descriptor(MEDIA_TYPES.config, config),
    layers: [{ ...descriptor(MEDIA_TYPES.layer, layer), annotations: { [ANNOTATION]: BASE } }],
  });
  const index = {
    schemaVersion: 2,
    mediaType: MEDIA_TYPES.index,
    manifests: [
      {
        ...descriptor(MEDIA_TYPES.manifest, manifest),
        annotations: { [REF_NAME]: tag },
        platform: { architecture: 'amd64', os: 'linux' },
      },
    ],
  };
  const saved = [{ Config: pathOf(config), RepoTags: null, Layers: [pathOf(layer)] }];
  const blobs = [layer, config, manifest]
    .map((blob): ArchiveFile => [pathOf(blob), blob.bytes])
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const bytes = await archiveOf([
    ['oci-layout', JSON.stringify({ imageLayoutVersion: '1.0.0' })],
    ['index.json', JSON.stringify(index)],
    ['manifest.json', JSON.stringify(saved)],
    ...blobs,
  ]);
  return { bytes, digest: manifest.digest };
}

/** Where gzip says which system made it, it says "unknown": that byte would differ from machine to machine. */
function portableGzip(content: Buffer): Buffer {
  const zipped = gzipSync(content, { level: 9 });
  zipped[9] = 255;
  return zipped;
}

function jsonBlob(value: unknown): Blob {
  return blobOf(Buffer.from(JSON.stringify(value)));
}

function blobOf(bytes: Buffer): Blob {
  return { digest: digestOf(bytes), bytes };
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

function descriptor(mediaType: string, { digest, bytes }: Blob) {
  return { mediaType, digest, size: bytes.length };
}

function pathOf({ digest }: Blob): string {
  return `blobs/${digest.replace(':', '/')}`;
}
