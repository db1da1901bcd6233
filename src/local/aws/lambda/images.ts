/**
 * Container images: an ECR image URI stands for a handler bundle on this machine.
 *
 * As in AWS the image must be in the ECR of the function's own region; what the tag or digest is does not matter here,
 * since there is one bundle per repository, and the answer's CodeSha256 says which bytes run.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { AwsError } from '../service.js';

const IMAGE_URI =
  /^(?<registry>\d{12})\.dkr\.ecr\.(?<region>[a-z0-9-]+)\.amazonaws\.com\/(?<repository>[a-z0-9]+(?:[._/-][a-z0-9]+)*)(?::(?<tag>[\w][\w.-]{0,127})|@(?<digest>sha256:[0-9a-f]{64}))$/;

export interface ResolvedImage {
  readonly bundle: string;
  readonly codeSha256: string;
  readonly codeSize: number;
}

/** The bundle for `imageUri`. Throws InvalidParameterValueException in the words of Lambda. */
export async function resolveImage(
  imageUri: string,
  region: string,
  images: ReadonlyMap<string, string>,
): Promise<ResolvedImage> {
  const parts = IMAGE_URI.exec(imageUri)?.groups;
  if (parts === undefined) {
    throw new AwsError(
      'InvalidParameterValueException',
      `Source image ${imageUri} is not valid. Provide a valid source image.`,
    );
  }
  if (parts.region !== region) {
    throw new AwsError(
      'InvalidParameterValueException',
      `Source image ${imageUri} is in region ${String(parts.region)}. The image must be in the same region as the function: ${region}.`,
    );
  }
  const bundle = images.get(parts.repository ?? '');
  if (bundle === undefined) {
    throw new AwsError(
      'InvalidParameterValueException',
      `Source image ${imageUri} does not exist. Provide a valid source image. (Repositories with a local bundle: ${[...images.keys()].join(', ')})`,
    );
  }
  const bytes = await readFile(bundle);
  return {
    bundle,
    codeSha256: createHash('sha256').update(bytes).digest('hex'),
    codeSize: bytes.length,
  };
}
