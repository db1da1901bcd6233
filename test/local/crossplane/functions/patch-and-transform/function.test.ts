/** What the recorded vectors do not show. */
import { describe, expect, test } from '@jest/globals';
import { patchAndTransform } from '../../../../../src/local/crossplane/functions/patch-and-transform/function.js';
import type {
  JsonObject,
  Resource,
  RunFunctionResponse,
} from '../../../../../src/local/crossplane/functions/protocol.js';

const ENVIRONMENT = 'apiextensions.crossplane.io/environment';
const COMPOSITE = {
  apiVersion: 'example.org/v1',
  kind: 'XThing',
  metadata: { name: 'thing' },
  spec: { name: 'dev', size: 7, list: [1, 2] },
};
const BASE = { apiVersion: 'example.org/v1', kind: 'Part', spec: { zones: [{}, {}] } };

interface Case {
  readonly patches?: readonly JsonObject[];
  readonly environment?: readonly JsonObject[];
  readonly template?: JsonObject;
  readonly observed?: Resource;
  readonly context?: JsonObject;
}

const run = ({
  patches = [],
  environment = [],
  template,
  observed,
  context,
}: Case): Promise<RunFunctionResponse> =>
  patchAndTransform(
    frozen({
      meta: { tag: 'tag' },
      input: {
        environment: { patches: environment },
        resources: [{ name: 'part', base: BASE, patches, ...template }],
      },
      observed: {
        composite: { resource: COMPOSITE },
        resources: observed === undefined ? {} : { part: observed },
      },
      desired: {
        composite: { resource: {}, connectionDetails: { kept: 'a2VwdA==' } },
        resources: {},
      },
      context: { ...context },
    }),
  );

/** A run that changed its request would throw. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(frozen);
  return Object.freeze(value);
}

const format = (fmt: string): JsonObject => ({ type: 'string', string: { type: 'Format', fmt } });

async function specOf(options: Case): Promise<unknown> {
  const { desired } = await run(options);
  return desired.resources.part?.resource.spec;
}

describe('a patch', () => {
  test('writes the path it reads when it names no other', async () => {
    expect(await specOf({ patches: [{ fromFieldPath: 'spec.name' }] })).toMatchObject({
      name: 'dev',
    });
  });

  test('with wildcards writes each element that has the field', async () => {
    const patches = [{ fromFieldPath: 'spec.name', toFieldPath: 'spec.zones[*]' }];
    expect(await specOf({ patches })).toEqual({ zones: ['dev', 'dev'] });
  });

  test('sees floats in what is observed, and integers in an environment once it was written', async () => {
    const environment = [
      { type: 'ToEnvironmentFieldPath', fromFieldPath: 'spec.size', toFieldPath: 'size' },
    ];
    const patches = [
      { fromFieldPath: 'spec.size', toFieldPath: 'spec.a', transforms: [format('%d')] },
      {
        type: 'FromEnvironmentFieldPath',
        fromFieldPath: 'size',
        toFieldPath: 'spec.b',
        transforms: [format('%d')],
      },
    ];
    expect(await specOf({ environment, patches })).toMatchObject({ a: '%!d(float64=7)', b: '7' });
  });

  test('replaces every match of a regular expression, groups filled in', async () => {
    const regexp = { match: '(?P<first>[a-z])(e)', replace: '<${first}|$2|$$>' };
    const transforms = [{ type: 'string', string: { type: 'Regexp', regexp } }];
    const patches = [{ fromFieldPath: 'spec.name', toFieldPath: 'spec.x', transforms }];
    expect(await specOf({ patches })).toMatchObject({ x: '<d|e|$>v' });
  });

  test('multiplies integers without loss, and wraps around at 64 bits', async () => {
    const transforms = [
      { type: 'convert', convert: { toType: 'int64' } },
      { type: 'math', math: { type: 'Multiply', multiply: 2 ** 62 } },
      { type: 'convert', convert: { toType: 'string' } },
    ];
    const patches = [{ fromFieldPath: 'spec.size', toFieldPath: 'spec.x', transforms }];
    expect(await specOf({ patches })).toMatchObject({ x: '-4611686018427387904' });
  });
});

describe('connection details', () => {
  const connectionDetails = [
    { name: 'user', type: 'FromConnectionSecretKey', fromConnectionSecretKey: 'username' },
    { name: 'later', type: 'FromConnectionSecretKey', fromConnectionSecretKey: 'absent' },
    { name: 'arn', type: 'FromFieldPath', fromFieldPath: 'status.arn' },
    { name: 'list', type: 'FromFieldPath', fromFieldPath: 'status.list' },
    { name: 'port', type: 'FromValue', value: '443' },
  ];
  const observed = {
    resource: { ...BASE, status: { arn: 'arn:x', list: [1, '<'] } },
    connectionDetails: { username: btoa('root') },
  };

  test('come from secret, fields and template, beside those of functions before', async () => {
    const { desired } = await run({ template: { connectionDetails }, observed });
    expect(desired.composite?.connectionDetails).toEqual({
      kept: btoa('kept'),
      user: btoa('root'),
      arn: btoa('arn:x'),
      list: btoa('[1,"\\u003c"]'),
      port: btoa('443'),
    });
  });
});

describe('the answer', () => {
  test('carries the tag, and the environment with a type of its own', async () => {
    const { meta, context } = await run({ context: { [ENVIRONMENT]: { a: 1 }, other: 'kept' } });
    expect({ tag: meta?.tag, context }).toEqual({
      tag: 'tag',
      context: {
        [ENVIRONMENT]: { apiVersion: 'internal.crossplane.io/v1alpha1', kind: 'Environment', a: 1 },
        other: 'kept',
      },
    });
  });

  test.each([
    { sentence: 'a field of another type', template: { patches: [{ fromFieldPath: 5 }] } },
    { sentence: 'a base without a kind', template: { base: { apiVersion: 'v1' } } },
    {
      sentence: 'a PatchSet that is not there',
      template: { patches: [{ type: 'PatchSet', patchSetName: 'no' }] },
    },
    {
      sentence: 'a write that takes the kind away',
      template: { patches: [{ fromFieldPath: 'spec.list', toFieldPath: 'kind' }] },
    },
    {
      sentence: 'a regular expression that RE2 does not know',
      template: {
        patches: [
          {
            fromFieldPath: 'spec.name',
            transforms: [
              { type: 'string', string: { type: 'Regexp', regexp: { match: '(?=x)' } } },
            ],
          },
        ],
      },
    },
  ])('to $sentence is fatal, with the desired state as it was', async ({ template }) => {
    const { results, desired } = await run({ template });
    expect(results.map(({ severity }) => severity)).toEqual(['SEVERITY_FATAL']);
    expect(desired.resources).toEqual({});
  });
});

test('A connection secret of its own, which is not supported, is refused and not ignored', async () => {
  const { results } = await patchAndTransform({
    input: { resources: [{ name: 'part', base: BASE }], writeConnectionSecretToRef: { name: 'x' } },
    observed: { resources: {} },
    desired: { resources: {} },
  });
  expect(results).toMatchObject([{ severity: 'SEVERITY_FATAL' }]);
});
