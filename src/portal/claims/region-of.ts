import type { KubernetesObject } from '../../support/kubernetes/objects.js';

/** The region that a managed resource is in, or `global` where it is in none. */
export function regionOf({ spec }: KubernetesObject): string {
  const { forProvider } = (spec ?? {}) as { readonly forProvider?: { readonly region?: string } };
  return forProvider?.region ?? 'global';
}
