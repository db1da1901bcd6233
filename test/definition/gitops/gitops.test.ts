/** The files for Argo CD and Flux, held against what they are to deliver: nothing is left out, and nothing is allowed too much. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { evaluate } from '@marcbachmann/cel-js';
import { describe, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { defineFiles } from '../../../src/definition/definition.js';
import type { KubernetesObject } from '../../../src/support/kubernetes/objects.js';
import { testWith } from '../../builders/a-program.js';
import { objectOf, STATES } from './states.js';

const ROOT = join(import.meta.dirname, '../../..');
const FILES = new Map(defineFiles().map((file) => [file.path, file.render()]));
const withKubectl = testWith('kubectl', ['version', '--client']);

type Manifest = KubernetesObject & { readonly spec?: Readonly<Record<string, unknown>> };

function objectsIn(yaml: string): Manifest[] {
  return parseAllDocuments(yaml, { version: '1.1' }).map((each) => each.toJS() as Manifest);
}

function fileOf(path: string): Manifest[] {
  return objectsIn(FILES.get(path) ?? '');
}

function built(directory: string): Manifest[] {
  const yaml = execFileSync('kubectl', ['kustomize', directory], { cwd: ROOT, encoding: 'utf8' });
  return objectsIn(yaml);
}

interface Rule {
  readonly group: string;
  readonly kind: string;
}

/** Whether a list of an AppProject admits the kind. */
function admits(rules: readonly Rule[], { apiVersion, kind }: Manifest): boolean {
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
  return rules.some((rule) => rule.group === group && (rule.kind === '*' || rule.kind === kind));
}

function projectOf(name: string) {
  const project = fileOf('deploy/argocd/projects.yaml').find((each) => each.metadata.name === name);
  return project?.spec as Record<
    'clusterResourceWhitelist' | 'namespaceResourceWhitelist',
    readonly Rule[]
  >;
}

/** Flux waits where an expression cannot be evaluated, as over a status that is not there yet. */
function holds(expression: string, object: Record<string, unknown>): boolean {
  return object.status !== undefined && evaluate(expression, object) === true;
}

const WAVE = 'argocd.argoproj.io/sync-wave';

describe('the base of the repository', () => {
  withKubectl('builds, and holds the whole definition with the packages it needs', () => {
    const kinds = built('.').map(({ kind }) => kind);
    const countOf = (kind: string) => kinds.filter((each) => each === kind).length;
    expect(countOf('CompositeResourceDefinition')).toBe(2);
    expect(countOf('Composition')).toBe(2);
    expect(countOf('Function')).toBe(2);
    expect(countOf('Provider')).toBeGreaterThan(5);
    expect(countOf('ValidatingAdmissionPolicy')).toBe(1);
    expect(countOf('ProviderConfig')).toBe(0);
  });

  withKubectl('holds nothing that the project of the platform refuses', () => {
    const { clusterResourceWhitelist } = projectOf('payments-dr-platform');
    const objects = [...built('.'), ...fileOf('deploy/provider-configs/irsa.yaml')];
    expect(objects.filter((object) => !admits(clusterResourceWhitelist, object))).toEqual([]);
  });

  test('is applied in waves: packages, definitions, then what needs their kinds', () => {
    const waveOf = (path: string) => {
      const waves = fileOf(path).map(({ metadata }) => Number(metadata.annotations?.[WAVE] ?? 0));
      expect(new Set(waves).size).toBe(1);
      return waves[0] ?? 0;
    };
    const definitions = [...FILES.keys()].filter((path) => path.startsWith('crds/')).map(waveOf);
    const compositions = [...FILES.keys()]
      .filter((path) => path.startsWith('compositions/'))
      .map(waveOf);
    const packages = ['deploy/functions.yaml', 'deploy/providers.yaml'].map(waveOf);
    expect(Math.max(...packages)).toBeLessThan(Math.min(...definitions));
    expect(Math.max(...definitions)).toBeLessThan(Math.min(...compositions));
    expect(waveOf('deploy/provider-configs/irsa.yaml')).toBeGreaterThan(Math.max(...packages));
  });
});

describe('the example of claims', () => {
  withKubectl('builds one claim for each team and environment', () => {
    const claims = built('examples/gitops').filter(({ kind }) => kind === 'PaymentsDR');
    expect(
      claims.map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name ?? ''}`),
    ).toEqual([
      'team-payments/payments-dev',
      'team-payments/payments-prod',
      'team-shop/payments-dev',
    ]);
    const suffixes = claims.map(({ spec }) => spec?.environmentSuffix);
    expect(new Set(suffixes).size).toBe(claims.length);
  });

  withKubectl('holds nothing that the project of claims refuses', () => {
    const { namespaceResourceWhitelist, clusterResourceWhitelist } =
      projectOf('payments-dr-claims');
    const allowed = [...namespaceResourceWhitelist, ...clusterResourceWhitelist];
    expect(built('examples/gitops').filter((object) => !admits(allowed, object))).toEqual([]);
  });

  withKubectl('takes a new team by the commands of its page', () => {
    const copy = mkdtempSync(join(tmpdir(), 'payments-dr-gitops-'));
    try {
      cpSync(join(ROOT, 'examples/gitops'), copy, { recursive: true });
      const page = readFileSync(join(copy, 'README.md'), 'utf8');
      const blocks = [...page.matchAll(/```sh\n([^]*?)```/g)].map(([, commands = '']) => commands);
      const commands = blocks.filter((block) => !block.includes('payments-dr '));
      execFileSync('sh', ['-e', '-c', commands.join('')], { cwd: copy });
      const ofTeam = built(copy)
        .filter(({ metadata }) =>
          `${metadata.namespace ?? ''}${metadata.name ?? ''}`.includes('team-search'),
        )
        .map(({ kind, spec }) => [kind, spec?.environmentSuffix]);
      expect(ofTeam).toEqual([
        ['Namespace', undefined],
        ['PaymentsDR', 'search-dev'],
      ]);
    } finally {
      rmSync(copy, { recursive: true });
    }
  });

  withKubectl('protects from pruning and deletion every claim that keeps its data', () => {
    const claims = built('examples/gitops').filter(({ kind }) => kind === 'PaymentsDR');
    const protections = claims.map(({ spec, metadata: { annotations = {} } }) => [
      spec?.dataRetention,
      annotations['argocd.argoproj.io/sync-options'],
      annotations['kustomize.toolkit.fluxcd.io/prune'],
    ]);
    expect(protections).toEqual([
      ['Delete', undefined, undefined],
      ['Retain', 'Prune=confirm,Delete=confirm', 'disabled'],
      ['Retain', 'Prune=confirm,Delete=confirm', 'disabled'],
    ]);
  });
});

describe('Flux', () => {
  const checks = fileOf('deploy/flux/payments-dr.yaml').flatMap(
    ({ spec }) =>
      (spec?.healthCheckExprs ?? []) as { kind: string; current: string; failed?: string }[],
  );
  const claims = checks.filter(({ kind }) => kind === 'PaymentsDR');

  test('checks claims of both forms, definitions and packages', () => {
    expect(checks.map(({ kind }) => kind)).toEqual([
      'Function',
      'Provider',
      'CompositeResourceDefinition',
      'CompositeResourceDefinition',
      'PaymentsDR',
      'PaymentsDR',
    ]);
  });

  test.each(STATES)('takes a claim that $sentence as Argo CD does', (state) => {
    const object = objectOf(state);
    for (const { current, failed = 'false' } of claims) {
      const verdict = {
        failed: holds(failed, object),
        current: holds(current, object),
      };
      const { health } = state;
      const isSyncRefused = (state.conditions ?? []).some(
        ({ type, status }) => type === 'Synced' && status === 'False',
      );
      expect(verdict).toEqual({
        failed: isSyncRefused,
        current: health === 'Healthy' || (health === 'Suspended' && !isSyncRefused),
      });
    }
  });

  test('waits for each step before the next', () => {
    const kustomizations = fileOf('deploy/flux/payments-dr.yaml').filter(
      ({ kind }) => kind === 'Kustomization',
    );
    expect(kustomizations.map(({ metadata, spec }) => [metadata.name, spec?.dependsOn])).toEqual([
      ['payments-dr', undefined],
      ['payments-dr-credentials', [{ name: 'payments-dr' }]],
      ['payments-dr-claims', [{ name: 'payments-dr-credentials' }]],
    ]);
  });
});
