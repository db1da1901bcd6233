/**
 * The packages that are built in: what a `spec.package` stands for here.
 *
 * Nothing is pulled. A package is known by its repository's path, whatever the registry, the version or the digest; one
 * that is not known is refused with words that say so.
 */
import type { RunFunction } from '../functions/protocol.js';
import { autoReady } from '../functions/auto-ready.js';
import { patchAndTransform } from '../functions/patch-and-transform/function.js';

const FUNCTIONS: ReadonlyMap<string, RunFunction> = new Map([
  ['crossplane-contrib/function-patch-and-transform', patchAndTransform],
  ['crossplane-contrib/function-auto-ready', autoReady],
]);

const PROVIDER = /^upbound\/provider-(?:aws-(?<service>[a-z0-9]+)|family-aws)$/;
const CONFIGURATION = /(^|\/)(configuration-)?payments-dr$/;

/** `crossplane-contrib/function-auto-ready` of `xpkg.crossplane.io/crossplane-contrib/function-auto-ready:v0.5.0`. */
export function repositoryOf(image: string): string {
  const [untagged = ''] = image.split('@');
  const path = untagged.slice(untagged.indexOf('/') + 1);
  return path.split(':')[0] ?? '';
}

/** The function in this package, if it is one of ours. */
export function builtInFunction(image: string): RunFunction | undefined {
  return FUNCTIONS.get(repositoryOf(image));
}

/** The API groups whose CRDs this provider package would bring; none of the family's own; `undefined` where it is unknown. */
export function providerGroups(image: string): readonly string[] | undefined {
  const match = PROVIDER.exec(repositoryOf(image));
  if (match === null) return undefined;
  const service = match.groups?.service;
  return service === undefined ? ['aws.upbound.io'] : [`${service}.aws.upbound.io`];
}

export function isBuiltInConfiguration(image: string): boolean {
  return CONFIGURATION.test(repositoryOf(image));
}
