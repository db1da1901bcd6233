/**
 * The Backstage template, filled in as Backstage does it: the form judged by JSON Schema, the skeleton rendered by Nunjucks, the
 * directory built by kustomize over the base of `examples/gitops`, and the claim judged as the API server would.
 */
import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import nunjucks from 'nunjucks';
import { parse } from 'yaml';
import { parseManifest } from '../../../src/claims/manifests/manifest.js';
import { validateManifests, type Verdict } from '../../../src/claims/validation/validate.js';
import { formPages } from '../../../src/definition/backstage/form.js';
import { skeletonFiles } from '../../../src/definition/backstage/skeleton.js';
import { defineFiles } from '../../../src/definition/definition.js';
import { TEAMS_PATH } from '../../../src/definition/gitops/repository.js';
import { testWith } from '../../builders/a-program.js';

const ROOT = join(import.meta.dirname, '../../..');
const withKubectl = testWith('kubectl', ['version', '--client']);

/** As Backstage sets it up. */
const language = new nunjucks.Environment(null, {
  autoescape: false,
  tags: { variableStart: '${{', variableEnd: '}}' },
});
/** As the form of Backstage: defaults are filled in. */
const ajv = new Ajv({
  useDefaults: true,
  allErrors: true,
  strict: true,
  allowMatchingProperties: true,
});
for (const keyword of ['field', 'options', 'order']) ajv.addKeyword(`ui:${keyword}`);
const pages = formPages().map((page) => ajv.compile({ type: 'object', ...page }));

type Values = Readonly<Record<string, unknown>>;

const DIGEST = `sha256:${'a'.repeat(64)}`;
const keyIn = (region: string) =>
  `arn:aws:kms:${region}:123456789012:key/11111111-2222-3333-4444-555555555555`;

const FILLED_IN = {
  team: 'payments',
  environment: 'stage',
  owner: 'group:default/payments',
  environmentSuffix: 'payments-stage',
  handler: { image: { tag: '1.4.2' } },
  notifications: { email: 'payments@example.org' },
  repoUrl: 'github.com?owner=acme&repo=platform',
};

function filledIn(values: Values): { values: Record<string, unknown>; refused: string[] } {
  const all = structuredClone({ ...FILLED_IN, ...values }) as Record<string, unknown>;
  const refused = pages.flatMap((page) =>
    page(all) ? [] : (page.errors ?? []).map(({ instancePath }) => instancePath),
  );
  return { values: all, refused };
}

function rendered(values: Values): ReadonlyMap<string, string> {
  return new Map(
    skeletonFiles().map((file) => [
      file.path.split('/').at(-1) ?? '',
      language.renderString(file.render(), { values }),
    ]),
  );
}

let repository: string;

beforeAll(async () => {
  repository = await mkdtemp(join(tmpdir(), 'backstage-'));
  await cp(join(ROOT, 'examples/gitops/base'), join(repository, 'examples/gitops/base'), {
    recursive: true,
  });
});

afterAll(() => rm(repository, { recursive: true }));

async function built(values: Values): Promise<Verdict> {
  const directory = join(repository, TEAMS_PATH, String(values.team), String(values.environment));
  await mkdir(directory, { recursive: true });
  for (const [name, content] of rendered(values)) await writeFile(join(directory, name), content);
  const yaml = execFileSync('kubectl', ['kustomize', directory], { encoding: 'utf8' });
  return validateManifests([parseManifest('built.yaml', yaml)], ROOT);
}

describe('a form that is filled in', () => {
  withKubectl.each([
    { sentence: 'with no more than is needed', values: {}, spec: {} },
    {
      sentence: 'with a digest',
      values: {
        handler: { image: { identifiedBy: 'digest', digest: DIGEST }, memorySizeMiB: 1024 },
      },
      spec: { handler: { image: { digest: DIGEST }, memorySizeMiB: 1024 } },
    },
    {
      sentence: 'with strong consistency',
      values: { consistency: 'strong', witness: 'us-east-2' },
      spec: { consistency: 'strong', regions: { primary: 'us-east-1', witness: 'us-east-2' } },
    },
    {
      sentence: 'with a witness that consistency does not need any more',
      values: { consistency: 'eventual', witness: 'us-east-2' },
      spec: { regions: { primary: 'us-east-1', secondary: 'us-west-2' } },
    },
    {
      sentence: 'with keys and other regions',
      values: {
        regions: { primary: 'eu-west-1', secondary: 'eu-central-1' },
        encryption: {
          mode: 'SSE-KMS',
          kmsKeyArns: { primary: keyIn('eu-west-1'), secondary: keyIn('eu-central-1') },
        },
      },
      spec: {
        regions: { primary: 'eu-west-1', secondary: 'eu-central-1' },
        encryption: { mode: 'SSE-KMS', kmsKeyArns: { primary: keyIn('eu-west-1') } },
      },
    },
    {
      sentence: 'with tags that YAML would take for something else',
      values: { tags: { team: 'a: b', yes: 'no', '007': '1.50' } },
      spec: { tags: { team: 'a: b', yes: 'no', '007': '1.50', 'managed-by': 'gitops' } },
    },
    {
      sentence: 'with alarms and retention of its own',
      values: {
        alarms: { lambdaErrors: { threshold: 0, periodSeconds: 300 } },
        auditRetention: { noncurrentVersionDays: 30 },
        bucketPrefix: 'acme-audit',
      },
      spec: {
        alarms: { lambdaErrors: { threshold: 0, periodSeconds: 300, evaluationPeriods: 2 } },
        auditRetention: { noncurrentVersionDays: 30, incompleteUploadDays: 7 },
        bucketPrefix: 'acme-audit',
      },
    },
  ])('$sentence becomes a valid claim that says it', async ({ values, spec }) => {
    const form = filledIn(values);
    expect(form.refused).toEqual([]);
    const { valid, faults } = await built(form.values);
    expect(faults).toEqual([]);
    expect(valid).toHaveLength(1);
    expect(valid[0]?.defaulted).toMatchObject({
      metadata: {
        name: 'payments-stage',
        namespace: 'team-payments',
        annotations: { 'argocd.argoproj.io/sync-options': 'Prune=confirm,Delete=confirm' },
      },
      spec: {
        environmentSuffix: 'payments-stage',
        dataRetention: 'Retain',
        notifications: { email: 'payments@example.org' },
        ...spec,
      },
    });
  });

  withKubectl('lets a claim go without a question where its data may go', async () => {
    const { valid } = await built(filledIn({ dataRetention: 'Delete' }).values);
    expect(valid[0]?.object.spec).toMatchObject({ dataRetention: 'Delete' });
    expect(valid[0]?.object.metadata.annotations).toBeUndefined();
  });

  test('writes what differs from the defaults, and nothing else', () => {
    expect(rendered(filledIn({}).values).get('claim.yaml')).toBe(
      [
        'apiVersion: payments.example.org/v1alpha1',
        'kind: PaymentsDR',
        'metadata:',
        '  name: payments',
        'spec:',
        '  environmentSuffix: "payments-stage"',
        '  handler:',
        '    image:',
        '      tag: "1.4.2"',
        '  notifications:',
        '    email: "payments@example.org"',
        '',
      ].join('\n'),
    );
  });

  test('names a component that the catalogue takes', () => {
    const component = parse(
      rendered(filledIn({}).values).get('catalog-info.yaml') ?? '',
    ) as unknown;
    expect(component).toMatchObject({
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: { name: 'payments-payments-stage' },
      spec: { owner: 'group:default/payments' },
    });
  });
});

describe('the form refuses', () => {
  test.each([
    ['no e-mail address', { notifications: {} }, '/notifications'],
    ['an image with neither tag nor digest', { handler: { image: {} } }, '/handler/image'],
    ['a suffix in capitals', { environmentSuffix: 'Prod' }, '/environmentSuffix'],
    ['a team that is no name of a directory', { team: '../prod' }, '/team'],
    [
      'memory that Lambda does not have',
      { handler: { image: { tag: '1' }, memorySizeMiB: 64 } },
      '/handler/memorySizeMiB',
    ],
    ['strong consistency without a witness', { consistency: 'strong' }, ''],
    ['keys that are not given', { encryption: { mode: 'SSE-KMS' } }, '/encryption'],
    [
      'an alias in the place of a key',
      {
        encryption: {
          mode: 'SSE-KMS',
          kmsKeyArns: { primary: 'alias/a', secondary: keyIn('us-west-2') },
        },
      },
      '/encryption/kmsKeyArns/primary',
    ],
  ])('%s', (_, values, at) => {
    expect(filledIn(values).refused).toContain(at);
  });
});

describe('the template', () => {
  const file = defineFiles().find(({ path }) => path === 'deploy/backstage/template.yaml');
  const template = parse(file?.render() ?? '') as {
    spec: {
      parameters: { properties: Record<string, unknown> }[];
      steps: { id: string; action: string; input: Record<string, unknown> }[];
      output: unknown;
    };
  };
  const { parameters, steps, output } = template.spec;
  const asked = parameters.flatMap(({ properties }) => Object.keys(properties));
  const [fetch, publish] = steps;

  test('is one of the scaffolder', () => {
    expect(template).toMatchObject({
      apiVersion: 'scaffolder.backstage.io/v1beta3',
      kind: 'Template',
      metadata: { name: expect.stringMatching(/^[a-z0-9-]{1,63}$/) as unknown },
      spec: { type: 'service', owner: expect.stringMatching(/^group:/) as unknown },
    });
    expect(steps.map(({ action }) => action)).toEqual([
      'fetch:template',
      'publish:github:pull-request',
    ]);
  });

  test('speaks of no parameter that is not asked, and of no step that is not there', () => {
    const text = JSON.stringify([steps, output]);
    const named = [...text.matchAll(/parameters\.([A-Za-z]+)/g)].map(([, name]) => name ?? '');
    expect(new Set(named)).toEqual(new Set([...asked, 'witness']));
    expect(text.match(/steps\.[a-z]+/g)).toEqual(['steps.publish']);
    expect(publish?.id).toBe('publish');
  });

  test('gives the skeleton every value that it uses, and none that it does not', () => {
    const used = skeletonFiles().flatMap((each) =>
      [...each.render().matchAll(/values\.([A-Za-z]+)/g)].map(([, name]) => name ?? ''),
    );
    expect(new Set(Object.keys(fetch?.input.values as object))).toEqual(new Set(used));
  });

  test('writes to the directories that Argo CD makes applications of', () => {
    expect(fetch?.input.targetPath).toBe(
      'examples/gitops/teams/${{ parameters.team }}/${{ parameters.environment }}',
    );
  });

  // The inputs of publish:github:pull-request, in its own source; it ignores others.
  test('asks of the pull request only what there is to ask', () => {
    const known =
      'repoUrl branchName targetBranchName title description draft sourcePath targetPath token reviewers assignees teamReviewers commitMessage update forceFork gitAuthorName gitAuthorEmail'.split(
        ' ',
      );
    expect(known).toEqual(expect.arrayContaining(Object.keys(publish?.input ?? {})));
    expect(Object.keys(publish?.input ?? {})).toEqual(
      expect.arrayContaining(['repoUrl', 'branchName', 'title', 'description']),
    );
  });
});
