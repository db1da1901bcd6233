/** Lambda: a function from a container image, and what becomes of events that it was sent without waiting. */
import { list, map, number, object, text } from '../schema.js';
import { arn, id, region, tags, tagsAll } from './fields.js';
import { defineKind } from './kind.js';
import { reference, selector } from './references.js';

export const Function = defineKind({
  kind: 'Function',
  plural: 'functions',
  service: 'lambda',
  clusterVersion: 'v1beta2',
  description: 'A Lambda function.',
  externalName: 'given',
  needs: [],
  refersTo: { role: 'Role' },
  forProvider: object(
    'What is asked of Lambda.',
    {
      region,
      tags,
      description: text('What the function is for.'),
      packageType: text('Image for a container image.'),
      imageUri: text("The image, in ECR of the function's own region."),
      architectures: list('The one architecture of the image.', text('x86_64 or arm64.')),
      role: text('The ARN of the role under which it runs.'),
      roleRef: reference('the Role'),
      roleSelector: selector('the Role'),
      environment: object('What the function finds in its environment.', {
        variables: map('The variables.', text('The value of the variable.')),
      }),
      memorySize: number('Memory in MiB; the share of a processor follows it.'),
      timeout: number('How long one invocation may take, in seconds.'),
      reservedConcurrentExecutions: number(
        'How many may run at once; 0 stops all, -1 is no reservation.',
      ),
    },
    { required: ['region'] },
  ),
  observed: {
    arn,
    id,
    tagsAll,
    codeSha256: text('The digest of the code that runs.'),
    invokeArn: text('The ARN by which API Gateway calls it.'),
    lastModified: text('When it was changed last.'),
    qualifiedArn: text('Its ARN with the version.'),
    version: text('Its version.'),
  },
});

/** `destinationSelector` is not here: in the real provider it finds queues, not topics. */
export const FunctionEventInvokeConfig = defineKind({
  kind: 'FunctionEventInvokeConfig',
  plural: 'functioneventinvokeconfigs',
  service: 'lambda',
  clusterVersion: 'v1beta2',
  description: 'How a Lambda function is invoked asynchronously.',
  externalName: 'assigned',
  needs: ['functionName'],
  forProvider: object(
    'What is asked of Lambda.',
    {
      region,
      functionName: text('The name of the function.'),
      maximumRetryAttempts: number('How often a failed event is tried again, 0 to 2.'),
      maximumEventAgeInSeconds: number('How old an event may become, 60 to 21600.'),
      destinationConfig: object('Who is told.', {
        onFailure: object('Who is told of events that were given up.', {
          destination: text('The ARN of a topic, queue, function or event bus.'),
        }),
      }),
    },
    { required: ['region'] },
  ),
  observed: { id },
});
