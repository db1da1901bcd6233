/** What a claim gives to those who use it: the names and ARNs in its status, under names that will not change. */
import { STATUS, type ClaimStatus } from '../../model/claim/status.js';
import type { DeepPartial } from './deep-partial.js';

export type Outputs = Readonly<Record<string, string>>;

const SITES = ['primary', 'secondary'] as const;
const ALARMS = Object.keys(
  STATUS.properties.primary.properties.alarms.properties,
) as (keyof typeof STATUS.properties.primary.properties.alarms.properties)[];

/** Those that are known yet: `primaryFunctionArn`, `tableName`, … */
export function outputsOf(status: DeepPartial<ClaimStatus> | undefined): Outputs {
  const { accountId, table } = status ?? {};
  const found: [string, string | undefined][] = [
    ['accountId', accountId],
    ['tableName', table?.name],
    ...SITES.flatMap((site): [string, string | undefined][] => {
      const at = status?.[site];
      return [
        [`${site}Region`, at?.region],
        [`${site}FunctionName`, at?.function?.name],
        [`${site}FunctionArn`, at?.function?.arn],
        [`${site}TableArn`, table?.[site]?.arn],
        [`${site}TableStreamArn`, table?.[site]?.streamArn],
        [`${site}BucketName`, at?.bucket?.name],
        [`${site}BucketArn`, at?.bucket?.arn],
        [`${site}TopicArn`, at?.topic?.arn],
        ...ALARMS.map((alarm): [string, string | undefined] => [
          `${site}${capitalized(alarm).replace(/Arn$/, 'AlarmArn')}`,
          at?.alarms?.[alarm],
        ]),
      ];
    }),
  ];
  return Object.fromEntries(
    found.filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** Every output that a claim has once it is Ready. */
export const OUTPUT_COUNT = 2 + SITES.length * (8 + ALARMS.length);

/** `primaryFunctionArn` → `PAYMENTS_PRIMARY_FUNCTION_ARN`. */
export function environmentName(output: string): string {
  return `PAYMENTS_${output.replaceAll(/([A-Z])/g, '_$1').toUpperCase()}`;
}

const capitalized = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);
