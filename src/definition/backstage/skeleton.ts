/**
 * What the Backstage template writes: one directory of `examples/gitops`, a claim that lies over the base.
 *
 * In Backstage's template language, which is Nunjucks with `${{ }}` around values; only what its successor in newer Backstage
 * understands too. A field that the form left at its default is not written: the base may say another for all teams.
 */
import { apiVersionOf, CLAIM_API } from '../../model/claim/api.js';
import { SPEC } from '../../model/claim/spec.js';
import { isMap, isObject } from '../../model/paths.js';
import type { ObjectSchema, Schema } from '../../model/schema.js';
import { generatedFrom, type WrittenFile } from '../generated-file.js';

const SOURCE = 'src/definition/backstage/skeleton.ts';
const DIRECTORY = 'deploy/backstage/skeleton';

/** What all claims of the platform share, by the base: not asked, not written. */
const OF_THE_BASE = ['providerConfigs', 'handler.image.registryId', 'handler.image.repository'];

/** Values that the form asks elsewhere than where the claim has them. */
const ASKED_AS: Readonly<Record<string, string>> = { 'regions.witness': 'witness' };

/** When a field is written, where that is not: when it is there and not the default. */
const WRITTEN_WHERE: Readonly<Record<string, string>> = {
  'handler.image.tag': "values.handler.image.identifiedBy != 'digest'",
  'handler.image.digest': "values.handler.image.identifiedBy == 'digest'",
  'regions.witness': "values.consistency == 'strong'",
  'encryption.kmsKeyArns': "values.encryption.mode == 'SSE-KMS'",
};

export function skeletonFiles(): readonly WrittenFile[] {
  return [
    fileOf('claim.yaml', claim()),
    fileOf('kustomization.yaml', KUSTOMIZATION),
    fileOf('catalog-info.yaml', COMPONENT),
  ];
}

/** The comment is the template's: it is not in what is written. */
function fileOf(name: string, content: string): WrittenFile {
  const text = `{#- ${generatedFrom(SOURCE)} -#}\n${content}`;
  return { path: `${DIRECTORY}/${name}`, render: () => text };
}

const KUSTOMIZATION = `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: team-\${{ values.team }}
nameSuffix: -\${{ values.environment }}
resources:
  - ../../../base
patches:
  - path: claim.yaml
`;

const COMPONENT = `apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: payments-\${{ values.team }}-\${{ values.environment }}
  description: Payments of team \${{ values.team }}, \${{ values.environment }}, in two AWS regions
  annotations:
    argocd/app-name: payments-\${{ values.team }}-\${{ values.environment }}
spec:
  type: service
  lifecycle: production
  owner: \${{ values.owner | dump }}
`;

function claim(): string {
  return [
    `apiVersion: ${apiVersionOf('cluster')}`,
    `kind: ${CLAIM_API.cluster.claim.kind}`,
    'metadata:',
    '  name: payments',
    "{%- if values.dataRetention == 'Delete' %}",
    '  annotations:',
    '    # Gone from git, gone from the cluster, without a question.',
    '    argocd.argoproj.io/sync-options: null',
    '    kustomize.toolkit.fluxcd.io/prune: null',
    '{%- endif %}',
    'spec:',
    ...linesBelow('', SPEC),
    '',
  ].join('\n');
}

function linesBelow(path: string, { properties, required = [] }: ObjectSchema): string[] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    const inner = path === '' ? name : `${path}.${name}`;
    if (OF_THE_BASE.includes(inner)) return [];
    const lines = linesOf(inner, schema);
    const isAlways = required.includes(name);
    return isAlways
      ? lines
      : [`{%- if ${conditionsOf(inner, schema).join(' or ')} %}`, ...lines, '{%- endif %}'];
  });
}

function linesOf(path: string, schema: Schema): string[] {
  const names = path.split('.');
  const field = `${'  '.repeat(names.length)}${names.at(-1) ?? ''}:`;
  const value = valueOf(path);
  if (isMap(schema)) {
    const entry = `${'  '.repeat(names.length + 1)}\${{ key | dump }}: \${{ value | dump }}`;
    return [field, `{%- for key, value in ${value} %}`, entry, '{%- endfor %}'];
  }
  if (isObject(schema)) return [field, ...linesBelow(path, schema)];
  return [`${field} \${{ ${value} | dump }}`];
}

/** When a field is written: for an object, when anything in it is. */
function conditionsOf(path: string, schema: Schema): string[] {
  const value = valueOf(path);
  const special = WRITTEN_WHERE[path];
  if (special !== undefined) return [special];
  if (isMap(schema)) return [`${value} | length`];
  if (!isObject(schema)) {
    if (schema.default === undefined) return [`${value} is defined`];
    const literal = JSON.stringify(schema.default).replaceAll('"', "'");
    return [`(${value} is defined and ${value} != ${literal})`];
  }
  return Object.entries(schema.properties).flatMap(([name, inner]) =>
    conditionsOf(`${path}.${name}`, inner),
  );
}

function valueOf(path: string): string {
  return `values.${ASKED_AS[path] ?? path}`;
}
