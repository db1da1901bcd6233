/** The function that takes payments in one region, and who hears of those that it was sent and gave up. */
import { Construct } from 'constructs';
import { DUTY_LABEL } from '../../model/labels.js';
import { Function, FunctionEventInvokeConfig } from '../../model/managed/functions.js';
import { NAMES } from '../../model/names.js';
import type { Site } from '../../model/regions.js';
import { ManagedTemplate } from '../template/managed-template.js';
import { ofSameClaim } from '../template/selectors.js';

export class PaymentFunction extends Construct {
  constructor(scope: Construct, site: Site) {
    super(scope, `payments-${site}`);
    // Lambda takes an image only from the ECR of the function's own region.
    const repository =
      `{spec.handler.image.registryId}.dkr.ecr.{spec.regions.${site}}.amazonaws.com/{spec.handler.image.repository}` as const;

    new ManagedTemplate(this, `function-${site}`, Function, {
      named: NAMES.function[site],
      site,
      forProvider: {
        description: 'Takes payments: one record and one audit object for each.',
        packageType: 'Image',
        roleSelector: ofSameClaim({ [DUTY_LABEL]: 'payments' }),
      },
    })
      // The claim has either a tag or a digest: the patch that finds its own is the one that counts.
      .fill('spec.forProvider.imageUri', `${repository}:{spec.handler.image.tag}`)
      .fill('spec.forProvider.imageUri', `${repository}@{spec.handler.image.digest}`)
      .copy('spec.handler.architecture', 'spec.forProvider.architectures[0]', { required: true })
      .copy('spec.handler.memorySizeMiB', 'spec.forProvider.memorySize', { required: true })
      .copy('spec.handler.timeoutSeconds', 'spec.forProvider.timeout', { required: true })
      .fill('spec.forProvider.environment.variables.DYNAMODB_TABLE', NAMES.table, {
        required: true,
      })
      .fill('spec.forProvider.environment.variables.S3_BUCKET', NAMES.bucket[site], {
        required: true,
      })
      .copy(`spec.regions.${site}`, 'spec.forProvider.environment.variables.REGION', {
        required: true,
      })
      .report('status.atProvider.id', `status.${site}.function.name`)
      .report('status.atProvider.region', `status.${site}.region`)
      .report('status.atProvider.arn', `status.${site}.function.arn`);

    new ManagedTemplate(this, `function-event-invoke-${site}`, FunctionEventInvokeConfig, {
      named: NAMES.function[site],
      site,
      forProvider: {},
    })
      .fill('spec.forProvider.functionName', NAMES.function[site], { required: true })
      .copy('spec.handler.asynchronous.retryAttempts', 'spec.forProvider.maximumRetryAttempts', {
        required: true,
      })
      .copy(
        'spec.handler.asynchronous.maximumEventAgeSeconds',
        'spec.forProvider.maximumEventAgeInSeconds',
        { required: true },
      )
      // The ARN that the topic reports, not one put together: Lambda refuses a destination that is not there.
      .copy(
        `status.${site}.topic.arn`,
        'spec.forProvider.destinationConfig.onFailure.destination',
        { required: true },
      );
  }
}
