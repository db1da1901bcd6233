/** A wrong field, a wrong path or a selector that finds nothing stops the compiler, or at the latest the synthesis. */
import { describe, expect, test } from '@jest/globals';
import { App, Chart } from 'cdk8s';
import {
  ManagedTemplate,
  type ManagedTemplateProps,
} from '../../../src/definition/template/managed-template.js';
import { extracted } from '../../../src/definition/template/patches.js';
import { Resources } from '../../../src/definition/template/resources.js';
import { ofSameClaim } from '../../../src/definition/template/selectors.js';
import { Bucket, BucketVersioning } from '../../../src/model/managed/buckets.js';
import type { MetricAlarm } from '../../../src/model/managed/alarms.js';
import { Table } from '../../../src/model/managed/table.js';

const NAME = 'x-{spec.environmentSuffix}' as const;
const COMMON = { named: NAME, site: 'primary' } as const;

/** Synthesises a chart with the templates that `add` makes. */
function synthesise(add: (resources: Resources) => void): void {
  const chart = new Chart(new App(), 'test');
  add(new Resources(chart, 'resources', 'cluster'));
  chart.toJson();
}

function aTable(resources: Resources): ManagedTemplate<typeof Table> {
  return new ManagedTemplate(resources, 'table', Table, { ...COMMON, forProvider: {} });
}

describe('the compiler refuses', () => {
  const tableAsks = (asked: ManagedTemplateProps<typeof Table>['forProvider']) => asked;
  const alarmAsks = (asked: ManagedTemplateProps<typeof MetricAlarm>['forProvider']) => asked;

  // Never called: only compiled. A line that the compiler would take makes its own comment an error.
  const compiled = (resources: Resources) => {
    // @ts-expect-error a field that the kind does not have
    tableAsks({ hashKy: 'x' });
    // @ts-expect-error a value of another type
    tableAsks({ hashKey: 1 });
    // @ts-expect-error a field deep inside that the kind does not have
    tableAsks({ replica: [{ region: 'x' }] });
    // @ts-expect-error alarms have no selector of topics: the real provider looks for autoscaling policies there
    alarmAsks({ alarmActionsSelector: {} });
    const table = aTable(resources);
    // @ts-expect-error a field that the claim does not have
    table.copy('spec.region', 'spec.forProvider.region');
    // @ts-expect-error a field that the resource does not have
    table.copy('spec.regions.primary', 'spec.forProvider.replica[0].region');
    // @ts-expect-error a field of status that the resource does not have
    table.report('status.atProvider.arns', 'status.accountId');
    // @ts-expect-error a field of status that the claim does not have
    table.report('status.atProvider.arn', 'status.tableArn');
    // @ts-expect-error a placeholder that is no field of the claim
    table.fill('spec.forProvider.hashKey', 'x-{spec.sufix}');
  };

  test('nine mistakes', () => {
    expect(compiled).toHaveLength(1);
  });
});

describe('the synthesis refuses', () => {
  test.each<{ sentence: string; add: (resources: Resources) => void; says: string }>([
    {
      sentence: 'a path put together of parts that no schema has',
      add: (resources) =>
        aTable(resources).copy(
          'spec.regions.primary',
          `spec.forProvider.regio` as 'spec.forProvider.region',
        ),
      says: 'no schema has spec.forProvider.regio',
    },
    {
      sentence: 'a placeholder in a document that no claim has',
      add: (resources) =>
        aTable(resources).fill('spec.forProvider.hashKey', JSON.stringify({ a: '{spec.sufix}' })),
      says: 'no schema has spec.sufix',
    },
    {
      sentence: 'a required field that nobody fills',
      add: (resources) =>
        new ManagedTemplate(resources, 'versioning', BucketVersioning, {
          ...COMMON,
          forProvider: {},
        }),
      says: 'spec.forProvider.versioningConfiguration is required',
    },
    {
      sentence: 'a selector that finds nothing',
      add: (resources) =>
        new ManagedTemplate(resources, 'versioning', BucketVersioning, {
          ...COMMON,
          forProvider: {
            bucketSelector: ofSameClaim({ nobody: 'has it' }),
            versioningConfiguration: { status: 'Enabled' },
          },
        }),
      says: 'finds 0 of kind Bucket',
    },
    {
      sentence: 'a selector that could find two',
      add: (resources) => {
        for (const id of ['one', 'two']) {
          new ManagedTemplate(resources, id, Bucket, { ...COMMON, forProvider: {} });
        }
        new ManagedTemplate(resources, 'versioning', BucketVersioning, {
          ...COMMON,
          forProvider: {
            bucketSelector: ofSameClaim({}),
            versioningConfiguration: { status: 'Enabled' },
          },
        });
      },
      says: 'finds 2 of kind Bucket',
    },
  ])('$sentence', ({ add, says }) => {
    expect(() => synthesise(add)).toThrow(says);
  });

  test('nothing of a template without a fault', () => {
    expect(() => synthesise((resources) => void aTable(resources))).not.toThrow();
  });
});

describe('a pattern', () => {
  test('becomes a Combine patch in which a per cent sign stays one', () => {
    const chart = new Chart(new App(), 'test');
    const table = aTable(new Resources(chart, 'resources', 'cluster'));
    table.fill('spec.forProvider.hashKey', '100%-{spec.environmentSuffix}-{spec.regions.primary}');
    expect(table.render().patches.at(-1)).toEqual({
      type: 'CombineFromComposite',
      combine: {
        strategy: 'string',
        string: { fmt: '100%%-%s-%s' },
        variables: [
          { fromFieldPath: 'spec.environmentSuffix' },
          { fromFieldPath: 'spec.regions.primary' },
        ],
      },
      toFieldPath: 'spec.forProvider.hashKey',
    });
  });

  test('of an ARN gives the account in its first group', () => {
    const transform = extracted('^arn:[^:]+:iam::([0-9]{12}):');
    const expression = transform.type === 'string' ? transform.string.regexp.match : '';
    expect(
      new RegExp(expression).exec('arn:aws:iam::000000000042:role/payment-lambda-role-dev')?.[1],
    ).toBe('000000000042');
  });
});
