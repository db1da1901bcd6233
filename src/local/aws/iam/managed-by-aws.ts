/** The few policies managed by AWS itself that a role here may have attached. */
import type { ManagedPolicy } from './managed-policy.js';

const PUBLISHED_MS = Date.UTC(2015, 1, 6);

const ALL = [
  define('AdministratorAccess', '/', 'ANPAIWMBCKSKIEE64ZLYK', [
    { Effect: 'Allow', Action: '*', Resource: '*' },
  ]),
  define('AWSLambdaBasicExecutionRole', '/service-role/', 'ANPAJNCQGXC42545SKXIK', [
    {
      Effect: 'Allow',
      Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: '*',
    },
  ]),
];

export const MANAGED_BY_AWS: ReadonlyMap<string, ManagedPolicy> = new Map(
  ALL.map((policy) => [policy.arn, policy]),
);

function define(
  name: string,
  path: string,
  id: string,
  statement: readonly object[],
): ManagedPolicy {
  return {
    name,
    path,
    id,
    arn: `arn:aws:iam::aws:policy${path}${name}`,
    createdAtMs: PUBLISHED_MS,
    updatedAtMs: PUBLISHED_MS,
    tags: {},
    versions: [
      {
        id: 'v1',
        document: JSON.stringify({ Version: '2012-10-17', Statement: statement }),
        createdAtMs: PUBLISHED_MS,
      },
    ],
    defaultVersionId: 'v1',
  };
}
