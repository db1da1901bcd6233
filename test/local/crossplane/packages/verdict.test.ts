import { describe, expect, test } from '@jest/globals';
import {
  packageConditions,
  refused,
  revisionConditions,
  verdict,
} from '../../../../src/local/crossplane/packages/verdict.js';

const DEVELOPMENT = {
  'render.crossplane.io/runtime': 'Development',
  'render.crossplane.io/runtime-development-target': 'localhost:9443',
};

describe('a package', () => {
  test.each([
    {
      sentence: 'is healthy when it is a function that is built in, whatever registry and version',
      kind: 'Function',
      image: 'registry.example.org/crossplane-contrib/function-auto-ready@sha256:00',
      is: ['True', 'True'],
    },
    {
      sentence: 'is refused when it is another function',
      kind: 'Function',
      image: 'xpkg.crossplane.io/crossplane-contrib/function-kcl:v0.11.0',
      is: ['False', 'False'],
    },
    {
      sentence: 'is healthy when it is a function that runs at an address',
      kind: 'Function',
      image: 'xpkg.crossplane.io/crossplane-contrib/function-kcl:v0.11.0',
      annotations: DEVELOPMENT,
      is: ['True', 'True'],
    },
    {
      sentence: 'is healthy when it is a provider whose kinds are served',
      kind: 'Provider',
      image: 'xpkg.upbound.io/upbound/provider-aws-s3:v2.6.0',
      is: ['True', 'True'],
    },
    {
      sentence: 'is installed only when it is a provider whose kinds nobody serves',
      kind: 'Provider',
      image: 'xpkg.upbound.io/upbound/provider-aws-kms:v2.6.0',
      is: ['True', 'False'],
    },
    {
      sentence: 'is refused when it is a provider of another cloud',
      kind: 'Provider',
      image: 'xpkg.upbound.io/upbound/provider-gcp-storage:v2.6.0',
      is: ['False', 'False'],
    },
    {
      sentence: 'is healthy when it is our own configuration',
      kind: 'Configuration',
      image: 'xpkg.example.org/payments/payments-dr:v0.1.0',
      is: ['True', 'True'],
    },
    {
      sentence: 'is refused when it is another configuration',
      kind: 'Configuration',
      image: 'xpkg.example.org/payments/other:v0.1.0',
      is: ['False', 'False'],
    },
  ])('$sentence', ({ kind, image, annotations = {}, is }) => {
    const object = {
      apiVersion: 'pkg.crossplane.io/v1',
      kind,
      metadata: { name: 'p', annotations },
      spec: { package: image },
    };
    const judged = verdict(object, new Set(['s3.aws.upbound.io']));
    const conditions =
      judged.refusal === undefined ? packageConditions(judged, true) : refused(judged.refusal);
    expect(conditions.map(({ type, status }) => [type, status])).toEqual([
      ['Installed', is[0]],
      ['Healthy', is[1]],
    ]);
    const refusals = conditions.filter(({ status }) => status === 'False');
    expect(refusals.every(({ message = '' }) => message !== '')).toBe(true);
  });
});

describe('a revision', () => {
  test('says that it runs only where something runs', () => {
    const typesOf = (hasRuntime: boolean) =>
      revisionConditions({}, hasRuntime).map(({ type }) => type);
    expect(typesOf(true)).toEqual(['RevisionHealthy', 'RuntimeHealthy']);
    expect(typesOf(false)).toEqual(['RevisionHealthy']);
  });

  test('that is not active leaves its package not installed', () => {
    const [installed] = packageConditions({}, false);
    expect(installed).toMatchObject({ status: 'False', reason: 'InactivePackageRevision' });
  });
});
