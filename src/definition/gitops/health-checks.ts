/** The health of our kinds for Argo CD, which knows none of them and would call a claim healthy that is not ready. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLAIM_API } from '../../model/claim/api.js';
import { GROUP_SUFFIX, FORMS } from '../../model/managed/kind.js';

export type HealthScript = 'resource' | 'definition' | 'composition';

/** The source, in the Lua 5.1 of Argo CD: a function body over `obj` that returns `status` and `message`. */
export function healthScript(name: HealthScript): string {
  return readFileSync(join(import.meta.dirname, 'health', `${name}.lua`), 'utf8');
}

export interface HealthCheck {
  /** An API group; with `*` where Argo CD is to match more than one. */
  readonly group: string;
  readonly kind: string;
  readonly script: HealthScript;
}

const CROSSPLANE = 'apiextensions.crossplane.io';

export const HEALTH_CHECKS: readonly HealthCheck[] = [
  { group: CLAIM_API.cluster.group, kind: CLAIM_API.cluster.claim.kind, script: 'resource' },
  { group: CLAIM_API.cluster.group, kind: CLAIM_API.cluster.composite.kind, script: 'resource' },
  {
    group: CLAIM_API.namespaced.group,
    kind: CLAIM_API.namespaced.composite.kind,
    script: 'resource',
  },
  { group: CROSSPLANE, kind: 'CompositeResourceDefinition', script: 'definition' },
  { group: CROSSPLANE, kind: 'Composition', script: 'composition' },
  { group: CROSSPLANE, kind: 'CompositionRevision', script: 'composition' },
  ...FORMS.map((form) => ({
    group: `*.${GROUP_SUFFIX[form]}`,
    kind: '*',
    script: 'resource' as const,
  })),
];
