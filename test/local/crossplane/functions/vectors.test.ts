/** Every recorded run of the real function-patch-and-transform gives the same result here. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { patchAndTransform } from '../../../../src/local/crossplane/functions/patch-and-transform/function.js';
import type {
  JsonObject,
  Resource,
  RunFunctionRequest,
  State,
} from '../../../../src/local/crossplane/functions/protocol.js';

interface RecordedResource {
  readonly resource: JsonObject;
  readonly ready?: 'Unspecified' | 'True' | 'False';
  readonly connectionDetails?: Readonly<Record<string, string>>;
}

interface RecordedState {
  readonly composite?: JsonObject;
  readonly resources?: Readonly<Record<string, RecordedResource>>;
}

interface Vector {
  readonly name: string;
  readonly input: JsonObject;
  readonly observed: RecordedState;
  readonly desired?: RecordedState;
  readonly context?: Readonly<Record<string, unknown>>;
  readonly expected: {
    readonly severities: readonly string[];
    readonly composite?: JsonObject;
    readonly compositeReady?: string;
    readonly resources?: Readonly<Record<string, RecordedResource>>;
    readonly environment?: JsonObject;
  };
}

const ENVIRONMENT = 'apiextensions.crossplane.io/environment';
const folder = resolve(process.env.VECTORS ?? '../shared/vectors');
const file = join(folder, 'patch-and-transform.jsonl');
const vectors = existsSync(file)
  ? readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Vector)
  : [];

const toProtocol = ({ resource, ready, connectionDetails }: RecordedResource): Resource => ({
  resource,
  ...(ready === undefined
    ? {}
    : { ready: `READY_${ready.toUpperCase()}` as NonNullable<Resource['ready']> }),
  ...(connectionDetails === undefined ? {} : { connectionDetails }),
});

const stateOf = (recorded: RecordedState | undefined): State => ({
  ...(recorded?.composite === undefined ? {} : { composite: { resource: recorded.composite } }),
  resources: Object.fromEntries(
    Object.entries(recorded?.resources ?? {}).map(([name, resource]) => [
      name,
      toProtocol(resource),
    ]),
  ),
});

const requestOf = ({ input, observed, desired, context }: Vector): RunFunctionRequest => ({
  input,
  observed: stateOf(observed),
  desired: stateOf(desired),
  ...(context === undefined ? {} : { context }),
});

const readyOf = (resource: Resource | undefined): string =>
  ({ READY_TRUE: 'True', READY_FALSE: 'False', READY_UNSPECIFIED: 'Unspecified' })[
    resource?.ready ?? 'READY_UNSPECIFIED'
  ];

const SEVERITIES = {
  SEVERITY_FATAL: 'Fatal',
  SEVERITY_WARNING: 'Warning',
  SEVERITY_NORMAL: 'Normal',
  SEVERITY_UNSPECIFIED: 'Warning',
};

async function run(vector: Vector): Promise<Vector['expected']> {
  const { results, desired, context } = await patchAndTransform(requestOf(vector));
  const severities = results.map(({ severity }) => SEVERITIES[severity]);
  if (severities.includes('Fatal')) return { severities: ['Fatal'] };
  const details = desired.composite?.connectionDetails ?? {};
  return {
    severities,
    ...(desired.composite === undefined ? {} : { composite: desired.composite.resource }),
    compositeReady: readyOf(desired.composite),
    resources: Object.fromEntries(
      Object.entries(desired.resources).map(([name, resource]) => [
        name,
        {
          resource: resource.resource,
          ready: readyOf(resource) as NonNullable<RecordedResource['ready']>,
        },
      ]),
    ),
    environment: context?.[ENVIRONMENT] as JsonObject,
    ...('connectionDetails' in vector.expected ? { connectionDetails: details } : {}),
  };
}

const describeIfRecorded = vectors.length > 0 ? describe : describe.skip;

describeIfRecorded('vectors', () => {
  const cases = vectors.length > 0 ? vectors : [{ name: `${file} is not here` } as Vector];
  test.each(cases)('$name', async (vector) => {
    expect(await run(vector)).toEqual(vector.expected);
  });
});
