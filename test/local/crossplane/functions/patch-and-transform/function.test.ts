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

const ofMath = (multiply: number): JsonObject => ({
  type: 'math',
  math: { type: 'Multiply', multiply },
});
const combination = (fmt: string, ...paths: string[]): JsonObject => ({
  strategy: 'string',
  variables: paths.map((fromFieldPath) => ({ fromFieldPath })),
  string: { fmt },
});

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

const DECODING =
  'cannot get Function input: cannot get function input *v1beta1.Resources from *v1.RunFunctionRequest: cannot unmarshal JSON from *structpb.Struct into *v1beta1.Resources: json: cannot unmarshal';
const patching = (patch: JsonObject): JsonObject => ({
  resources: [{ name: 'part', base: BASE, patches: [patch] }],
});

describe('the words of the real function tell of', () => {
  test.each([
    {
      sentence: 'a field that a patch does not have',
      input: patching({ fromFieldPath: 'spec.name', policy: { mergeOptions: {} } }),
      message: `${DECODING} Go value of type v1beta1.PatchPolicy: unknown name "mergeOptions"`,
    },
    {
      sentence: 'a field that only patches of templates have',
      input: { patchSets: [{ name: 'set', patches: [{ patchSetName: 'other' }] }] },
      message: `${DECODING} Go value of type v1beta1.PatchSetPatch: unknown name "patchSetName"`,
    },
    {
      sentence: 'a field of another type',
      input: patching({ fromFieldPath: 5 }),
      message: `${DECODING} JSON number into Go value of type string`,
    },
    {
      sentence: 'a field that is missing',
      input: patching({ type: 'ToCompositeFieldPath' }),
      message:
        'invalid Function input: resources[0].patches[0].fromFieldPath: Required value: fromFieldPath must be set for patch type ToCompositeFieldPath',
    },
    {
      sentence: 'a value that is none of those known',
      input: patching({ fromFieldPath: 'spec.name', transforms: [{ type: 'Map' }] }),
      message:
        'invalid Function input: resources[0].patches[0].transforms[0].type: Invalid value: "Map": unknown transform type',
    },
    {
      sentence: 'a PatchSet in a PatchSet',
      input: { patchSets: [{ name: 'set', patches: [{ type: 'PatchSet' }] }] },
      message:
        'invalid Function input: patches[0].type: Invalid value: "PatchSet": patch type *v1beta1.PatchSetPatch does not support patch of type PatchSet',
    },
    {
      sentence: 'a base without a kind',
      input: { resources: [{ name: 'part', base: { apiVersion: 'v1' } }] },
      message: `cannot parse base template of composed resource "part": Object 'Kind' is missing in '{"apiVersion":"v1"}'`,
    },
    {
      sentence: 'a transform that cannot take its value',
      input: patching({ fromFieldPath: 'spec.name', transforms: [format('%s'), ofMath(2)] }),
      message:
        'cannot render composed resource "part" "FromCompositeFieldPath" patch at index 0: transform at index 1 returned error: math transform could not resolve: input is required to be a number for math transformer, got string',
    },
    {
      sentence: 'a pattern without what it matches, where nothing checks before',
      input: patching({
        type: 'CombineFromComposite',
        combine: combination('%s', 'spec.name'),
        toFieldPath: 'spec.x',
        transforms: [{ type: 'match', match: { patterns: [{ type: 'literal' }] } }],
      }),
      message:
        'cannot render composed resource "part" "CombineFromComposite" patch at index 0: transform at index 0 returned error: match transform could not resolve: cannot match pattern at index 0: literal is required by type literal',
    },
    {
      sentence: 'a write into what is no object',
      input: patching({ fromFieldPath: 'spec.name', toFieldPath: 'spec.zones.x' }),
      message:
        'cannot render composed resource "part" "FromCompositeFieldPath" patch at index 0: cannot patch to object: spec.zones is not an object',
    },
    {
      sentence: 'wildcards that stand for nothing',
      input: patching({ fromFieldPath: 'spec.name', toFieldPath: 'spec.none[*].x' }),
      message:
        'cannot render composed resource "part" "FromCompositeFieldPath" patch at index 0: cannot expand ToFieldPath spec.none[*].x',
    },
  ])('$sentence', async ({ input, message }) => {
    const { results } = await patchAndTransform({
      input,
      observed: { composite: { resource: COMPOSITE }, resources: {} },
      desired: { resources: {} },
    });
    expect(results).toEqual([{ severity: 'SEVERITY_FATAL', message }]);
  });
});

describe('a composite without a connection secret of its own', () => {
  const secretOf = async (target: JsonObject | undefined, spec: JsonObject = {}) => {
    const { desired, results } = await patchAndTransform({
      input: {
        ...(target === undefined ? {} : { writeConnectionSecretToRef: target }),
        resources: [
          {
            name: 'part',
            base: BASE,
            connectionDetails: [{ name: 'port', type: 'FromValue', value: '443' }],
          },
        ],
      },
      observed: {
        composite: {
          resource: {
            ...COMPOSITE,
            metadata: { name: 'thing', namespace: 'team' },
            spec: { crossplane: {}, ...COMPOSITE.spec, ...spec },
          },
        },
        resources: { part: { resource: BASE } },
      },
      desired: { resources: {} },
    });
    return { secret: desired.resources['connection-secret'], results };
  };
  const NAMED = { name: 'chosen', namespace: 'elsewhere' };

  test.each([
    {
      sentence: 'beside it, by its name, where nobody says otherwise',
      target: undefined,
      metadata: { name: 'thing-connection', namespace: 'team' },
    },
    { sentence: 'where the input says', target: NAMED, metadata: NAMED },
    {
      sentence: 'where a field of the composite says, before the input',
      target: NAMED,
      spec: { writeConnectionSecretToRef: { name: 'own' } },
      metadata: { name: 'own' },
    },
    {
      sentence: 'where patches of the input say, in the end',
      target: {
        ...NAMED,
        patches: [
          {
            type: 'CombineFromComposite',
            combine: combination('%s-secret', 'spec.name'),
            toFieldPath: 'name',
          },
          { fromFieldPath: 'spec.absent', toFieldPath: 'namespace' },
        ],
      },
      metadata: { name: 'dev-secret', namespace: 'elsewhere' },
    },
  ])('gets one composed: $sentence', async ({ target, spec, metadata }) => {
    const { secret } = await secretOf(target, spec);
    expect(secret).toEqual({
      ready: 'READY_TRUE',
      resource: {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata,
        type: 'connection.crossplane.io/v1alpha1',
        data: { port: btoa('443') },
      },
    });
  });

  test('is refused patches from anything but itself', async () => {
    const patches = [{ type: 'ToCompositeFieldPath', fromFieldPath: 'x', toFieldPath: 'name' }];
    const { results } = await secretOf({ patches });
    expect(results).toMatchObject([
      {
        severity: 'SEVERITY_FATAL',
        message: expect.stringContaining('unsupported patch type ToCompositeFieldPath at index 0'),
      },
    ]);
  });

  test('which has one, as those of version 1 have, gets none', async () => {
    const template = {
      connectionDetails: [{ name: 'port', type: 'FromValue', value: '443' }],
    };
    const { desired } = await run({ template, observed: { resource: BASE } });
    expect(Object.keys(desired.resources)).toEqual(['part']);
  });
});
