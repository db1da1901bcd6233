/** Our health checks on a real Lua: Argo CD's dialect is 5.1, and the scripts keep to what it has in common with later ones. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { LuaFactory, type LuaEngine } from 'wasmoon';
import { healthScript, type HealthScript } from '../../../src/definition/gitops/health-checks.js';
import { objectOf, STATES } from './states.js';

let lua: LuaEngine;
beforeAll(async () => {
  lua = await new LuaFactory().createEngine();
});
afterAll(() => {
  lua.global.close();
});

/** As Argo CD does: the object is `obj`, and the script's result the verdict. */
async function healthOf(script: HealthScript, object: unknown): Promise<unknown> {
  return lua.doString(`local obj = ${literal(object)}\n${healthScript(script)}`);
}

/** A value of JSON as Lua writes it. */
function literal(value: unknown): string {
  if (Array.isArray(value)) return `{ ${value.map(literal).join(', ')} }`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(
    ([key, inner]) => `[${JSON.stringify(key)}] = ${literal(inner)}`,
  );
  return `{ ${fields.join(', ')} }`;
}

describe('a resource', () => {
  test.each(STATES)('that $sentence is $health', async (state) => {
    expect(await healthOf('resource', objectOf(state))).toEqual({
      status: state.health,
      message: state.message,
    });
  });
});

describe('a definition', () => {
  const established = { type: 'Established', status: 'True', reason: 'WatchingCompositeResource' };
  const offered = { type: 'Offered', status: 'True', reason: 'WatchingCompositeResourceClaim' };
  test.each([
    { sentence: 'that nobody has looked at', spec: {}, conditions: [], health: 'Progressing' },
    {
      sentence: 'without claims, established',
      spec: {},
      conditions: [established],
      health: 'Healthy',
    },
    {
      sentence: 'with claims, not offered yet',
      spec: { claimNames: { kind: 'PaymentsDR' } },
      conditions: [established],
      health: 'Progressing',
    },
    {
      sentence: 'with claims, offered',
      spec: { claimNames: { kind: 'PaymentsDR' } },
      conditions: [established, offered],
      health: 'Healthy',
    },
    {
      sentence: 'that cannot be served',
      spec: {},
      conditions: [{ ...established, status: 'False', message: 'the CRD is not ours' }],
      health: 'Degraded',
    },
    {
      sentence: 'that is being deleted',
      metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' },
      spec: {},
      conditions: [established],
      health: 'Progressing',
    },
  ])('$sentence is $health', async ({ spec, conditions, health, metadata = {} }) => {
    const object = { metadata, spec, status: { conditions } };
    expect(await healthOf('definition', object)).toMatchObject({ status: health });
  });
});

describe('a composition', () => {
  test.each([
    { sentence: 'without conditions', object: { metadata: {} }, health: 'Healthy' },
    {
      sentence: 'whose revision has a broken pipeline',
      object: {
        metadata: {},
        status: {
          conditions: [{ type: 'ValidPipeline', status: 'False', message: 'no such step' }],
        },
      },
      health: 'Degraded',
    },
    {
      sentence: 'that is being deleted',
      object: { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } },
      health: 'Progressing',
    },
  ])('$sentence is $health', async ({ object, health }) => {
    expect(await healthOf('composition', object)).toMatchObject({ status: health });
  });
});
