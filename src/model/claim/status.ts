/** What a claim has: `status`, which answers "what do I have" without a look into AWS. */
import { flag, object, text, type ValueOf } from '../schema.js';

const arnOf = (what: string) => text(`The ARN of ${what}.`);

const tableIn = (where: string) =>
  object(`The table in the ${where} region.`, {
    arn: arnOf('the table'),
    streamArn: arnOf('its stream'),
    deletionProtected: flag(
      'Whether DynamoDB refuses to delete it: it does with dataRetention Retain.',
    ),
  });

const site = (where: string) =>
  object(`What the claim has in the ${where} region.`, {
    region: text('The AWS region.'),
    function: object('The Lambda function that takes payments.', {
      name: text('Its name, by which it is invoked.'),
      arn: arnOf('the function'),
    }),
    bucket: object('The bucket that audit objects are written to.', {
      name: text('Its name.'),
      arn: arnOf('the bucket'),
      versioning: text('Enabled once S3 keeps versions; replication begins after that.'),
    }),
    topic: object('The topic that the alarms of the region speak to.', { arn: arnOf('the topic') }),
    alarms: object('The alarms on the metrics of the region.', {
      lambdaErrorsArn: arnOf('the alarm on errors of the function'),
      undeliveredFailuresArn: arnOf('the alarm on asynchronous payments given up in silence'),
      tableThrottlesArn: arnOf('the alarm on throttled reads and writes of the table'),
      tableReplicationLatencyArn: arnOf('the alarm on records that reach the other region late'),
      auditReplicationLatencyArn: arnOf(
        'the alarm on audit objects that come from the other region late',
      ),
      auditReplicationFailuresArn: arnOf(
        'the alarm on audit objects that were not copied to the other region',
      ),
    }),
  });

/** What is said once there is nothing to wait for. */
export const NOTHING = 'nothing';

/**
 * Crossplane leaves a resource out, without a word, while a value that it needs is not known. So each value is said to be
 * awaited by default, until a patch says that it is there.
 */
const awaited = (what: string, then: string) =>
  text(`Whether ${what} is awaited, and what is made after it.`, { default: `${what}: ${then}` });

const ofTopic = (where: string) =>
  awaited(
    `the topic of the ${where} region`,
    'the alarms there, and the telling of payments given up, are made once it has an ARN (kubectl get managed -A shows the topic)',
  );

const ofVersioning = (where: string) =>
  awaited(
    `versioning of the ${where} audit bucket`,
    'replication, both ways, is made once both buckets keep versions (kubectl get managed -A shows the BucketVersioning)',
  );

const AWAITED = {
  account: awaited(
    'the AWS account',
    'the policies of roles and topics are made once the ARN of the role of the functions tells it (kubectl get managed -A shows the role)',
  ),
  primaryTopic: ofTopic('primary'),
  secondaryTopic: ofTopic('secondary'),
  primaryVersioning: ofVersioning('primary'),
  secondaryVersioning: ofVersioning('secondary'),
};

export const STATUS = object('What the claim has in AWS.', {
  waitsFor: object(
    'What has to be there before the rest can be made. A resource that is made and not ready says itself why.',
    AWAITED,
    {
      default: Object.fromEntries(
        Object.entries(AWAITED).map(([field, schema]) => [field, schema.default]),
      ),
    },
  ),
  accountId: text('The AWS account that all of it is in.'),
  table: object('The DynamoDB table of payments.', {
    name: text('Its name, the same in both regions.'),
    primary: tableIn('primary'),
    secondary: tableIn('secondary'),
  }),
  primary: site('primary'),
  secondary: site('secondary'),
});

export type ClaimStatus = ValueOf<typeof STATUS>;
