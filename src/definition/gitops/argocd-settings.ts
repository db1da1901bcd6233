/**
 * What Argo CD must be told of Crossplane: `argocd-cm`, as far as it concerns us.
 *
 * Applied by server-side apply it adds its keys to a ConfigMap that has others.
 */
import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { stringify } from 'yaml';
import { CLAIM_API } from '../../model/claim/api.js';
import { FORMS, GROUP_SUFFIX } from '../../model/managed/kind.js';
import { HEALTH_CHECKS, healthScript, type HealthCheck } from './health-checks.js';

/** What Crossplane writes into the spec of what people apply: of a claim, and of a namespaced composite. */
const WRITTEN_BY_CROSSPLANE = {
  cluster: [
    'compositeDeletePolicy',
    'compositionRef',
    'compositionRevisionRef',
    'compositionUpdatePolicy',
    'resourceRef',
  ],
  namespaced: ['crossplane'],
} as const;

const APPLIED = {
  cluster: CLAIM_API.cluster.claim,
  namespaced: CLAIM_API.namespaced.composite,
} as const;

export class ArgoCdSettings extends ApiObject {
  constructor(scope: Construct, namespace: string) {
    const [wildcards, named] = [
      HEALTH_CHECKS.filter(hasWildcard),
      HEALTH_CHECKS.filter((check) => !hasWildcard(check)),
    ];
    super(scope, 'settings', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: 'argocd-cm',
        namespace,
        labels: { 'app.kubernetes.io/name': 'argocd-cm', 'app.kubernetes.io/part-of': 'argocd' },
      },
      data: {
        // By label, the resources that Crossplane composes would seem to be the application's own: they carry the claim's labels.
        'application.resourceTrackingMethod': 'annotation',
        'resource.exclusions': stringify(
          FORMS.map((form) => ({
            apiGroups: [GROUP_SUFFIX[form], `*.${GROUP_SUFFIX[form]}`],
            kinds: ['ProviderConfigUsage'],
          })),
        ),
        // A key of a ConfigMap cannot hold a `*`.
        'resource.customizations': stringify(
          Object.fromEntries(
            wildcards.map(({ group, kind, script }) => [
              `${group}/${kind}`,
              { 'health.lua': healthScript(script) },
            ]),
          ),
          { lineWidth: 0 },
        ),
        ...Object.fromEntries(
          named.map(({ group, kind, script }) => [
            `resource.customizations.health.${group}_${kind}`,
            healthScript(script),
          ]),
        ),
        ...Object.fromEntries(
          FORMS.map((form) => [
            `resource.customizations.ignoreDifferences.${CLAIM_API[form].group}_${APPLIED[form].kind}`,
            stringify({
              jsonPointers: WRITTEN_BY_CROSSPLANE[form].map((field) => `/spec/${field}`),
            }),
          ]),
        ),
      },
    });
  }
}

function hasWildcard({ group }: HealthCheck): boolean {
  return group.includes('*');
}
