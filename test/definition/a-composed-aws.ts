/**
 * A local AWS that has what a claim composes: made by the provider's own calls of what the Composition renders, on a clock that
 * the test moves. There is no Kubernetes in between: a selector is resolved by looking among what was rendered.
 */
import { AwsConnection } from '../../src/local/provider-aws/config/aws-connection.js';
import { EXTERNALS } from '../../src/local/provider-aws/externals.js';
import { EXTERNAL_NAME_ANNOTATION } from '../../src/model/labels.js';
import type { KindName } from '../../src/model/managed/kinds.js';
import type { ManualClock } from '../builders/a-clock.js';
import { at, compose, type Composed } from '../builders/composed.js';
import { converge, regionOf } from '../local/provider-aws/converge.js';
import { ACCOUNT, type AnAws } from '../local/aws/an-aws.js';

const topic = (site: string, region: string) => ({
  topic: { arn: `arn:aws:sns:${region}:${ACCOUNT}:payment-notifications-${site}-dev` },
  bucket: { versioning: 'Enabled' },
});

const STATUS = {
  accountId: ACCOUNT,
  primary: topic('primary', 'us-east-1'),
  secondary: topic('secondary', 'us-west-2'),
};

/** In an order in which each finds what it needs. */
const ORDER: readonly KindName[] = [
  ...(['Role', 'RolePolicy', 'Table', 'Bucket', 'BucketVersioning'] as const),
  ...(['BucketPublicAccessBlock', 'BucketServerSideEncryptionConfiguration'] as const),
  ...(['BucketPolicy', 'BucketLifecycleConfiguration', 'BucketReplicationConfiguration'] as const),
  ...(['Topic', 'TopicPolicy', 'TopicSubscription'] as const),
  ...(['Function', 'FunctionEventInvokeConfig', 'MetricAlarm'] as const),
];

interface Made {
  readonly kind: string;
  readonly labels: unknown;
  readonly name: string;
  readonly arn: unknown;
}

/** Resolves with what was rendered, by the names of the templates. */
export async function composeInto(
  aws: AnAws,
  clock: ManualClock,
  spec: Readonly<Record<string, unknown>> = {},
): Promise<ReadonlyMap<string, Composed>> {
  const resources = await compose({ spec, status: STATUS });
  const connection = new AwsConnection({
    credentials: () => Promise.resolve(aws.credentials),
    endpointOf: (_service, region) => aws.regionUrls.get(region),
    usePathStyle: true,
  });
  const made: Made[] = [];
  try {
    for (const kind of ORDER) {
      for (const resource of resources.values()) {
        if (resource.kind === kind) made.push(await make(resource, made, connection, clock));
      }
    }
  } finally {
    connection.close();
  }
  return resources;
}

async function make(
  resource: Composed,
  made: readonly Made[],
  connection: AwsConnection,
  clock: ManualClock,
): Promise<Made> {
  const external = await EXTERNALS[resource.kind as KindName]();
  const asked = at(resource, 'spec.forProvider') as Record<string, unknown>;
  const forProvider: Record<string, unknown> = { ...asked };
  for (const { field, to, take } of external.references ?? []) {
    const selector = asked[`${field}Selector`];
    if (selector === undefined) continue;
    const wanted = Object.entries(at(selector, 'matchLabels') as Record<string, string>);
    const found = made.find(
      ({ kind, labels }) =>
        to.endsWith(`/${kind}`) &&
        wanted.every(([key, value]) => (labels as Record<string, string>)[key] === value),
    );
    forProvider[field] = take === 'arn' ? found?.arn : found?.name;
    forProvider[`${field}Selector`] = undefined;
  }
  const given = at(resource, `metadata.annotations[${EXTERNAL_NAME_ANNOTATION}]`) as
    string | undefined;
  const target = { name: given ?? '', region: regionOf(forProvider), forProvider };
  const assigned = await external.create(target, connection);
  const name = assigned ?? target.name;
  const pass = () => clock.advance(1000);
  await converge(external, { ...target, name }, connection, pass);
  const seen = await external.observe({ ...target, name }, connection);
  return {
    kind: resource.kind as string,
    labels: at(resource, 'metadata.labels'),
    name,
    arn: seen.exists ? seen.atProvider.arn : undefined,
  };
}
